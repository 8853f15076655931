// A shortcut: "/" moves to the search box, unless somebody is typing.

document.addEventListener("keydown", (event) => {
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, textarea, select, [contenteditable=true]")) return;
  const box = document.getElementById("desk-search") ?? document.getElementById("search-again");
  if (!box) return;
  event.preventDefault();
  box.focus();
});
