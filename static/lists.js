// Older browsers lose the meaning of table elements when the style sheet turns rows into cards. Roles restate it. They
// are set here because HTML itself allows none on the parts of a table.

const ROLES = {
  "thead, tbody": "rowgroup", tr: "row", "thead th": "columnheader", "tbody th": "rowheader", td: "cell",
};

for (const table of document.querySelectorAll("#result_list")) {
  table.setAttribute("role", "table");
  for (const [parts, role] of Object.entries(ROLES)) {
    for (const part of table.querySelectorAll(parts)) part.setAttribute("role", role);
  }
}
