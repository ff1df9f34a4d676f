// Results as a graph: triples, or of a SELECT the things of a row, the first with each other one.
"use strict";

(() => {
  const MOST = 400;
  let library;

  const cytoscape = () => {
    library ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = document.getElementById("ask").dataset.cytoscape;
      script.onload = () => done(window.cytoscape);
      script.onerror = failed;
      document.head.append(script);
    });
    return library;
  };

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

  const escaped = (text) =>
    text.replace(/[&<>"]/g, (sign) => ({ "&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;" })[sign]);

  // The drawing as it stands, for a paper.
  const svg = (cy) => {
    const box = cy.elements().boundingBox();
    const [left, top] = [box.x1 - 20, box.y1 - 20];
    const at = (node) => {
      const { x, y } = node.position();
      return [(x - left).toFixed(1), (y - top).toFixed(1)];
    };
    const [width, height] = [Math.ceil(box.w + 40), Math.ceil(box.h + 40)];
    const lines = cy.edges().map((edge) => {
      const [x1, y1] = at(edge.source());
      const [x2, y2] = at(edge.target());
      const [x, y] = [(Number(x1) + Number(x2)) / 2, (Number(y1) + Number(y2)) / 2];
      return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#8a94a5" marker-end="url(#end)"/>` +
        `<text x="${x}" y="${y}" font-size="8" fill="#596273" text-anchor="middle">${escaped(edge.data("label"))}</text>`;
    });
    const dots = cy.nodes().map((node) => {
      const [x, y] = at(node);
      return `<circle cx="${x}" cy="${y}" r="8" fill="#1a5f9e"/>` +
        `<text x="${x}" y="${Number(y) + 19}" font-size="10" text-anchor="middle" fill="#1c2430">${escaped(node.data("label"))}</text>`;
    });
    return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" font-family="system-ui, 'DejaVu Sans', sans-serif">` +
      '<defs><marker id="end" viewBox="0 0 8 8" refX="16" refY="4" markerWidth="7" markerHeight="7" orient="auto"><path d="M0 0 8 4 0 8z" fill="#8a94a5"/></marker></defs>' +
      `<rect width="100%" height="100%" fill="#fff"/>${lines.join("")}${dots.join("")}</svg>`;
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
      const [make, named] = await Promise.all([cytoscape(), labels(iris)]);
      const called = (iri) => named.get(iri) || shortened(iri);
      const place = document.createElement("div");
      place.className = "network";
      place.setAttribute("role", "img");
      place.setAttribute("aria-label", `Graph of ${found.length} links; the table has the same`);
      this.yasr.resultsEl.append(place);
      const nodes = [...new Set(found.flatMap(({ from, to }) => [from, to]))];
      this.cy = make({
        container: place,
        elements: [
          ...nodes.map((id) => ({ data: { id, label: called(id) } })),
          ...found.map(({ from, to, by }) => ({ data: { source: from, target: to, label: called(by) } })),
        ],
        layout: { name: "cose", animate: false, padding: 30, nodeDimensionsIncludeLabels: true, idealEdgeLength: () => 110, nodeRepulsion: () => 20_000 },
        style: [
          { selector: "node", style: { label: "data(label)", "background-color": "#1a5f9e", width: 16, height: 16, "font-size": 10, "text-valign": "bottom", "text-margin-y": 3, color: "#1c2430", "text-wrap": "wrap", "text-max-width": 120 } },
          { selector: "edge", style: { label: "data(label)", width: 1, "line-color": "#8a94a5", "target-arrow-color": "#8a94a5", "target-arrow-shape": "triangle", "curve-style": "bezier", "font-size": 8, color: "#596273", "text-rotation": "autorotate" } },
        ],
      });
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
