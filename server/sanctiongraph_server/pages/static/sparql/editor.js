// The editor in the place of the text field, and the results below it without loading the page anew.
"use strict";

(() => {
  const { Yasqe, Yasr } = window.Yasgui.default || window.Yasgui;
  const { labels, local, prefixes } = window.sanctiongraphNames;
  const form = document.getElementById("ask");
  const field = document.getElementById("query");
  const place = document.getElementById("editor");
  const shown = document.getElementById("results");
  const after = document.getElementById("after");
  const GRAPHS = { CONSTRUCT: true, DESCRIBE: true };
  const FORMATS = [["csv", "csv"], ["tsv", "tsv"], ["json", "json"], ["xml", "xml"]];
  const GRAPH_FORMATS = [["turtle", "ttl"], ["nt", "nt"], ["jsonld", "jsonld"], ["rdfxml", "rdf"]];

  // The day goes along where the query has a place for it.
  const has_day = () => /\$asOf\b/.test(yasqe.getValueWithoutComments());
  const chosen = () =>
    ["viewpoint", "as_of"]
      .map((name) => ({ name, value: document.getElementById(name).value }))
      .filter(({ name, value }) => value && (name !== "as_of" || has_day()));

  // Our prefixes that the query uses: declared, it works elsewhere as well.
  const declare = () => {
    const text = yasqe.getValueWithoutComments();
    const known = yasqe.getPrefixesFromQuery();
    const used = Object.entries(prefixes).filter(
      ([name]) => !(name in known) && new RegExp(`(?<![\\w:<"'/.-])${name}:[\\w]`).test(text),
    );
    if (used.length) yasqe.addPrefixes(Object.fromEntries(used));
  };

  const parameters = (more = {}) => {
    const pairs = [["query", yasqe.getValue()], ...chosen().map(({ name, value }) => [name, value])];
    return new URLSearchParams([...pairs, ...Object.entries(more)]).toString();
  };

  // An error of the gateway is JSON with what is wrong and what helps.
  const problem = async ({ text }) => {
    const told = document.createElement("p");
    told.setAttribute("role", "alert");
    try {
      const { title, detail } = JSON.parse(text);
      told.textContent = `${title}: ${detail}`;
    } catch {
      told.textContent = text || "The gateway did not answer.";
    }
    return told;
  };

  Yasr.registerPlugin("timeline", window.sanctiongraphChronicle);
  if (form.dataset.cytoscape) Yasr.registerPlugin("graph", window.sanctiongraphNetwork);
  const yasr = new Yasr(shown, {
    persistenceId: null,
    prefixes,
    pluginOrder: ["table", "graph", "timeline", "response"],
    defaultPlugin: "table",
    // Nothing cut off, and no quotation marks.
    plugins: { table: { enabled: true, dynamicConfig: { compact: true, isEllipsed: false } } },
    errorRenderers: [problem],
  });

  const yasqe = new Yasqe(place, {
    value: field.value,
    persistenceId: null,
    createShareableLink: null,
    consumeShareLink: null,
    showQueryButton: false,
    editorHeight: "auto",
    autocompleters: window.sanctiongraphCompletion(Yasqe),
    requestConfig: {
      endpoint: `${window.location.origin}/sparql`,
      method: "POST",
      acceptHeaderSelect: "application/sparql-results+json",
      acceptHeaderGraph: "text/turtle",
      args: chosen,
    },
  });
  yasqe.getInputField().setAttribute("aria-label", "Query");
  yasqe.setOption("viewportMargin", Infinity);

  // A tab key that is caught would keep whoever uses the keyboard in the editor.
  yasqe.setOption("extraKeys", { ...yasqe.getOption("extraKeys"), Tab: false, "Shift-Tab": false });

  const offer = () => {
    const graph = Boolean(GRAPHS[yasqe.getQueryType()]);
    document.getElementById("data").replaceChildren(
      ...(graph ? GRAPH_FORMATS : FORMATS).flatMap(([format, ending], number) => {
        const link = document.createElement("a");
        link.href = `/sparql?${parameters({ format })}`;
        link.download = `query.${ending}`;
        link.textContent = format;
        return number ? [" · ", link] : [link];
      }),
    );
    const language = new URLSearchParams(window.location.search).get("lang");
    const address = `/sparql?${parameters(language ? { lang: language } : {})}`;
    document.getElementById("permalink").href = address;
    window.history.replaceState(null, "", address);
    after.hidden = false;
    fetch(`/sparql/samples?${parameters()}`)
      .then((answer) => (answer.ok ? answer.json() : {}))
      .then((samples) => {
        for (const [name, text] of Object.entries(samples)) {
          document.querySelector(`[data-sample="${name}"]`).textContent = text;
        }
      })
      .catch(() => {});
  };

  // Names of things as tooltips, and links to our own pages of them.
  let waiting;
  const name = async () => {
    const links = [...yasr.resultsEl.querySelectorAll("a.iri, td a, .yasr_results a")].filter(
      (link) => !link.dataset.iri && /^https?:/.test(link.getAttribute("href") || ""),
    );
    for (const link of links) {
      link.dataset.iri = link.getAttribute("href");
      const here = local(link.dataset.iri);
      if (here.startsWith("/")) {
        link.href = here;
        link.removeAttribute("target");
      }
    }
    shown.querySelector("select.tableSizer")?.setAttribute("aria-label", "Rows on a page");
    const found = await labels(links.map((link) => link.dataset.iri));
    for (const link of links) {
      const label = found.get(link.dataset.iri);
      link.title = label ? `${label} <${link.dataset.iri}>` : link.dataset.iri;
    }
  };
  new MutationObserver(() => {
    clearTimeout(waiting);
    waiting = setTimeout(name, 30);
  }).observe(shown, { childList: true, subtree: true });

  const begin = () => {
    shown.hidden = false;
    document.getElementById("found").hidden = true;
    for (const told of document.querySelectorAll("main > [role=alert], .first-rows")) told.remove();
    declare();
    offer();
  };
  const run = () => {
    begin();
    shown.setAttribute("aria-busy", "true");
    return yasqe.query().catch(() => {});
  };

  // What the page came with is not asked for again.
  const show = ({ dataset, textContent }) => {
    begin();
    if (dataset.more) {
      const told = document.createElement("p");
      told.className = "first-rows";
      told.setAttribute("role", "status");
      told.textContent = `The first ${dataset.more} rows: Run gets all.`;
      shown.before(told);
    }
    yasr.setResponse({ data: JSON.parse(textContent), contentType: dataset.type, status: 200 });
  };
  yasqe.on("queryResponse", (_, response, duration) => {
    shown.removeAttribute("aria-busy");
    yasr.setResponse(response, duration);
  });
  yasqe.setOption("extraKeys", {
    ...yasqe.getOption("extraKeys"), "Ctrl-Enter": () => { run(); }, "Cmd-Enter": () => { run(); },
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    run();
  });

  field.hidden = true;
  field.disabled = true;
  place.hidden = false;
  for (const one of document.querySelectorAll(".script-only")) one.hidden = false;
  yasqe.refresh();
  const carried = document.getElementById("carried");
  if (carried) show(carried);
  window.sanctiongraphEditor = { yasqe, yasr };
})();
