// Improvements to the editors: names for text boxes, and adding blocks without a mouse.

const words = document.currentScript.dataset;

// Focus the first field of a new block.
let added;
document.addEventListener("formset:added", (event) => {
  added = event.target;
  added.querySelector("textarea, select, input:not([type=hidden], [type=checkbox])")?.focus();
});

// The text editor and the autocomplete insert their own text boxes before the box that the label names.
function nameBox(box) {
  const editor = box.closest(".prose-editor");
  const original = editor?.parentElement.querySelector("textarea")
    ?? box.closest(".select2-container")?.previousElementSibling;
  const label = original && document.querySelector(`label[for="${original.id}"]`);
  if (!label) return;
  box.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
  if (!editor) {
    label.id ||= `${original.id}_label`;
    box.closest("[role=combobox]")?.setAttribute("aria-labelledby", `${label.id} ${box.id}`);
    return;
  }
  label.addEventListener("click", () => box.focus());
  if (added?.contains(box)) box.focus();
}

// An editor may have been set up before we start watching, and may become a text box only later.
const nameBoxes = () => document.querySelectorAll("[role=textbox]:not([aria-label])").forEach(nameBox);
new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true, attributeFilter: ["role"] });
nameBoxes();

// The block editor sends an event for each block that it sets up. We make the block's buttons work from the keyboard.

function asButton(element, label) {
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  if (label) element.setAttribute("aria-label", label);
}

document.addEventListener("content-editor:activate", ({ detail: { inline: block } }) => {
  const target = block.querySelector(":scope > .order-machine-insert-target");
  if (target) asButton(target, words.add);
  block.querySelector(":scope > h3 .material-icons")?.setAttribute("aria-hidden", "true");
});

document.addEventListener("content-editor:ready", () => {
  asButton(document.querySelector(".order-machine-insert-target.last"), words.addLast);
  for (const choice of document.querySelectorAll(".plugin-buttons .plugin-button")) {
    asButton(choice, choice.title); // not the name of its icon
  }
});

document.addEventListener("keydown", (event) => {
  const button = event.target.closest?.(".order-machine-insert-target, .plugin-buttons .plugin-button");
  if (!button || (event.key !== "Enter" && event.key !== " ")) return;
  event.preventDefault();
  button.click();
  if (button.matches(".selected")) {
    document.querySelector(".plugin-buttons .plugin-button:not(.content-editor-hide)")?.focus();
  }
});
