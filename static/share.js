// Texts to share: the links send the text as it has been edited, and a button copies it.

for (const list of document.querySelectorAll(".share-texts")) {
  for (const part of list.querySelectorAll(".share-text")) {
    const text = part.querySelector("textarea");
    text.addEventListener("input", () => {
      for (const link of part.querySelectorAll("a[data-start]")) {
        link.href = link.dataset.start + encodeURIComponent(text.value);
      }
    });
    if (navigator.clipboard) {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "button";
      button.textContent = list.dataset.copy;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(text.value);
        button.textContent = list.dataset.copied;
      });
      const item = document.createElement("li");
      item.setAttribute("aria-live", "polite");
      item.append(button);
      part.querySelector("ul").append(item);
    }
  }
}
