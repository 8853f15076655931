/* Shows a preview at the width of a phone, and in dark colours. */

const choice = document.querySelector(".preview-choice");
const frame = document.querySelector(".preview");

choice.hidden = false;
choice.addEventListener("change", () => {
  frame.classList.toggle("is-phone", choice.querySelector("[name=width]:checked").value === "phone");
  frame.classList.toggle("is-dark", choice.querySelector("[name=dark]").checked);
});
