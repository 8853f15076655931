// Reduces pasted HTML to the parts that the editor keeps: headings, paragraphs, lists, quotations, links, bold,
// italics, line breaks, and the text of tables. We parse the source as an inert document, so that the browser fetches
// and runs nothing in it, and read its styles as text, because our content security policy would change their meaning.

const DROPPED = new Set(["HEAD", "STYLE", "SCRIPT", "TITLE", "META", "LINK", "TEMPLATE", "NOSCRIPT", "XML", "DEL"]);
const OTHER = new Set(["IFRAME", "VIDEO", "AUDIO", "OBJECT", "EMBED", "CANVAS", "INPUT", "SELECT", "TEXTAREA", "BUTTON"]);
const BLOCKS = new Set(["P", "DIV", "SECTION", "ARTICLE", "HEADER", "FOOTER", "MAIN", "ASIDE", "NAV", "ADDRESS", "PRE",
  "FIGURE", "FIGCAPTION", "DL", "DT", "DD", "CENTER", "HR", "FORM", "FIELDSET", "DETAILS", "SUMMARY", "BODY"]);
const LISTS = new Set(["UL", "OL"]);
const SPACES = /[ \t\n\r\f]+/g;
const BLANK = /^[\s\u00a0\u200b\ufeff]*$/;
const NUMBER = /^\s*\(?(?:\d+|[ivxlcdm]+|[a-z])[.)]/i; // "1.", "a)" or "(iv)" before an item in Word, not a bullet
const COLOURLESS = /^(?:black|white|windowtext|window|auto|inherit|initial|unset|none|transparent|currentcolor)$/;
const STYLES = /<(style|script)\b[\s\S]*?<\/\1\s*>/gi;
const TAG = /<[a-z](?:"[^"]*"|'[^']*'|[^'">])*>/gi;
const REPORTED = /("[^"]*"|'[^']*')|(?<=[\s"'])(style|on[a-z]+)(?=\s*=)/gi;
const EMOJI = /^\p{Extended_Pictographic}/u;

const styleOf = (element) => element.getAttribute("data-style") ?? "";

function property(style, name) {
  const found = new RegExp(`(?:^|[;\\s])${name}\\s*:\\s*([^;]+)`, "i").exec(style);
  return found ? found[1].trim().toLowerCase() : "";
}

// Return the marks of an element's text, from its tag, its style and the marks around it.
function marksOf(element, around) {
  const style = styleOf(element);
  const weight = property(style, "font-weight");
  const slant = property(style, "font-style");
  const marks = { ...around };
  if (weight) marks.bold = /^bold/.test(weight) || Number.parseInt(weight, 10) >= 600;
  else if (/^(?:B|STRONG)$/.test(element.tagName)) marks.bold = true;
  if (slant) marks.italic = /^(?:italic|oblique)/.test(slant);
  else if (/^(?:I|EM|CITE|DFN)$/.test(element.tagName)) marks.italic = true;
  return marks;
}

// Return whether a value is a colour other than black, white or grey, which are usual for text.
function isColour(value) {
  if (!value || COLOURLESS.test(value)) return false;
  const hex = /^#([0-9a-f]{3}|[0-9a-f]{6})$/.exec(value)?.[1];
  const parts = hex ? hex.match(hex.length === 3 ? /./g : /../g) : value.match(/[\d.]+%?/g);
  return !parts || parts.length < 3 || new Set(parts.slice(0, 3)).size > 1;
}

// Return an address that a link may have, without redirects through Google or Outlook, or "".
function target(href) {
  let address = href.trim();
  try {
    const url = new URL(address);
    const isGoogle = /(?:^|\.)google\.[a-z.]+$/.test(url.hostname) && url.pathname === "/url";
    const isOutlook = url.hostname.endsWith(".safelinks.protection.outlook.com");
    address = (isGoogle && url.searchParams.get("q")) || (isOutlook && url.searchParams.get("url")) || address;
  } catch { /* a path */ }
  return /^(?:https?:\/\/|mailto:|\/(?!\/))\S/i.test(address) ? address : "";
}

class Reader {
  constructor() {
    this.blocks = [];
    this.dropped = {};
    this.current = null; // the block to which we add text
    this.lists = []; // the lists around the present node
  }

  drop(kind, count = 1) {
    this.dropped[kind] = (this.dropped[kind] ?? 0) + count;
  }

