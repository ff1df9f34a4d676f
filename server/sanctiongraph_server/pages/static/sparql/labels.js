// What things are called: asked of the endpoint, a batch at a time, each thing once.
"use strict";

(() => {
  const MOST_AT_ONCE = 200;
  const form = document.getElementById("ask");
  const prefixes = JSON.parse(form.dataset.prefixes);
  const { base, language } = form.dataset;
  const known = new Map();

  const rows = async (query) => {
    const answer = await fetch("/sparql", {
      method: "POST",
      headers: { Accept: "application/sparql-results+json" },
      body: new URLSearchParams({ query }),
    });
    return answer.ok ? (await answer.json()).results.bindings : [];
  };

  const ask = async (iris) => {
    const values = iris.map((iri) => `<${iri}>`).join(" ");
    const found = await rows(
      `SELECT ?iri ?label WHERE { VALUES ?iri { ${values} } ?iri rdfs:label ?label }`,
    );
    for (const iri of iris) known.set(iri, "");
    for (const { iri, label } of found) {
      const own = label["xml:lang"] || "en";
      if (own === language || (own === "en" && !known.get(iri.value))) {
        known.set(iri.value, label.value);
      }
    }
  };

  // The labels of these IRIs, as a map; "" where a thing has none.
  const labels = async (iris) => {
    const named = [...new Set(iris)].filter((iri) => /^https?:[^<>"{}|^`\\\s]*$/.test(iri));
    const open = named.filter((iri) => !known.has(iri));
    for (let at = 0; at < open.length; at += MOST_AT_ONCE) {
      await ask(open.slice(at, at + MOST_AT_ONCE));
    }
    return known;
  };

  const shortened = (iri) => {
    let best = "";
    for (const [prefix, namespace] of Object.entries(prefixes)) {
      if (iri.startsWith(namespace) && namespace.length > (prefixes[best] || "").length) {
        best = prefix;
      }
    }
    return best ? `${best}:${iri.slice(prefixes[best].length)}` : iri;
  };

  // Where the gateway has a page of a thing, that leads there.
  const local = (iri) => (iri.startsWith(base) ? `/${iri.slice(base.length)}` : iri);

  window.sanctiongraphNames = { labels, rows, shortened, local, prefixes };
})();
