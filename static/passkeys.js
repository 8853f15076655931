// Shows advice when the browser finds no passkey, or the organiser presses Cancel.
document.addEventListener('allauth.error', event => {
  const advice = document.getElementById('passkey-error')
  if (!advice) return
  event.preventDefault()
  advice.hidden = false
  advice.focus()
})
