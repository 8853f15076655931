// Leaves the page at once, by the link or by pressing Shift three times, and puts the other site in its place in the
// history, so that "Back" does not return to it. Without scripts the link still leads away.
const link = document.getElementById("exit");
const KEYS = 3;
const WITHIN = 5000; // milliseconds between the first and the last
let presses = [];

function leave(event) {
  event?.preventDefault();
  // The other site may be slow: show nothing of this one meanwhile.
  document.title = link.hostname;
  document.body.hidden = true;
  location.replace(link.href);
}

function countKeys(event) {
  if (event.key !== "Shift") {
    presses = [];
  } else if (!event.repeat) {
    presses = [...presses, event.timeStamp].filter((at) => event.timeStamp - at < WITHIN);
    if (presses.length === KEYS) leave();
  }
}

// A browser that keeps the page in memory could show it again, empty, or with what was typed in it.
function comeBack(event) {
  if (event.persisted && document.body.hidden) location.replace(link.href);
}

link.addEventListener("click", leave);
document.addEventListener("keydown", countKeys);
addEventListener("pageshow", comeBack);
document.getElementById("exit-keys").hidden = false;
