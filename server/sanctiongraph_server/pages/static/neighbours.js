// Turns the drawing of what is one step away into a graph that can be moved and unfolded.
"use strict";

(() => {
  const { draw, arrange, svg } = window.sanctiongraphGraph;

  const asked = async (thing) => {
    const language = new URLSearchParams(window.location.search).get("lang");
    const given = new URLSearchParams({ thing, ...(language ? { lang: language } : {}) });
    const answer = await fetch(`/neighbours.json?${given}`);
    return answer.ok ? answer.json() : { thing: { iri: thing, text: thing }, beside: [] };
  };

  const elements = ({ thing, beside }) => [
    { data: { id: thing.iri, label: thing.text, href: thing.href } },
    ...beside.map(({ thing: { iri, text, href } }) => ({ data: { id: iri, label: text, href } })),
    ...beside.map(({ thing: { iri }, ways }) => ({
      data: { id: [thing.iri, iri].sort().join(" "), source: thing.iri, target: iri, label: ways.join(", ") },
      classes: "undirected",
    })),
  ];

  const add = (cy, found) => {
    const known = new Set(cy.elements().map((one) => one.id()));
    cy.add(elements(found).filter(({ data }) => !known.has(data.id) && known.add(data.id)));
    arrange(cy);
  };

  const open = async (figure, drawing, thing) => {
    const place = document.createElement("div");
    place.className = "network";
    place.setAttribute("role", "img");
    place.setAttribute("aria-label", "Graph that can be moved; the drawing before has the same with links");
    drawing.after(place);
    drawing.hidden = true;
    const cy = await draw(place, figure.dataset.cytoscape, elements(await asked(thing)));
    cy.getElementById(thing).addClass("first");
    cy.on("tap", "node", async ({ target }) => add(cy, await asked(target.id())));
    cy.on("dbltap", "node", ({ target }) => {
      if (target.data("href")) window.location.href = target.data("href");
    });
    const line = document.createElement("p");
    line.className = "quiet";
    line.textContent = "A click unfolds what is beside a thing; two lead to its page.";
    place.after(line);
    window.sanctiongraphPictures.offer(line, "neighbours", () => svg(cy));
    figure.graph = cy; // for the console, and for tests
  };

  for (const figure of document.querySelectorAll("figure[data-graph][data-cytoscape]")) {
    const drawing = figure.querySelector(".drawing");
    const thing = new URL(figure.dataset.graph, window.location).searchParams.get("thing");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "Move and unfold";
    button.addEventListener("click", () => {
      button.remove();
      open(figure, drawing, thing);
    });
    figure.querySelector("figcaption").append(" · ", button);
  }
})();
