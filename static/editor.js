/* Keeps what an organiser types, and says when somebody else is editing. Without scripts, saving works all the same. */

const state = document.querySelector("[data-editor]");
const form = state?.closest("form");
const KEEP_AFTER = 3000;
const TELL_EVERY = 20000;

if (form) {
  const kept = state.querySelector("[data-kept]");
  const others = state.querySelector("[data-others]");
  const edition = form.elements.edition.value;
  let changed = false;
  let leaving = false;
  let timer;

  const send = async (url, body) => {
    const headers = { "X-Requested-With": "fetch", Accept: "application/json" };
    const response = await fetch(url, { method: "POST", body, headers, redirect: "manual" });
    if (response.type === "opaqueredirect" || response.status === 401 || response.status === 403) return signedOut();
    if (!response.ok) throw new Error(String(response.status));
    show(await response.json());
  };

  const show = (answer) => {
    if (answer.kept) kept.textContent = answer.kept;
    others.textContent = answer.others || "";
    if (edition && answer.edition && answer.edition !== edition) others.textContent += ` ${state.dataset.newer}`;
  };

  const keep = () =>
    send(state.dataset.keep, new FormData(form)).catch(() => {
      kept.textContent = state.dataset.keptFailed;
      timer = setTimeout(keep, 2 * KEEP_AFTER);
    });

  const signedOut = () => {
    const link = document.createElement("a");
    Object.assign(link, { href: state.dataset.signInUrl, target: "_blank", textContent: state.dataset.signIn });
    kept.replaceChildren(`${state.dataset.signedOut} `, link);
    window.addEventListener("focus", renew, { once: true });
  };

  /* A new session has a new token, which every form on the page needs. */
  const renew = async () => {
    const response = await fetch(state.dataset.tokenUrl, { headers: { Accept: "application/json" }, redirect: "manual" });
    if (!response.ok) return signedOut();
    const { token } = await response.json();
    for (const field of document.querySelectorAll("[name=csrfmiddlewaretoken]")) field.value = token;
    return keep();
  };

  const note = () => {
    changed = true;
    clearTimeout(timer);
    timer = setTimeout(keep, KEEP_AFTER);
  };

  for (const event of ["input", "change"]) form.addEventListener(event, note);
  new MutationObserver(note).observe(form, { subtree: true, attributeFilter: ["value"] });

  form.addEventListener("submit", (event) => {
    if (event.submitter?.formTarget === "preview") return;
    if (leaving) event.preventDefault(); /* a second click */
    leaving = true;
    clearTimeout(timer);
  });
  window.addEventListener("pageshow", () => {
    leaving = false; /* Back brings the page as it was */
  });
  window.addEventListener("beforeunload", (event) => {
    if (changed && !leaving) event.preventDefault();
  });

  if (state.dataset.presence) {
    const about = () => {
      const body = new FormData();
      for (const name of ["csrfmiddlewaretoken", "form_id"]) body.set(name, form.elements[name].value);
      return body;
    };
    const tell = () => send(state.dataset.presence, about()).catch(() => {});
    tell();
    setInterval(tell, TELL_EVERY);
  }
}
