// The preview of a letter: shows how much of it is our wording while it is edited, and has a button to copy it.
// It calculates the same as campaign/letters/similarity.py.
const WINDOW = 32;
const TOO_ALIKE = 0.5;
const ROUNDED_TO = 10;

const windows = (text) => {
  const bytes = new TextEncoder().encode(text.trim().split(/\s+/u).join(" "));
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const parts = new Set();
  for (let start = 0; start < Math.max(latin.length - WINDOW + 1, 1); start += 1) {
    parts.add(latin.slice(start, start + WINDOW));
  }
  return parts;
};

const text = document.getElementById("id_text");
const ours = new Set();
for (const template of JSON.parse(document.getElementById("templates").textContent)) {
  for (const part of windows(template)) ours.add(part);
}

const show = () => {
  const typed = windows(text.value);
  let common = 0;
  for (const part of typed) common += ours.has(part) ? 1 : 0;
  const alike = common / typed.size;
  document.querySelector("#alike meter").value = alike;
  document.getElementById("percent").textContent = Math.floor((100 * common) / typed.size);
  const missing = 2 * common - typed.size + 1;
  document.getElementById("missing").textContent = Math.max(Math.ceil(missing / ROUNDED_TO), 0) * ROUNDED_TO;
  for (const advice of document.querySelectorAll(".alike-advice")) {
    advice.hidden = (advice.dataset.when === "alike") !== (alike >= TOO_ALIKE);
  }
};

let timer;
text.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(show, 150);
});
show(); // the visitor may have typed something before this script loaded

const copy = document.getElementById("copy");
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    copy.textContent = copy.dataset.done;
  });
}
