"""Choice fields whose choices are known only when the form is created."""

from collections.abc import Iterable

from django import forms
from django.utils.functional import Promise


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Set what a field of the form offers. Raises TypeError for a field that offers no choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a field of choice.")
    field.choices = list(choices)