  begin(block) {
    this.end();
    this.current = { runs: [], ...block };
  }

  end() {
    const block = this.current;
    this.current = null;
    if (!block) return;
    tidy(block.runs);
    if (block.runs.length) this.blocks.push(block);
  }

  text(text, marks) {
    if (!this.current) {
      if (BLANK.test(text)) return;
      this.begin(this.inList() ?? { kind: "p" });
    }
    this.current.runs.push({ text: text.replace(SPACES, " "), ...marks });
  }

  // Return a block for text in the innermost list, or null outside lists. Only the first block of an item has a mark.
  inList() {
    const list = this.lists.at(-1);
    if (!list) return null;
    const isFirst = list.fresh;
    list.fresh = false;
    return { kind: "item", level: list.level, ordered: list.ordered, list: list.id, continues: !isFirst };
  }

  children(node, marks) {
    for (const child of node.childNodes) this.node(child, marks);
  }

  node(node, marks) {
    if (node.nodeType === Node.TEXT_NODE) this.text(node.data, marks);
    else if (node.nodeType === Node.ELEMENT_NODE) this.element(node, marks);
  }

  element(element, marks) {
    if (this.isLeftOut(element)) return;
    this.noteLooks(element, marks);
    const tag = element.tagName;
    if (tag === "BR") this.lineBreak(element);
    else if (tag === "A") this.link(element, marks);
    else if (LISTS.has(tag)) this.list(element, marks);
    else if (tag === "LI") this.item(element, marks);
    else if (tag === "TABLE") this.table(element, marks);
    else if (tag === "BLOCKQUOTE") this.quotation(element, marks);
    else if (headingLevel(element)) this.heading(element, marks);
    else if (BLOCKS.has(tag)) this.paragraph(element, marks);
    else this.children(element, marksOf(element, marks));
  }

  isLeftOut(element) {
    const style = styleOf(element);
    const tag = element.tagName;
    if (tag === "IMG") this.picture(element);
    else if (tag === "SVG" || tag === "svg" || /^V:(?:SHAPE|IMAGEDATA|GROUP)$/.test(tag)) this.drop("picture");
    else if (OTHER.has(tag)) this.drop("other");
    else if (/mso-element:\s*comment\b(?!-)/i.test(style)) this.drop("comment");
    else {
      return DROPPED.has(tag) || /mso-list:\s*ignore|mso-hide:\s*all|mso-element:\s*comment-list/i.test(style)
        || property(style, "display") === "none" || /^(?:EOP|Mso(?:CommentReference|Del))\b/i.test(element.className)
        || /^msoDel$/i.test(element.className);
    }
    return true;
  }

  picture(element) {
    const words = element.getAttribute("alt") ?? "";
    if (EMOJI.test(words) && words.length < 9) this.text(words, {});
    else if (element.getAttribute("width") !== "1") this.drop("picture");
  }

  noteLooks(element, marks) {
    const style = styleOf(element);
    const background = property(style, "background(?:-color)?").split(" ")[0];
    const colours = [property(style, "color") || element.getAttribute("color")?.toLowerCase(), background,
      property(style, "mso-highlight")];
    const decoration = property(style, "text-decoration(?:-line)?");
    if (!marks.inLink && element.tagName !== "A" && !element.querySelector("a")) {
      if (colours.some(isColour)) this.dropped.colour = 1;
      if (element.tagName === "U" || decoration.includes("underline")) this.dropped.underline = 1;
    }
    if (/^(?:S|STRIKE)$/.test(element.tagName) || decoration.includes("line-through")) this.dropped.strike = 1;
    if (/^(?:SUB|SUP)$/.test(element.tagName) || /^(?:sub|super)/.test(property(style, "vertical-align"))) {
      if (!marks.inLink && !element.querySelector("a")) this.dropped.raised = 1;
    }
  }

  lineBreak(element) {
    if (element.classList.contains("Apple-interchange-newline") || !this.current) return;
    if (/page-break-before:\s*always/i.test(styleOf(element))) return;
    if (this.current.runs.at(-1)?.isBreak) this.begin({ ...this.current, runs: [], continues: true });
    else this.current.runs.push({ isBreak: true });
  }

