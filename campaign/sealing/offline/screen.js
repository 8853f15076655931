// What the buttons of the page do. The unlocked key stays in memory until the page is closed.
const ROWS_AT_ONCE = 20
let pair = null

function part (id) {
  return document.getElementById(id)
}

function say (text) {
  part('status').textContent = text
}

function save (name, text) {
  const link = document.createElement('a')
  link.download = name
  link.href = URL.createObjectURL(new Blob([text]))
  link.click()
}

// Runs what a button does, and says what went wrong.
function on (id, act) {
  part(id).addEventListener('submit', async event => {
    event.preventDefault()
    try {
      await act(event.target.elements)
    } catch (error) {
      if (!(error instanceof NotOpened)) throw error
      say(error.message)
    }
  })
}

function refuse (isWrong, reason) {
  if (isWrong) throw new NotOpened(reason)
}

function chosen (input) {
  refuse(!input.files[0], 'Choose a file first.')
  return input.files[0]
}

on('make', async fields => {
  refuse(fields.passphrase.value.length < MIN_PASSPHRASE, 'The passphrase is too short: use at least 12 characters.')
  refuse(fields.passphrase.value !== fields.again.value, 'The two passphrases differ.')
  say('One moment…')
  const content = await newKey(fields.passphrase.value)
  save('organisers-key.json', JSON.stringify(content, null, 2))
  part('public').textContent = content.public
  part('made').hidden = false
  say('The key file has been saved. Keep two copies, each in a safe place.')
})

on('unlock', async fields => {
  const file = chosen(fields.key)
  say('One moment…')
  pair = await unlocked(await file.text(), fields.passphrase.value)
  fields.passphrase.value = ''
  part('open').hidden = false
  say('The key is unlocked until you close this page.')
})

on('one', fields => {
  const values = Object.entries(opened(fields.box.value, pair))
  part('values').replaceChildren(...values.flatMap(([name, value]) => {
    const [term, text] = [document.createElement('dt'), document.createElement('dd')]
    term.textContent = name.replaceAll('_', ' ')
    text.textContent = value
    text.dir = 'auto'
    return [term, text]
  }))
  say('Opened.')
})

on('many', async fields => {
  const file = chosen(fields.export)
  const rows = readCsv(await file.text())
  refuse(!rows[0]?.some(column => column.startsWith('sealed_')), 'Nothing in this file is sealed.')
  const done = []
  for (const row of openedRows(rows, pair)) {
    done.push(row)
    if (done.length % ROWS_AT_ONCE) continue
    say(`Opening: ${done.length} of ${rows.length} rows…`)
    await new Promise(resolve => setTimeout(resolve))
  }
  save(file.name.replace(/(\.csv)?$/i, '-opened.csv'), writeCsv(done))
  say(`${done.length - 1} rows have been saved. Keep the file encrypted, and delete it when you no longer need it.`)
})
