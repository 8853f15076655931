// The preview of a letter: how alike it still is to the template, while it is being changed, and a button that copies it.
// The reckoning is that of actions/letters/similarity.py.
const WINDOW = 32;
const TOO_ALIKE = 0.5;

const windows = (text) => {
  const bytes = new TextEncoder().encode(text.trim().split(/\s+/u).join(" "));
  const latin = Array.from(bytes, (byte) => String.fromCharCode(byte)).join("");
  const found = new Set();
  for (let start = 0; start < Math.max(latin.length - WINDOW + 1, 1); start += 1) {
    found.add(latin.slice(start, start + WINDOW));
  }
  return found;
};

const similarity = (one, other) => {
  let common = 0;
  for (const part of one) common += other.has(part) ? 1 : 0;
  return (2 * common) / (one.size + other.size);
};

const text = document.getElementById("id_text");
const templates = JSON.parse(document.getElementById("templates").textContent).map(windows);

const show = () => {
  const typed = windows(text.value);
  const alike = Math.max(...templates.map((template) => similarity(typed, template)));
  document.querySelector("#alike meter").value = alike;
  document.getElementById("percent").textContent = Math.round(alike * 100);
  for (const advice of document.querySelectorAll(".alike-advice")) {
    advice.hidden = (advice.dataset.when === "alike") !== (alike >= TOO_ALIKE);
  }
};

let waiting;
text.addEventListener("input", () => {
  clearTimeout(waiting);
  waiting = setTimeout(show, 150);
});
show(); // something may have been typed before this script arrived

const copy = document.getElementById("copy");
if (navigator.clipboard) {
  copy.hidden = false;
  copy.addEventListener("click", async () => {
    await navigator.clipboard.writeText(text.value);
    copy.textContent = copy.dataset.done;
  });
}