  link(element, marks) {
    const href = element.getAttribute("href") ?? "";
    const usable = target(href);
    if (href.startsWith("#")) this.drop("anchor");
    else if (href && !usable) this.drop("link");
    this.children(element, { ...marksOf(element, marks), inLink: true, ...(usable && { href: usable }) });
  }

  list(element, marks) {
    const around = this.lists.at(-1);
    this.end();
    const level = around ? around.level + 1 : 1;
    this.lists.push({ level, ordered: element.tagName === "OL", id: element, fresh: false });
    this.children(element, marksOf(element, marks));
    this.end();
    this.lists.pop();
  }

  item(element, marks) {
    const around = this.lists.at(-1) ?? { level: 1, ordered: false, id: element.parentNode };
    // Word Online puts each item into a separate list, with its level in an attribute.
    const level = Number.parseInt(element.dataset.ariaLevel ?? "", 10) || around.level;
    const id = element.dataset.listid ? `online ${element.dataset.listid}` : around.id;
    this.end();
    this.lists.push({ ...around, level, id, fresh: true });
    this.children(element, marksOf(element, marks));
    this.end();
    this.lists.pop();
  }

  heading(element, marks) {
    this.begin({ kind: "heading", level: headingLevel(element) });
    this.children(element, marks);
    this.end();
  }

  quotation(element, marks) {
    this.end();
    const before = this.quoted;
    this.quoted = true;
    this.children(element, marksOf(element, marks));
    this.end();
    this.quoted = before;
  }

  paragraph(element, marks) {
    this.begin(wordItem(element) ?? this.inList() ?? { kind: this.quoted ? "quote" : "p" });
    this.children(element, marksOf(element, marks));
    this.end();
  }

  // Turn each row into a paragraph, with dashes between its cells. A table with one column is only a frame.
  table(element, marks) {
    const rows = [...element.querySelectorAll("tr")].filter((row) => row.closest("table") === element);
    const wide = rows.some((row) => row.cells.length > 1);
    if (wide) this.drop("table");
    this.end();
    for (const caption of element.querySelectorAll(":scope > caption")) this.paragraph(caption, marks);
    for (const row of rows) {
      if (wide) this.row(row, marks);
      else for (const cell of row.cells) this.paragraph(cell, marks);
    }
  }

  row(row, marks) {
    this.noteLooks(row, marks);
    const cells = [...row.cells].map((cell) => this.cell(cell, marks)).filter((runs) => runs.length);
    this.begin(this.inList() ?? { kind: "p" });
    cells.forEach((runs, place) => this.current.runs.push(...(place ? [{ text: " – " }] : []), ...runs));
    this.end();
  }

  // Return the runs of a cell, with spaces instead of paragraphs and line breaks.
  cell(cell, marks) {
    this.noteLooks(cell, marks);
    const inner = new Reader();
    inner.dropped = this.dropped;
    inner.children(cell, marks);
    inner.end();
    return inner.blocks.flatMap((block, place) => [...(place ? [{ text: " " }] : []), ...block.runs.map(withoutBreak)]);
  }
}

const withoutBreak = (run) => (run.isBreak ? { text: " " } : run);

function headingLevel(element) {
  const tag = /^H([1-6])$/.exec(element.tagName);
  if (tag) return Number(tag[1]);
  if (element.getAttribute("role") === "heading") return Number(element.getAttribute("aria-level")) || 2;
  return /\bMsoTitle\b/.test(element.className) ? 1 : 0;
}

// Word writes list items as paragraphs whose style names the list and the level.
function wordItem(element) {
  const found = /mso-list:\s*(l\d+)\s+level(\d+)(?:\s+(lfo\d+))?/i.exec(styleOf(element));
  if (!found) return null;
  const marker = [...element.querySelectorAll("[data-style]")].find((one) => /mso-list:\s*ignore/i.test(styleOf(one)));
  const ordered = NUMBER.test(marker?.textContent ?? "");
  return { kind: "item", level: Number(found[2]), ordered, list: `${found[1]} ${found[3] ?? ""}`, continues: false };
}

// Remove line breaks and white space at both ends, and white space beside line breaks.
function tidy(runs) {
  runs.forEach((run, place) => {
    if (run.isBreak) return;
    const before = runs[place - 1];
    if (!before || before.isBreak || before.text.endsWith(" ")) run.text = run.text.replace(/^ /, "");
    if (!runs[place + 1] || runs[place + 1].isBreak) run.text = run.text.replace(/ $/, "");
  });
  const isEmpty = (run) => run && (run.isBreak || BLANK.test(run.text));
  while (isEmpty(runs.at(-1))) runs.pop();
  while (isEmpty(runs[0])) runs.shift();
  const last = runs.at(-1);
  if (last) last.text = last.text.replace(/[ \u00a0]+$/, "");
}

