// Makes key pairs, and opens sealed boxes and key files (libsodium's formats). Loaded after nacl and blake2b.
const PREFIX = 'sealed:'
const ROUNDS = 600000 // OWASP, "Password Storage Cheat Sheet", for PBKDF2 with SHA-256
const MIN_PASSPHRASE = 12

class NotOpened extends Error {}

function toBase64 (bytes) {
  return btoa(String.fromCharCode(...bytes))
}

function fromBase64 (text) {
  try {
    return Uint8Array.from(atob(text), character => character.charCodeAt(0))
  } catch {
    throw new NotOpened('This is damaged: part of it may be missing.')
  }
}

function joined (...parts) {
  return Uint8Array.from(parts.flatMap(part => [...part]))
}

async function stretched (passphrase, salt, rounds) {
  const typed = new TextEncoder().encode(passphrase.normalize('NFKC'))
  const key = await crypto.subtle.importKey('raw', typed, 'PBKDF2', false, ['deriveBits'])
  const bits = await crypto.subtle.deriveBits({ name: 'PBKDF2', hash: 'SHA-256', salt, iterations: rounds }, key, 256)
  return new Uint8Array(bits)
}

// Returns the content of a new key file: the public key, and the private one, encrypted with the passphrase.
async function newKey (passphrase) {
  const pair = nacl.box.keyPair()
  const salt = nacl.randomBytes(16)
  const nonce = nacl.randomBytes(nacl.secretbox.nonceLength)
  const box = nacl.secretbox(pair.secretKey, nonce, await stretched(passphrase, salt, ROUNDS))
  const texts = { public: pair.publicKey, salt, private: joined(nonce, box) }
  const encoded = Object.entries(texts).map(([name, bytes]) => [name, toBase64(bytes)])
  return { version: 1, rounds: ROUNDS, ...Object.fromEntries(encoded) }
}

// Returns the key pair in a key file.
async function unlocked (content, passphrase) {
  let held
  try {
    held = JSON.parse(content)
  } catch {
    held = {}
  }
  if (!held.private || !held.salt || !held.rounds) throw new NotOpened('This is not a key file.')
  const box = fromBase64(held.private)
  const key = await stretched(passphrase, fromBase64(held.salt), held.rounds)
  const length = nacl.secretbox.nonceLength
  const secret = nacl.secretbox.open(box.slice(length), box.slice(0, length), key)
  if (!secret) throw new NotOpened('The passphrase is wrong.')
  return nacl.box.keyPair.fromSecretKey(secret)
}

// Returns the values in a box: libsodium's crypto_box_seal_open.
function opened (text, pair) {
  const box = fromBase64(text.trim().replace(PREFIX, ''))
  const length = nacl.box.publicKeyLength
  const theirs = box.slice(0, length)
  const nonce = blake2b(joined(theirs, pair.publicKey), undefined, nacl.box.nonceLength)
  const plain = box.length > length && nacl.box.open(box.slice(length), nonce, theirs, pair.secretKey)
  if (!plain) throw new NotOpened('This was sealed for another key, or is damaged.')
  return JSON.parse(new TextDecoder().decode(plain))
}
