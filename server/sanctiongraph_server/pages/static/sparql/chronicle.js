// Results as a timeline: the first column of dates is when a row begins, the second when it ends.
"use strict";

(() => {
  const SPACE = "http://www.w3.org/2000/svg";
  const WIDTH = 960;
  const LANE = 26;
  const TOP = 28;
  const LEFT = 12;
  const MOST = 200;
  const DATE = /^(\d{4})(?:-(\d{2}))?(?:-(\d{2}))?/;
  const DAY = 86_400_000;

  // The day that a date begins with, in days; of what is no date, nothing.
  const day = (cell) => {
    const typed = cell && (cell.datatype || "");
    const found = cell && cell.type !== "uri" && DATE.exec(cell.value);
    const is_date = found && (/date|gYear/.test(typed) || cell.value === found[0]);
    if (!is_date || /integer|decimal|double/.test(typed)) return null;
    return Date.UTC(Number(found[1]), Number(found[2] || 1) - 1, Number(found[3] || 1)) / DAY;
  };

  const element = (name, given, text) => {
    const one = document.createElementNS(SPACE, name);
    for (const [key, value] of Object.entries(given)) one.setAttribute(key, value);
    if (text) one.textContent = text;
    return one;
  };

  const columns = (results) => {
    const rows = results.getBindings() || [];
    return results
      .getVariables()
      .filter((name) => rows.some((row) => day(row[name]) !== null))
      .slice(0, 2);
  };

  const draw = (results, labels, shortened) => {
    const [since, until] = columns(results);
    const rest = results.getVariables().filter((name) => name !== since && name !== until);
    const rows = results
      .getBindings()
      .map((row) => ({ row, from: day(row[since]), to: until ? day(row[until]) : null }))
      .filter(({ from }) => from !== null)
      .sort((one, other) => one.from - other.from)
      .slice(0, MOST);
    const ends = rows.flatMap(({ from, to }) => (to === null ? [from] : [from, to]));
    const margin = Math.max(60, (Math.max(...ends) - Math.min(...ends)) / 12);
    const [first, last] = [Math.min(...ends) - margin, Math.max(...ends) + margin];
    const x = (at) => LEFT + ((at - first) / (last - first)) * (WIDTH - 2 * LEFT);
    const height = TOP + rows.length * LANE + 8;
    const svg = element("svg", {
      xmlns: SPACE, viewBox: `0 0 ${WIDTH} ${height}`, width: WIDTH, height, role: "img",
      "aria-label": "Timeline of the rows", class: "chronicle",
      "font-family": "system-ui, 'DejaVu Sans', sans-serif", "font-size": 12,
    });
    svg.append(element("rect", { width: "100%", height: "100%", fill: "#fff" }));
    const years = [new Date(first * DAY).getUTCFullYear() + 1, new Date(last * DAY).getUTCFullYear()];
    const step = [1, 2, 5, 10, 20, 50, 100].find((one) => (years[1] - years[0]) / one <= 18) || 200;
    for (let year = years[0]; year <= years[1]; year += 1) {
      if (year % step) continue;
      const at = x(Date.UTC(year, 0, 1) / DAY).toFixed(1);
      svg.append(element("line", { x1: at, x2: at, y1: 20, y2: height - 4, stroke: "#d3d8e0" }));
      svg.append(element("text", { x: at, y: 14, "text-anchor": "middle", fill: "#596273" }, String(year)));
    }
    rows.forEach(({ row, from, to }, number) => {
      const y = TOP + number * LANE;
      const named = rest
        .map((name) => row[name])
        .filter(Boolean)
        .map((cell) => (cell.type === "uri" ? labels.get(cell.value) || shortened(cell.value) : cell.value))
        .join(" · ");
      const group = element("g", {});
      const when = [row[since].value, to === null ? null : row[until].value].filter(Boolean).join(" to ");
      group.append(element("title", {}, `${when}: ${named}`));
      const begins = x(from);
      if (to === null || to <= from) {
        group.append(element("circle", { cx: begins, cy: y + 10, r: 5, fill: "#14497a" }));
      } else {
        group.append(element("rect", { x: begins, y: y + 3, width: x(to) - begins, height: 14, rx: 2, fill: "#84bdf2" }));
      }
      const right = begins > WIDTH * 0.6;
      const text = named.length > 70 ? `${named.slice(0, 69)}…` : named;
      group.append(element("text", {
        x: right ? begins - 10 : (to === null || to <= from ? begins + 10 : begins + 4), y: y + 14,
        "text-anchor": right ? "end" : "start", fill: "#1c2430",
      }, text));
      svg.append(group);
    });
    return svg;
  };

  window.sanctiongraphChronicle = class Chronicle {
    constructor(yasr) {
      this.yasr = yasr;
      this.label = "Timeline";
      this.priority = 4;
    }

    canHandleResults() {
      return Boolean(this.yasr.results?.getVariables()?.length && columns(this.yasr.results).length);
    }

    async draw() {
      const { labels, shortened } = window.sanctiongraphNames;
      const { results } = this.yasr;
      const iris = results.getBindings().flatMap((row) =>
        Object.values(row).filter((cell) => cell.type === "uri").map((cell) => cell.value));
      const place = document.createElement("div");
      place.className = "drawing scroll";
      place.tabIndex = 0;
      this.svg = draw(results, await labels(iris), shortened);
      place.append(this.svg);
      this.yasr.resultsEl.append(place);
      window.sanctiongraphPictures.offer(this.yasr.resultsEl, "timeline", () => this.text());
    }

    text() {
      return new XMLSerializer().serializeToString(this.svg);
    }

    download(name) {
      return {
        getData: () => this.text(),
        contentType: "image/svg+xml",
        title: "Download the timeline as SVG",
        filename: `${name || "timeline"}.svg`,
      };
    }

    getIcon() {
      return null;
    }
  };
})();
