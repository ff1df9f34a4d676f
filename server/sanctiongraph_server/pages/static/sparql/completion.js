// Completion in the editor: terms of the graph by name or label, and things by any of their names.
"use strict";

(() => {
  const { rows, shortened, prefixes } = window.sanctiongraphNames;
  const MOST = 60;
  const { language } = document.getElementById("ask").dataset;
  const said = new Map(); // what each suggestion is called
  let terms;

  const readTerms = async () => {
    const found = await rows(`
      SELECT DISTINCT ?term ?label WHERE {
        { SELECT DISTINCT ?term WHERE { ?s ?term ?o } }
        UNION { SELECT DISTINCT ?term WHERE { ?s a ?term } }
        UNION { ?term rdfs:label ?any FILTER(STRSTARTS(STR(?term), "${prefixes.sg}")) }
        OPTIONAL { ?term rdfs:label ?label }
      }`);
    const named = new Map();
    for (const { term, label } of found) {
      if (term.type !== "uri") continue;
      const own = label ? label["xml:lang"] || "en" : "";
      const short = shortened(term.value);
      if (!named.has(short) || own === language) named.set(short, label ? label.value : "");
    }
    return [...named].map(([short, label]) => ({ short, label }));
  };

  // What has exactly this name: of a short one there are many that only hold it.
  const named = async (text) => {
    const found = await rows(`
      SELECT DISTINCT ?thing (SAMPLE(?called) AS ?label) WHERE {
        VALUES ?naming { rdfs:label skos:altLabel skos:notation }
        ?thing ?naming ?name . FILTER(LCASE(STR(?name)) = ${JSON.stringify(text)})
        OPTIONAL { ?thing rdfs:label ?called FILTER(LANG(?called) = "${language}") }
      } GROUP BY ?thing LIMIT 20`);
    return found
      .filter(({ thing }) => thing.type === "uri" && thing.value.startsWith(prefixes.id))
      .map(({ thing, label }) => ({ short: shortened(thing.value), label: label ? label.value : "" }));
  };

  const things = async (text) => {
    const answer = await fetch(`/reconcile/suggest/entity?${new URLSearchParams({ prefix: text })}`);
    if (!answer.ok) return [];
    const { result } = await answer.json();
    return result.map((one) => ({
      short: one.id.replace("/", ":"),
      label: `${one.name}${one.description ? `, ${one.description}` : ""}`,
    }));
  };

  const matching = async (text) => {
    terms ??= await readTerms();
    const asked = text.toLowerCase();
    const bare = asked.replace(/^[a-z]*:/, "");
    const fits = ({ short, label }) =>
      asked.includes(":")
        ? short.toLowerCase().startsWith(asked)
        : short.toLowerCase().includes(asked) || label.toLowerCase().includes(asked);
    const wanted = bare.length > 1 && (!asked.includes(":") || asked.startsWith("id:"));
    const [exactly, alike] = wanted ? await Promise.all([named(bare), things(bare)]) : [[], []];
    const seen = new Set();
    const found = [...terms.filter(fits), ...exactly, ...alike].filter(
      ({ short }) => !seen.has(short) && seen.add(short),
    );
    // What is named so, then what begins so, then the rest; each as it came.
    const rank = ({ short, label }) => {
      const name = short.toLowerCase().replace(/^[a-z]*:/, "");
      if (name === bare) return 0;
      if (name.startsWith(bare)) return 1;
      return label.toLowerCase().startsWith(bare) ? 2 : 3;
    };
    return found.sort((one, other) => rank(one) - rank(other)).slice(0, MOST);
  };

  const graph = {
    name: "graph",
    bulk: false,
    autoShow: false,
    isValidCompletionPosition: (yasqe) => {
      const { string, type } = yasqe.getCompleteToken();
      return string.trim().length > 1 && !/^[?$"'<#]/.test(string) && type !== "comment";
    },
    get: async (_, token) => {
      const found = await matching(token.string.trim());
      for (const { short, label } of found) said.set(short, label);
      return found.map(({ short }) => short);
    },
    postProcessSuggestion: (_yasqe, _token, suggested) => suggested,
    postprocessHints: (_, hints) =>
      hints.map((hint) => ({
        ...hint,
        displayText: [hint.text, said.get(hint.text)].filter(Boolean).join("  "),
      })),
  };

  // Declares our prefixes as they are typed, so that a query works at other endpoints as well.
  const declared = {
    name: "prefixes",
    persistenceId: null,
    get: Object.entries(prefixes).map(([name, iri]) => `${name}: <${iri}>`),
  };

  window.sanctiongraphCompletion = (Yasqe) => {
    Yasqe.forkAutocompleter("prefixes", declared);
    Yasqe.registerAutocompleter(graph);
    return ["prefixes", "variables", "graph"];
  };
})();