function inline(runs, document, isHeading) {
  const parts = document.createDocumentFragment();
  for (const run of runs) {
    if (run.isBreak) {
      parts.append(document.createElement("br"));
      continue;
    }
    if (!run.text) continue;
    let node = document.createTextNode(run.text);
    const tags = [run.italic && "em", run.bold && !isHeading && "strong", run.href && "a"].filter(Boolean);
    for (const tag of tags) {
      const element = document.createElement(tag);
      if (tag === "a") element.setAttribute("href", run.href);
      element.append(node);
      node = element;
    }
    const last = parts.lastChild;
    if (sameTags(last, node)) merge(last, node);
    else parts.append(node);
  }
  return parts;
}

// Return whether two nodes have the same tags around their text, and the same link.
function sameTags(a, b) {
  if (!a || a.nodeName !== b.nodeName || a.nodeName === "BR") return false;
  if (a.nodeType === Node.TEXT_NODE) return true;
  return a.getAttribute("href") === b.getAttribute("href") && sameTags(a.firstChild, b.firstChild);
}

function merge(a, b) {
  if (a.nodeType === Node.TEXT_NODE) a.data += b.data;
  else merge(a.firstChild, b.firstChild);
}

class Writer {
  constructor(document) {
    this.document = document;
    this.root = document.createElement("div");
    this.open = []; // the open lists, outermost first: { element, list, ordered }
  }

  write(block, levels) {
    if (block.kind === "item") {
      this.item(block);
      return;
    }
    this.open = [];
    if (block.kind === "heading") this.add(this.root, levels(block.level), block);
    else if (block.kind === "quote") this.add(this.quotation(), "p", block);
    else this.add(this.root, "p", block);
  }

  add(parent, tag, block) {
    const element = parent.appendChild(this.document.createElement(tag));
    element.append(inline(block.runs, this.document, block.kind === "heading"));
  }

  quotation() {
    const last = this.root.lastChild;
    return last?.tagName === "BLOCKQUOTE" ? last : this.root.appendChild(this.document.createElement("blockquote"));
  }

  item(block) {
    // A list can be only one level deeper than the list around it, even if the source skips a level.
    const level = Math.max(1, Math.min(block.level, this.open.length + 1));
    this.open.length = Math.min(this.open.length, level);
    const same = this.open[level - 1];
    if (same && (same.ordered !== block.ordered || (level === 1 && same.list !== block.list && block.ordered))) {
      this.open.length = level - 1;
    }
    if (!this.open[level - 1]) this.openList(block);
    const list = this.open[level - 1].element;
    const item = block.continues && list.lastChild ? list.lastChild : list.appendChild(this.document.createElement("li"));
    this.add(item, "p", block);
  }

  openList(block) {
    const parent = this.open.at(-1)?.element.lastChild ?? this.root;
    const element = parent.appendChild(this.document.createElement(block.ordered ? "ol" : "ul"));
    this.open.push({ element, list: block.list, ordered: block.ordered });
  }
}

// Rename styles and event handlers: they do nothing in an inert document, but the browser would report them.
function quiet(source) {
  const rename = (whole, quoted, name) => quoted ?? `data-${name.toLowerCase()}`;
  return source.replace(STYLES, "").replace(TAG, (tag) => tag.replace(REPORTED, rename));
}

/**
 * Return `html`, with only the tags that the editor keeps, and `dropped`, the number of things of each kind left out.
 * The highest level of heading becomes h2, and all lower levels become h3.
 */
export function clean(source) {
  const inert = new DOMParser().parseFromString(quiet(source), "text/html");
  const reader = new Reader();
  reader.children(inert.body, {});
  reader.end();
  const levels = reader.blocks.filter((block) => block.kind === "heading").map((block) => block.level);
  const highest = Math.min(...levels);
  const writer = new Writer(document.implementation.createHTMLDocument(""));
  for (const block of reader.blocks) writer.write(block, (level) => (level > highest ? "h3" : "h2"));
  return { html: writer.root.innerHTML, dropped: reader.dropped };
}
