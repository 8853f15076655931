// Keeps what an organiser types every few seconds, and says when somebody else is editing.
// Saving works without it too.

const state = document.querySelector("[data-editor]");
const words = state.dataset;
const form = state.closest("form");
const said = state.querySelector("[data-kept]");
const others = state.querySelector("[data-others]");
const edition = form.elements.namedItem("edition").value;
const KEEP_EVERY = 3000;
const TELL_EVERY = 20000;
const TRY_AGAIN_AFTER = 5000;
const SET_UP_WITHIN = 1000;
const SAVED_WITHIN = 15000;

// --- What has changed. Editors and other scripts fill in boxes without events, so we compare what the form holds.

const isKept = ([name]) => name !== "csrfmiddlewaretoken";
const asText = ([name, value]) => [name, value instanceof File ? value.name : value];
const content = () => JSON.stringify([...new FormData(form)].filter(isKept).map(asText));

let begun = words.unsaved ? "" : null; // what the form held before anybody touched it
let kept = null;
const begin = () => {
  begun ??= content();
};
for (const act of ["pointerdown", "keydown", "beforeinput", "paste", "drop"]) {
  document.addEventListener(act, begin, { capture: true, once: true });
}
window.addEventListener("load", () => setTimeout(begin, SET_UP_WITHIN));
const isChanged = () => begun !== null && content() !== begun;

// --- Talking to the site

const DONE = "done";
const TOO_LONG = "too long";
const FAILED = "failed";
let signedOut = false;

async function post(url, body) {
  const headers = { "X-Requested-With": "fetch", Accept: "application/json" };
  const response = await fetch(url, { method: "POST", body, headers, redirect: "manual" }).catch(() => null);
  if (response?.type === "opaqueredirect" || [401, 403].includes(response?.status)) return askToSignIn();
  if (response?.ok) return show(await response.json());
  if (response?.status === 400) return say(words.tooLong, TOO_LONG);
  return say(response?.status === 404 ? words.deleted : words.keptFailed, FAILED);
}

function say(text, outcome) {
  if (said.textContent !== text) said.textContent = text;
  return outcome;
}

function show(answer) {
  if (answer.kept) said.textContent = answer.kept;
  others.textContent = answer.others;
  if (edition && answer.edition !== edition) others.textContent += ` ${words.newer}`;
  return DONE;
}

async function keep() {
  const now = content();
  const body = new FormData(form);
  for (const [name, value] of [...body]) if (value instanceof File) body.delete(name);
  const outcome = await post(words.keep, body);
  if (outcome !== FAILED) kept = now;
  return outcome;
}

let keeping;
function keepChanges() {
  if (keeping || leaving || signedOut || !isChanged() || content() === kept) return;
  keeping = keep().finally(() => {
    keeping = null;
  });
}
setInterval(keepChanges, KEEP_EVERY);
document.addEventListener("visibilitychange", keepChanges); // a phone may end a page that nobody sees

function tell() {
  if (signedOut || !words.presence) return;
  const body = new FormData();
  for (const name of ["csrfmiddlewaretoken", "form_id"]) body.set(name, form.elements.namedItem(name).value);
  post(words.presence, body);
}
tell();
setInterval(tell, TELL_EVERY);

// --- The session has ended: the text stays, and we keep it again after a sign-in in another tab

function askToSignIn() {
  if (!signedOut) {
    signedOut = true;
    const link = document.createElement("a");
    Object.assign(link, { href: words.signInUrl, target: "_blank", textContent: words.signIn });
    said.replaceChildren(`${words.signedOut} `, link);
    setTimeout(renew, TRY_AGAIN_AFTER);
  }
  return FAILED;
}

// A new session has a new CSRF token, which every form on the page needs.
async function renew() {
  const headers = { Accept: "application/json" };
  const response = await fetch(words.tokenUrl, { headers, redirect: "manual" }).catch(() => null);
  if (!response?.ok) return setTimeout(renew, TRY_AGAIN_AFTER);
  const { token } = await response.json();
  for (const box of document.querySelectorAll("[name=csrfmiddlewaretoken]")) box.value = token;
  signedOut = false;
  return isChanged() ? keep() : say(words.signedIn);
}

// --- Saving: keep the text first, in case saving fails; and save only once, however often the button is clicked

let leaving = false;
let isSent = false;

form.addEventListener("submit", async (event) => {
  const button = event.submitter;
  if (button?.formTarget === "preview" || isSent) return;
  event.preventDefault();
  if (leaving) return;
  leaving = true;
  await keeping;
  if ((await keep()) === FAILED) {
    leaving = false;
    said.scrollIntoView({ block: "nearest" });
    return;
  }
  isSent = true;
  form.requestSubmit(button);
  setTimeout(() => {
    leaving = isSent = false; // no answer
  }, SAVED_WITHIN);
});

form.autocomplete = "off"; // Back brings the saved draft, not a mixture of it and what was typed before
window.addEventListener("pageshow", (event) => {
  if (event.persisted && isSent) location.reload();
});
window.addEventListener("beforeunload", (event) => {
  if (isChanged() && !leaving) event.preventDefault();
});
