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

  for (const place of document.querySelectorAll(".downloads")) {
    const svg = place.querySelector("a");
    const button = document.createElement("button");
    button.type = "button";
    button.className = "plain";
    button.textContent = "PNG";
    button.addEventListener("click", async () => {
      save(await png(svg.href), `${place.dataset.name}.png`);
    });
    place.append(" · ", button);
  }

  window.sanctiongraphPictures = { png, save };
})();
