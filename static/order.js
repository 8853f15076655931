// Lets organisers put rows in order by dragging, with buttons, and with the arrow keys on these buttons.
// There are three kinds: rows of a form (an input.position each), blocks of a page, and lines of a list (form.ordered).

(() => {
  const words = document.currentScript.dataset;
  const STEP = 10;
  const ROWS = ".inline-related:not(.empty-form), form.ordered li";
  const POSITION = ".order-machine-ordering, input.position";
  let dragged;

  // Screen readers announce the text of this element after each move.
  const status = document.createElement("div");
  status.setAttribute("role", "status");
  status.className = "move-status";
  document.addEventListener("DOMContentLoaded", () => document.querySelector("#content, main")?.append(status));

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  const isBlock = (row) => row.matches(".order-machine *");
  const positionOf = (row) => Number(row.querySelector(POSITION)?.value || Infinity);
  const numberOf = (row) => Number(row.id.match(/\d+$/)?.[0] ?? Infinity);

  function rowsBeside(row) {
    const rows = [...row.parentElement.children].filter((other) => other.matches(ROWS));
    if (!isBlock(row)) return rows;
    const near = rows.filter((other) => other.dataset.region === row.dataset.region);
    return near.sort((a, b) => a.style.order - b.style.order);
  }

  // Return a name for a row: the first words in its text boxes, saved or not.
  function nameOf(row) {
    const boxes = [...row.querySelectorAll("input[type=text]:not(.select2-search__field), textarea:not([aria-label])")];
    const texts = boxes.map((box) => new DOMParser().parseFromString(box.value, "text/html").body.textContent.trim());
    const label = row.querySelector(".name, .inline_label")?.firstChild?.textContent ?? "";
    return (texts.find(Boolean) || label.trim()).slice(0, 60);
  }

  function nameButtons(row) {
    for (const button of row.querySelectorAll("button.move")) {
      button.setAttribute("aria-label", fill(words[button.name], { row: nameOf(row) }));
    }
  }

  function number(rows) {
    rows.forEach((row, index) => {
      const box = row.querySelector(POSITION);
      if (box) box.value = (index + 1) * STEP;
      if (isBlock(row)) row.style.order = box.value;
    });
  }

  // Move a row to a place among the rows beside it, counted from 0.
  function moveTo(row, place) {
    const rows = rowsBeside(row);
    const others = rows.filter((other) => other !== row);
    if (place >= 0 && place < rows.length && rows.indexOf(row) !== place) {
      if (!isBlock(row)) place ? others[place - 1].after(row) : others[0].before(row);
      others.splice(place, 0, row);
      number(others);
      row.dispatchEvent(new Event("change", { bubbles: true }));
      save(row.closest("form.ordered"));
    }
    row.scrollIntoView({ block: "nearest" });
    const now = rowsBeside(row);
    status.textContent = fill(words.moved, { place: now.indexOf(row) + 1, count: now.length });
  }

  // In a list, save each move at once, and one move after another.
  let saved = Promise.resolve();
  function save(form) {
    if (!form) return;
    const body = new FormData(form);
    saved = saved.then(async () => {
      const answer = await fetch(location.href, { method: "POST", body }).catch(() => null);
      await answer?.text();
      if (answer?.ok && new URL(answer.url).pathname === location.pathname) return;
      status.textContent = words.failed;
      status.classList.add("errornote");
    });
  }

  function press(button, step) {
    const row = button.closest(ROWS);
    moveTo(row, rowsBeside(row).indexOf(row) + step);
    button.focus();
  }

  document.addEventListener("click", (event) => {
    const button = event.target.closest("button.move");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation(); // otherwise a click on a block's heading would collapse the block
    press(button, button.name === "up" ? -1 : 1);
  }, { capture: true });

  document.addEventListener("keydown", (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!step || !event.target.matches("button.move")) return;
    event.preventDefault();
    press(event.target, step);
  });

  document.addEventListener("input", (event) => {
    const row = event.target.closest(".ordered-row");
    if (row) nameButtons(row);
  });

  function makeButton(name, sign) {
    const button = document.createElement("button");
    Object.assign(button, { type: "button", className: "move", name, textContent: sign });
    return button;
  }

  // The block editor already lets people drag blocks; this makes other rows draggable.
  function makeDraggable(row, handle) {
    handle.draggable = true;
    handle.addEventListener("dragstart", (event) => {
      dragged = row;
      event.dataTransfer.effectAllowed = "move";
      event.dataTransfer.setData("text/plain", "");
    });
    row.addEventListener("dragover", (event) => {
      if (dragged?.parentElement === row.parentElement) event.preventDefault();
    });
    row.addEventListener("drop", (event) => {
      if (dragged?.parentElement !== row.parentElement) return;
      event.preventDefault();
      moveTo(dragged, rowsBeside(row).indexOf(row));
      dragged = null;
    });
  }

  function setUp(row) {
    if (!row.matches(ROWS) || row.classList.contains("ordered-row")) return;
    const isLine = row.matches("li");
    if (!isLine && !row.querySelector(POSITION)) return;
    row.classList.add("ordered-row");
    const heading = isLine ? row : row.querySelector(":scope > h3");
    if (!isLine) heading.querySelector(".inline_label").after(makeButton("up", "↑"), makeButton("down", "↓"));
    if (!isBlock(row)) makeDraggable(row, heading);
    row.querySelector("input.position")?.closest(".form-row").classList.add("has-buttons");
    nameButtons(row);
  }

  // Django lists new rows last in a form with errors, wherever organisers had moved them: restore the order.
  const sort = (rows, key) => [...rows].sort((a, b) => key(a) - key(b)).forEach((row, index, all) => {
    if (index) all[index - 1].after(row);
    else all[0].parentElement.querySelector(".inline-related")?.before(row);
  });
  const groups = () => [...document.querySelectorAll(".inline-group:has(input.position)")];
  const rowsIn = (group) => [...group.querySelectorAll(".inline-related:not(.empty-form)")];

  // When somebody removes a row, Django renumbers the rows of the form, and expects saved rows first.
  document.addEventListener("click", (event) => {
    const group = event.target.closest(".inline-deletelink") && event.target.closest(".inline-group");
    if (group?.querySelector("input.position")) sort(rowsIn(group), numberOf);
  }, { capture: true });
  document.addEventListener("formset:removed", () => groups().forEach((group) => sort(rowsIn(group), positionOf)));
  document.addEventListener("formset:added", (event) => setUp(event.target));
  document.addEventListener("content-editor:activate", ({ detail }) => setUp(detail.inline));
  document.addEventListener("DOMContentLoaded", () => {
    groups().forEach((group) => sort(rowsIn(group), positionOf));
    document.querySelectorAll(ROWS).forEach((row) => setUp(row));
  });
})();
