// Reads and writes CSV files as the site does (campaign/documents/spreadsheets.py).
const SIGNS = '=+\\-@＝＋－＠﹦﹢﹣﹫−'
const UNSEEN = '\\x00-\\x1f\\x7f-\\xa0\\xad\\u034f\\u061c\\u115f\\u1160\\u1680\\u17b4\\u17b5\\u180b-\\u180f' +
  '\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u2800\\u3000\\u3164\\ufe00-\\ufe0f\\ufeff\\uffa0\\ufff0-\\ufffb' +
  '\\u{1bca0}-\\u{1bca3}\\u{1d173}-\\u{1d17a}\\u{e0000}-\\u{e0fff}'
const FORMULA = new RegExp(`^(?:[\\t\\r\\n\\0]|[\\s${UNSEEN}]*[${SIGNS}])`, 'u')
const IN_NEW_CELL = new RegExp(`(?<=[;\\t\\r\\n])(?=["'\\s${UNSEEN}]*[${SIGNS}])`, 'gu')

// Returns the text with an apostrophe before each part that a spreadsheet may read as a formula.
function harmless (text) {
  return (FORMULA.test(text) ? `'${text}` : text).replace(IN_NEW_CELL, "'")
}

const CELL = /(?:"((?:[^"]|"")*)"|([^",\r\n]*))(,|\r?\n|$)/g

// Returns the rows of a CSV file, each an array of texts (RFC 4180).
function readCsv (text) {
  const rows = []
  let row = []
  for (const [, quoted, plain, end] of text.replace(/^\ufeff/, '').matchAll(CELL)) {
    row.push(quoted === undefined ? plain : quoted.replaceAll('""', '"'))
    if (end === ',') continue
    if (row.length > 1 || row[0] !== '') rows.push(row)
    row = []
  }
  return rows
}

function cell (text) {
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

function writeCsv (rows) {
  return '\ufeff' + rows.map(row => row.map(cell).join(',') + '\r\n').join('')
}

// Yields the rows of an export without the columns of boxes, whose values fill the empty cells of other columns.
function * openedRows ([columns, ...rows], pair) {
  const isBox = columns.map(column => column.startsWith('sealed_'))
  yield columns.filter((column, index) => !isBox[index])
  for (const row of rows) {
    const boxes = row.filter((text, index) => isBox[index] && text)
    const values = Object.assign({}, ...boxes.map(text => opened(text, pair)))
    const filled = row.map((text, index) => text || harmless(values[columns[index]] || ''))
    yield filled.filter((text, index) => !isBox[index])
  }
}
