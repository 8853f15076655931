// Shows in pence what covering the card fee adds, as the donor chooses an amount; without scripts the server asks.
// Leads a donor who goes back from Stripe to the same form.
const form = document.getElementById("donation-form");
const hint = document.getElementById("id_cover_fee_helptext");
const box = form?.elements.cover_fee;

function pence() {
  const chosen = form.elements.amount.value;
  if (chosen !== "other") return Number(chosen);
  const typed = form.elements.other_amount.value.replace(/[£,\s]/g, "");
  return /^\d+(\.\d{1,2})?$/.test(typed) ? Math.round(Number(typed) * 100) : 0;
}

function showFee() {
  const amount = pence();
  const { percent, fixed, words } = box.dataset;
  // In hundredths of a per cent, to avoid fractions; the server calculates the fee the same way.
  const share = 10000 - Math.round(Number(percent) * 100);
  const fee = amount ? Math.ceil(((amount + Number(fixed)) * 10000) / share) - amount : 0;
  form.elements.fee_shown.value = fee || "";
  if (fee) hint.textContent = words.replace("%s", `£${(fee / 100).toFixed(2)}`);
}

// The browser's Back button then returns to this form, not to a new one: a second gift replaces the unpaid one.
function rememberForm() {
  const address = new URL(location.href);
  address.searchParams.set("form", form.elements.token.value);
  history.replaceState(null, "", address);
}

form?.addEventListener("submit", rememberForm);
if (box) {
  form.addEventListener("input", showFee);
  showFee();
}
