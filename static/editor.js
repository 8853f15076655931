// Every few seconds, keeps the text that an organiser has typed, and says when somebody else is editing.
// Saving also works without this script.

const state = document.querySelector("[data-editor]");
const words = state.dataset;
const form = state.closest("form");
const said = form.querySelector("[data-kept]");
const others = state.querySelector("[data-others]");
const edition = form.elements.namedItem("edition").value;
const TOKEN = "csrfmiddlewaretoken";
const KEEP_EVERY = 3000;
const TELL_EVERY = 20000;
const TRY_AGAIN_AFTER = 5000;
const SET_UP_WITHIN = 1000;
const SAVED_WITHIN = 15000;
const PROBLEM = ".errorlist, .conflict";

// --- After saving, browsers scroll back to the organiser's place in the form: repeat the outcome of saving there.

const answer = document.querySelector(".messagelist")?.textContent.trim();
const repeat = () => said.textContent || (said.textContent = answer);
if (answer && scrollY > 0) repeat();
else if (answer) document.addEventListener("scroll", repeat, { once: true });

// --- After a refusal, show the first problem, wherever the organiser was in the form.

const problem = form.querySelector(PROBLEM);
if (problem) {
  said.textContent = words.refused;
  const place = new URLSearchParams(location.hash.slice(1));
  place.delete("scrollY"); // or the content editor would scroll away from the problem
  history.replaceState(null, "", `#${place}`);
  window.addEventListener("load", () => {
    form.querySelector("[aria-invalid=true]")?.focus();
    problem.scrollIntoView({ block: "center" });
  });
}

// --- Changes. Editors and other scripts fill in boxes without events, so we compare the contents of the form.

const isKept = ([name]) => name !== TOKEN;
const asText = ([name, value]) => [name, value instanceof File ? value.name : value];
const content = () => JSON.stringify([...new FormData(form)].filter(isKept).map(asText));

let begun = words.unsaved ? "" : null; // the contents of the form before anybody touched it
let kept = null;
const begin = () => {
  begun ??= content();
};
for (const act of ["pointerdown", "keydown", "beforeinput", "paste", "drop"]) {
  document.addEventListener(act, begin, { capture: true, once: true });
}
window.addEventListener("load", () => setTimeout(begin, SET_UP_WITHIN));
const isChanged = () => begun !== null && content() !== begun;

// --- Requests to the site

const DONE = "done";
const TOO_LONG = "too long";
const FAILED = "failed";
const TYPED = "fetch"; // somebody is working, which extends the session
const BY_ITSELF = "timer";
let signedOut = false;

const send = (url, body, sentBy) => {
  const headers = { "X-Requested-With": sentBy, Accept: "application/json" };
  return fetch(url, { method: body ? "POST" : "GET", body, headers, redirect: "manual" }).catch(() => null);
};
const isRefused = (response) => response?.type === "opaqueredirect" || [401, 403].includes(response?.status);

async function post(url, body, sentBy) {
  let response = await send(url, body, sentBy);
  if (isRefused(response)) {
    if (!(await isSignedIn())) return FAILED;
    body.set(TOKEN, form.elements.namedItem(TOKEN).value);
    response = await send(url, body, sentBy);
  }
  if (response?.ok) return show(await response.json());
  if (response?.status === 400) return say(words.tooLong, TOO_LONG);
  return say({ 403: words.forbidden, 404: words.deleted }[response?.status] ?? words.keptFailed, FAILED);
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
  const outcome = await post(words.keep, body, TYPED);
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
document.addEventListener("visibilitychange", keepChanges); // a phone may close a page in the background

function tell() {
  if (signedOut || !words.presence) return;
  const body = new FormData();
  for (const name of [TOKEN, "form_id"]) body.set(name, form.elements.namedItem(name).value);
  post(words.presence, body, BY_ITSELF);
}
tell();
setInterval(tell, TELL_EVERY);

// --- When the session has ended: the text stays in the form, and we keep it once the organiser has signed in elsewhere

let asking;
let asked;
function askToSignIn(text) {
  if (!signedOut || asked !== text) {
    const link = document.createElement("a");
    Object.assign(link, { href: words.signInUrl, target: "_blank", textContent: words.signIn });
    said.replaceChildren(`${text} `, link);
  }
  signedOut = true;
  asked = text;
  clearTimeout(asking);
  asking = setTimeout(goOn, TRY_AGAIN_AFTER);
}

// A new session has a new token, which every form on the page needs. Nobody but the same organiser may continue.
async function isSignedIn() {
  const response = await send(words.session, null, TYPED);
  const answer = response?.ok ? await response.json() : null;
  if (answer?.username !== words.username) {
    askToSignIn(answer ? words.somebodyElse : words.signedOut);
    return false;
  }
  for (const box of document.getElementsByName(TOKEN)) box.value = answer.csrf_token;
  clearTimeout(asking);
  signedOut = false;
  return true;
}

async function goOn() {
  if (!(await isSignedIn())) return FAILED;
  return isChanged() ? keep() : say(words.signedIn);
}

// --- Saving: keep the text first, in case saving fails, and save only once, however often somebody clicks the button

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
  say(words.saving);
  form.requestSubmit(button);
  setTimeout(() => {
    leaving = isSent = false;
    say(words.noAnswer);
  }, SAVED_WITHIN);
});

form.autocomplete = "off"; // so that Back shows the saved draft, not a mixture of the draft and earlier text
window.addEventListener("pageshow", (event) => {
  if (event.persisted && isSent) location.reload();
});
window.addEventListener("beforeunload", (event) => {
  if (isChanged() && !leaving) event.preventDefault();
});
