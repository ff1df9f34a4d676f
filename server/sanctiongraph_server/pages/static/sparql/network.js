// Results as a graph: triples, or of a SELECT the things of a row, the first with each other one.
"use strict";

(() => {
  const MOST = 400;
  const { draw, svg } = window.sanctiongraphGraph;

  const edges = (results) => {
    const names = results.getVariables();
    const is_graph = ["subject", "predicate", "object"].every((name) => names.includes(name));
    const found = [];
    for (const row of results.getBindings() || []) {
      if (is_graph && row.object.type === "uri") {
        found.push({ from: row.subject.value, to: row.object.value, by: row.predicate.value });
      } else if (!is_graph) {
        const things = names.filter((name) => row[name]?.type === "uri");
        for (const name of things.slice(1)) {
          found.push({ from: row[things[0]].value, to: row[name].value, by: name });
        }
      }
    }
    return found.slice(0, MOST);
  };

  window.sanctiongraphNetwork = class Network {
    constructor(yasr) {
      this.yasr = yasr;
      this.label = "Graph";
      this.priority = 5;
    }

    canHandleResults() {
      const { results } = this.yasr;
      return Boolean(results?.getVariables()?.length && edges(results).length);
    }

    async draw() {
      const { labels, shortened, local } = window.sanctiongraphNames;
      const found = edges(this.yasr.results);
      const iris = found.flatMap(({ from, to, by }) => [from, to, by]);
      const named = await labels(iris);
      const called = (iri) => named.get(iri) || shortened(iri);
      const place = document.createElement("div");
      place.className = "network";
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", `Graph of ${found.length} links; the table has the same`);
      this.yasr.resultsEl.append(place);
      const nodes = [...new Set(found.flatMap(({ from, to }) => [from, to]))];
      this.cy = await draw(place, document.getElementById("ask").dataset.cytoscape, [
        ...nodes.map((id) => ({ data: { id, label: called(id) } })),
        ...found.map(({ from, to, by }) => ({ data: { source: from, target: to, label: called(by) } })),
      ]);
      this.cy.on("tap", "node", ({ target }) => {
        const address = local(target.id());
        if (address.startsWith("/")) window.location.href = address;
      });
      window.sanctiongraphPictures.offer(this.yasr.resultsEl, "graph", () => svg(this.cy));
    }

    download(name) {
      return {
        getData: () => svg(this.cy),
        contentType: "image/svg+xml",
        title: "Download the graph as SVG",
        filename: `${name || "graph"}.svg`,
      };
    }

    destroy() {
      this.cy?.destroy();
      this.cy = undefined;
    }

    getIcon() {
      return null;
    }
  };
})();
