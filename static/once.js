// Sends a form only once, however often somebody clicks its button.

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.isSent) event.preventDefault();
  if (form.method === "post") form.dataset.isSent = "yes";
});
window.addEventListener("pageshow", () => {
  for (const form of document.forms) delete form.dataset.isSent; // Back shows the page in its old state
});
