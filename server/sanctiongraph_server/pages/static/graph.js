// Graphs that can be moved: the library is fetched when the first one is drawn.
"use strict";

(() => {
  let library;

  const fetched = (address) => {
    library ??= new Promise((done, failed) => {
      const script = document.createElement("script");
      script.src = address;
      script.onload = () => done(window.cytoscape);
      script.onerror = failed;
      document.head.append(script);
    });
    return library;
  };

  const STYLE = [
    {
      selector: "node",
      style: {
        label: "data(label)", "background-color": "#1a5f9e", width: 16, height: 16, color: "#1c2430",
        "font-size": 10, "text-valign": "bottom", "text-margin-y": 3, "text-wrap": "wrap", "text-max-width": 120,
      },
    },
    { selector: "node.first", style: { "background-color": "#9b1c1c", width: 22, height: 22 } },
    {
      selector: "edge",
      style: {
        label: "data(label)", width: 1, "line-color": "#8a94a5", "curve-style": "bezier", color: "#596273",
        "font-size": 8, "text-rotation": "autorotate", "target-arrow-color": "#8a94a5", "target-arrow-shape": "triangle",
      },
    },
    { selector: "edge.undirected", style: { "target-arrow-shape": "none" } },
  ];
  const LAYOUT = {
    name: "cose", animate: false, padding: 30, nodeDimensionsIncludeLabels: true,
    idealEdgeLength: () => 110, nodeRepulsion: () => 20_000,
  };

  // A graph in a place of the page; ``address`` is that of the library.
  const draw = async (place, address, elements) => {
    const make = await fetched(address);
    return make({ container: place, elements, layout: LAYOUT, style: STYLE });
  };

  // Puts everything anew where it has room, when something was added.
  const arrange = (cy) => cy.layout(LAYOUT).run();

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
      return `<line x1="${x1}" y1="${y1}" x2="${x2}" y2="${y2}" stroke="#8a94a5"${edge.hasClass("undirected") ? "" : ' marker-end="url(#end)"'}/>` +
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

  window.sanctiongraphGraph = { draw, arrange, svg };
})();
