// Moves the line of a drawn timeline by a slider, and says what holds on its day.
"use strict";

(() => {
  const svg = document.querySelector("svg.timeline");
  const slider = document.querySelector(".slider");
  if (!svg || !slider) return;
  const days = (iso) => Math.round(Date.parse(iso + "T00:00:00Z") / 86_400_000);
  const iso = (day) => new Date(day * 86_400_000).toISOString().slice(0, 10);
  const { first, last, left, right } = svg.dataset;
  const [from, to] = [days(first), days(last)];
  const input = slider.querySelector("input");
  const said = slider.querySelector("output");
  const leads = slider.querySelector("a");
  const marker = svg.querySelector(".marker");
  const bars = [...svg.querySelector(".lane").querySelectorAll(".bar")];
  const begun = Number(marker.getAttribute("transform").match(/translate\(([\d.]+)/)[1]);

  const show = (day) => {
    const name = iso(day);
    const part = (day - from) / Math.max(1, to - from);
    const x = Number(left) + part * (Number(right) - Number(left));
    marker.setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
    const holds = bars.find(
      ({ dataset: one }) => (!one.since || one.since <= name) && (!one.until || name < one.until),
    );
    said.textContent = `${name}: ${holds ? holds.dataset.said : ""}`;
    input.setAttribute("aria-valuetext", said.textContent);
    leads.href = slider.dataset.address.replace("DAY", name);
  };

  input.max = String(to - from);
  input.value = String(
    Math.round(((begun - Number(left)) / (Number(right) - Number(left))) * (to - from)),
  );
  input.addEventListener("input", () => show(from + Number(input.value)));
  slider.hidden = false;
  show(from + Number(input.value));
})();
