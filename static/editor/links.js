// Offers our own pages in every box for a link: fields of forms, and the dialog of the text editor.

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
  if (number !== latest) return; // a newer search has been sent
  list.replaceChildren(...pages.map(({ address, title }) => new Option(title, address)));
}

// The list has to be beside the box: a modal dialog makes the rest of the page inert.
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
