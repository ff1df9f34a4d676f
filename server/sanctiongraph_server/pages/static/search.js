// Suggests names while one types into a search box. Without it the form works as it is.
"use strict";

(() => {
  const MOST = 8;
  const PAUSE = 150; // milliseconds after the last letter

  function enhance(input, number) {
    const list = document.createElement("ul");
    list.className = "suggested";
    list.id = `suggested-${number}`;
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Names that fit");
    list.hidden = true;
    input.parentNode.append(list);
    input.setAttribute("role", "combobox");
    input.setAttribute("aria-autocomplete", "list");
    input.setAttribute("aria-controls", list.id);
    input.setAttribute("aria-expanded", "false");
    let waiting = 0;
    let asked = "";
    let active = -1;

    function close() {
      list.hidden = true;
      active = -1;
      input.setAttribute("aria-expanded", "false");
      input.removeAttribute("aria-activedescendant");
    }

    function choose(which) {
      const options = list.children;
      active = (which + options.length) % options.length;
      for (const [index, option] of [...options].entries()) {
        option.setAttribute("aria-selected", String(index === active));
      }
      input.setAttribute("aria-activedescendant", options[active].id);
      options[active].scrollIntoView({ block: "nearest" });
    }

    function open(option) {
      const language = new URLSearchParams(location.search).get("lang");
      location.href = option.dataset.address + (language ? `?lang=${encodeURIComponent(language)}` : "");
    }

    function show(found) {
      list.replaceChildren(
        ...found.slice(0, MOST).map((one, index) => {
          const option = document.createElement("li");
          option.id = `${list.id}-${index}`;
          option.setAttribute("role", "option");
          option.setAttribute("aria-selected", "false");
          option.dataset.address = `/${one.id}`;
          option.textContent = one.name;
          if (one.description) {
            const kind = document.createElement("span");
            kind.className = "quiet";
            kind.textContent = one.description;
            option.append(kind);
          }
          return option;
        }),
      );
      active = -1;
      list.hidden = list.children.length === 0;
      input.setAttribute("aria-expanded", String(!list.hidden));
      input.removeAttribute("aria-activedescendant");
    }

    async function suggest() {
      const text = input.value.trim();
      asked = text;
      if (text.length < 2) {
        close();
        return;
      }
      try {
        const answer = await fetch(`/reconcile/suggest/entity?prefix=${encodeURIComponent(text)}`);
        if (answer.ok && asked === text && document.activeElement === input) {
          show((await answer.json()).result);
        }
      } catch {
        close(); // the form is still there
      }
    }

    input.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(suggest, PAUSE);
    });
    input.addEventListener("keydown", (event) => {
      if (list.hidden) {
        return;
      }
      if (event.key === "ArrowDown" || event.key === "ArrowUp") {
        event.preventDefault();
        choose(active + (event.key === "ArrowDown" ? 1 : active < 0 ? 0 : -1));
      } else if (event.key === "Enter" && active >= 0) {
        event.preventDefault();
        open(list.children[active]);
      } else if (event.key === "Escape") {
        event.preventDefault();
        close();
      }
    });
    list.addEventListener("mousedown", (event) => {
      event.preventDefault(); // the box keeps the focus
      const option = event.target.closest("[role=option]");
      if (option) {
        open(option);
      }
    });
    input.addEventListener("blur", close);
  }

  document.querySelectorAll('input[name="text"][type="search"]').forEach(enhance);
})();
