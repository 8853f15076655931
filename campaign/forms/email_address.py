"""Form and model fields for an e-mail address, which return its normalised form (`parsing.normalise`)."""

from typing import Any

from django import forms
from django.db import models

from campaign.email_addresses.parsing import MAX_ADDRESS, normalise, trim


class EmailAddressFormField(forms.CharField):
    """A form field for an e-mail address, which says what is wrong with an unusable one."""

    widget = forms.EmailInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**{"max_length": MAX_ADDRESS} | kwargs)

    def to_python(self, value: Any) -> str:
        typed = trim(super().to_python(value) or "")
        return normalise(typed) if typed else ""


class EmailAddressField(models.EmailField):
    """A column for an e-mail address, normalised by a form and by `full_clean`.

    In migrations it appears as an ordinary EmailField: the column is the same.
    """

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        typed = trim(value or "")
        return super().clean(normalise(typed) if typed else "", model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": EmailAddressFormField} | kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.EmailField", args, kwargs
