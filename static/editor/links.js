// Suggests our own pages in every text box for a link: in forms, and in the text editor's dialog.

const script = document.currentScript;
const list = document.body.appendChild(document.createElement("datalist"));
list.id = "our-pages";
let latest = 0;
let waiting;

async function offer(term) {
  const number = ++latest;
  const answer = await fetch(`${script.dataset.pages}?q=${encodeURIComponent(term)}`);
  if (!answer.ok) return;
  const { pages } = await answer.json();
  if (number !== latest) return; // there has been a newer search
  list.replaceChildren(...pages.map(({ address, title }) => new Option(title, address)));
}

// The list must be beside the box, because a modal dialog makes the rest of the page inert.
function attach(box) {
  if (box.getAttribute("list")) return;
  box.setAttribute("list", list.id);
  box.setAttribute("autocomplete", "off");
  box.addEventListener("focus", () => {
    box.after(list);
    offer(box.value);
  });
  box.addEventListener("input", () => {
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(box.value), 150);
  });
}

function attachAll() {
  document.querySelectorAll("input[data-link]").forEach(attach);
  for (const box of document.querySelectorAll(".prose-editor-dialog input[name=href]")) {
    if (box.getAttribute("list")) continue;
    box.closest(".prose-editor-dialog-field").querySelector("label").textContent = script.dataset.label;
    attach(box);
    if (box === document.activeElement) {
      box.after(list);
      offer(box.value);
    }
  }
}

new MutationObserver(attachAll).observe(document.body, { childList: true, subtree: true });
attachAll();
