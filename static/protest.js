// Shows only the fields that apply: those of the chosen kind of schedule, and the new day and place of a moved date.
// Without scripts, every field is shown, and its hint says when it is needed.

const FIELDS = {
  repeats: {
    weekly: ["weekdays", "every", "first_on"],
    monthly: ["weekdays", "ordinal", "first_on"],
    dates: ["days"],
  },
  kind: { cancelled: [], moved: ["new_on", "new_place"], as_usual: [] },
};

// A line of the form has the class of its first field.
function show(select, byChoice) {
  const row = select.closest(".inline-related");
  for (const name of new Set(Object.values(byChoice).flat())) {
    const line = row.querySelector(`.form-row.field-${name}`);
    const applies = byChoice[select.value]?.includes(name);
    line?.classList.toggle("hidden", !applies && !line.querySelector(".errorlist"));
  }
}

function watch(within) {
  for (const [name, byChoice] of Object.entries(FIELDS)) {
    for (const select of within.querySelectorAll(`.inline-related select[name$="-${name}"]`)) {
      select.addEventListener("change", () => show(select, byChoice));
      show(select, byChoice);
    }
  }
}

document.addEventListener("formset:added", (event) => watch(event.target.parentElement));
document.addEventListener("DOMContentLoaded", () => watch(document));
