// What the editors lack: names for text boxes, and blocks that can be moved without a mouse.

const words = document.currentScript.dataset;

// Focus the first field of a new block.
let added;
document.addEventListener("formset:added", (event) => {
  added = event.target;
  added.querySelector("textarea, select, input:not([type=hidden], [type=checkbox])")?.focus();
});

// The text editor and the autocomplete put boxes of their own before the one that the label belongs to.
function nameBox(box) {
  const editor = box.closest(".prose-editor");
  const original = editor?.parentElement.querySelector("textarea")
    ?? box.closest(".select2-container")?.previousElementSibling;
  const label = original && document.querySelector(`label[for="${original.id}"]`);
  if (!label) return;
  box.setAttribute("aria-label", label.textContent.trim().replace(/:$/, ""));
  if (!editor) return;
  label.addEventListener("click", () => box.focus());
  if (added?.contains(box)) box.focus();
}

// An editor may have been set up before we start watching, and may become a text box only later.
const nameBoxes = () => document.querySelectorAll("[role=textbox]:not([aria-label])").forEach(nameBox);
new MutationObserver(nameBoxes).observe(document.body, { childList: true, subtree: true, attributeFilter: ["role"] });
nameBoxes();

// The block editor announces each block that it sets up; we add buttons that work by keyboard and on a phone.

function asButton(element, label) {
  element.tabIndex = 0;
  element.setAttribute("role", "button");
  if (label) element.setAttribute("aria-label", label);
}

function neighbour(block, step) {
  const blocks = [...document.querySelectorAll(".order-machine .inline-related:not(.empty-form)")]
    .filter((other) => other.dataset.region === block.dataset.region)
    .sort((a, b) => a.style.order - b.style.order);
  return blocks[blocks.indexOf(block) + step];
}

function swap(block, other) {
  const [mine, theirs] = [block, other].map((one) => one.querySelector(".order-machine-ordering"));
  [mine.value, theirs.value] = [theirs.value, mine.value];
  block.style.order = mine.value;
  other.style.order = theirs.value;
}

function moveButton(block, sign, label, step) {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "move-block";
  button.title = label;
  button.setAttribute("aria-label", label);
  button.textContent = sign;
  button.addEventListener("click", (event) => {
    event.stopPropagation(); // a click on the heading would collapse the block
    const other = neighbour(block, step);
    if (other) swap(block, other);
    block.scrollIntoView({ block: "nearest" });
    button.focus();
  });
  return button;
}

document.addEventListener("content-editor:activate", ({ detail: { inline: block } }) => {
  const target = block.querySelector(":scope > .order-machine-insert-target");
  if (target) asButton(target, words.add);
  const heading = block.querySelector(":scope > h3");
  heading?.querySelector(".material-icons")?.setAttribute("aria-hidden", "true");
  if (!heading || heading.querySelector(".move-block")) return;
  const buttons = [moveButton(block, "↑", words.up, -1), moveButton(block, "↓", words.down, 1)];
  heading.querySelector(".inline_label").after(...buttons);
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
