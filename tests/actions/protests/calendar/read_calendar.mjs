// Prints when the events that aren't cancelled start, as ical.js or node-ical reads a calendar: seconds, as JSON.
// Usage: node read_calendar.mjs <folder with node_modules> <ical.js or node-ical> <from> <until> < calendar.ics

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { pathToFileURL } from "node:url";

const [folder, program, from, until] = process.argv.slice(2);
const require = createRequire(pathToFileURL(`${folder}/`));
const text = readFileSync(0, "utf8");
const [since, end] = [Number(from), Number(until)];

function byIcalJs({ default: ICAL }) {
  const calendar = new ICAL.Component(ICAL.parse(text));
  for (const zone of calendar.getAllSubcomponents("vtimezone")) ICAL.TimezoneService.register(zone);
  return calendar.getAllSubcomponents("vevent").flatMap((component) => {
    if (component.getFirstPropertyValue("status") === "CANCELLED") return [];
    const steps = new ICAL.Event(component).iterator();
    const starts = [];
    for (let next = steps.next(); next && next.toUnixTime() <= end; next = steps.next()) starts.push(next.toUnixTime());
    return starts;
  });
}

function byNodeIcal(ical) {
  const events = Object.values(ical.sync.parseICS(text)).filter((one) => one.type === "VEVENT");
  return events.filter((one) => one.status !== "CANCELLED").flatMap((event) => {
    if (!event.rrule) return [event.start.getTime() / 1000];
    const options = { from: new Date(since * 1000), to: new Date(end * 1000) };
    return ical.expandRecurringEvent(event, options).map((one) => one.start.getTime() / 1000);
  });
}

const library = program === "ical.js" ? await import(pathToFileURL(require.resolve("ical.js"))) : require("node-ical");
const starts = program === "ical.js" ? byIcalJs(library) : byNodeIcal(library);
console.log(JSON.stringify(starts.filter((start) => start >= since && start <= end).sort((a, b) => a - b)));
