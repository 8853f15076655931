"""Choice fields whose choices are known only when the form is created."""

from collections.abc import Iterable

from django import forms
from django.utils.functional import Promise


def set_choices(form: forms.BaseForm, name: str, choices: Iterable[tuple[str, str | Promise]]) -> None:
    """Set the choices that a field offers. Raises TypeError for a field that doesn't offer choices."""
    field = form.fields[name]
    if not isinstance(field, forms.ChoiceField):
        raise TypeError(f"{name} is not a field of choice.")
    field.choices = list(choices)
