/* Shows a preview at the width of a phone, and in light or dark colours, whatever the organiser's own browser prefers.
   A frame follows the preference of the whole browser, so we switch the rules of its style sheets on or off. */

const choice = document.querySelector(".preview-choice");
const frame = document.querySelector(".preview");
const PREFERS = /\(\s*prefers-color-scheme\s*:\s*(dark|light)\s*\)/;

const recolour = (rules, scheme) => {
  for (const rule of rules) {
    if (rule.media) {
      rule.wanted ??= PREFERS.exec(rule.media.mediaText)?.[1];
      if (rule.wanted) rule.media.mediaText = rule.wanted === scheme ? "all" : "not all";
    }
    if (rule.cssRules) recolour(rule.cssRules, scheme);
  }
};

const show = () => {
  frame.classList.toggle("is-phone", choice.querySelector("[name=width]:checked").value === "phone");
  const scheme = choice.querySelector("[name=dark]").checked ? "dark" : "light";
  for (const sheet of frame.contentDocument.styleSheets) recolour(sheet.cssRules, scheme);
  frame.contentDocument.documentElement.style.colorScheme = scheme;
};

choice.hidden = false;
choice.addEventListener("change", show);
frame.addEventListener("load", show);
if (frame.contentDocument?.readyState === "complete") show();

// Mark the frame that has the keyboard focus, because browsers don't.
const markFocus = () => {
  for (const one of document.querySelectorAll(".preview")) one.classList.toggle("has-focus", one === document.activeElement);
};
window.addEventListener("blur", markFocus);
window.addEventListener("focus", markFocus);
