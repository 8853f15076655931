"""Fields for links: an address that is completed and checked, and a list of our pages to choose from."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.links.addresses import completed, is_path
from campaign.links.own import State, nearest, states

HTTPS_ONLY = URLValidator(schemes=["https"])
HELP = _("Start typing the title of a page to choose it. For another site, enter its address, such as www.example.org.")
INSECURE = _(
    "This address begins with http://, so others could change the page on its way to the visitor. Use https:// instead."
)
UNKNOWN = _("There is no page at %(path)s on this site.")
MEANT = _("There is no page at %(path)s on this site. Did you mean %(nearest)s?")


def refuse_unknown(addresses: Iterable[str]) -> None:
    """Raise ValidationError for paths on this site that lead nowhere, suggesting the most similar page for each."""
    paths = [address for address in addresses if is_path(address)]
    missing = [path for path, state in states(paths).items() if state == State.MISSING]
    if missing:
        raise ValidationError([_unknown(path, meant) for path, meant in sorted(nearest(missing).items())])


def _unknown(path: str, meant: str) -> ValidationError:
    return ValidationError(MEANT if meant else UNKNOWN, code="unknown", params={"path": path, "nearest": meant})


class HoldsLinks:
    """A model field whose values contain links."""

    def addresses_in(self, value: str) -> list[str]:
        """Return the addresses in a value of this field, in order."""
        return [value] if value else []


class LinkInput(forms.TextInput):
    """A text box in which `static/editor/links.js` offers our pages."""

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"class": "vTextField", "data-link": "", "inputmode": "url"} | (attrs or {}))


class ComparesWithBefore(forms.Field):
    """A form field that remembers its first value, so that an old link never stops anybody from saving."""

    before: str = ""

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> forms.BoundField:
        self.before = form.get_initial_for_field(self, field_name) or ""
        return super().get_bound_field(form, field_name)


class LinkFormField(ComparesWithBefore, forms.CharField):
    """A form field for an address. It completes the address, and refuses a path that leads to none of our pages."""

    widget = LinkInput

    def clean(self, value: Any) -> str:
        address = completed(super().clean(value))
        if address != self.before:
            refuse_unknown([address])
        return address


class LinkField(HoldsLinks, models.CharField):
    """A link to one of our pages, to another site, or to a mail address."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"help_text": HELP} | kwargs)

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        kwargs.pop("help_text", None)
        return name, "django.db.models.CharField", args, kwargs

    def clean(self, value: Any, model_instance: models.Model | None) -> str:
        address = completed(value or "")
        if address.startswith("http://"):
            raise ValidationError(INSECURE, code="insecure")
        return super().clean(address, model_instance)

    def formfield(self, **kwargs: Any) -> Any:
        own: dict[str, Any] = {"form_class": LinkFormField, "widget": LinkInput}
        return super().formfield(**{**kwargs, **own})


class HttpsField(HoldsLinks, models.URLField):
    """A link to another site."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.URLField", args, kwargs
