// Adds to a link to an SVG file one that saves the same picture as PNG, made in the browser.
"use strict";

(() => {
  const SCALE = 2;

  const png = async (address) => {
    const picture = new Image();
    picture.src = address;
    await picture.decode();
    const canvas = document.createElement("canvas");
    canvas.width = picture.naturalWidth * SCALE;
    canvas.height = picture.naturalHeight * SCALE;
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  };

  const save = (blob, name) => {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10_000);
  };

  const button = (text, act) => {
    const one = document.createElement("button");
    one.type = "button";
    one.className = "plain";
    one.textContent = text;
    one.addEventListener("click", act);
    return one;
  };

  // Below a picture that a script drew: both files of it, from what gives its SVG.
  const offer = (place, name, text) => {
    const line = document.createElement("p");
    line.className = "quiet";
    const svg = () => new Blob([text()], { type: "image/svg+xml" });
    const address = () => `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text())}`;
    line.append(
      "Picture: ",
      button("SVG", () => save(svg(), `${name}.svg`)),
      " · ",
      button("PNG", async () => save(await png(address()), `${name}.png`)),
    );
    place.append(line);
  };

  for (const place of document.querySelectorAll(".downloads")) {
    const svg = place.querySelector("a");
    const made = async () => save(await png(svg.href), `${place.dataset.name}.png`);
    place.append(" · ", button("PNG", made));
  }

  window.sanctiongraphPictures = { png, save, offer };
})();
