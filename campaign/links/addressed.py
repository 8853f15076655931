"""Objects whose address ends in their slug. When the slug changes, the old address redirects."""

from typing import Any
from urllib.parse import urlsplit

from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _

from campaign.links.models import Redirect

SLUG = "-slug-"


class Addressed(models.Model):
    """The base of every model with a slug in its address. The model's querysets have `published()`."""

    slug: Any

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        """Save the object, and add a permanent redirect if its slug has changed."""
        fields = kwargs.get("update_fields")
        if self.pk is None or (fields is not None and "slug" not in fields):
            super().save(**kwargs)
            return
        with transaction.atomic():
            rows: Any = type(self)._base_manager
            old = rows.filter(pk=self.pk).values_list("slug", flat=True).first()
            super().save(**kwargs)
            if old is not None and old != self.slug:
                Redirect.objects.record(self, _stem(type(self), old), _stem(type(self), self.slug))

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def own_path(self) -> str:
        """Return the path of the object's page, such as "/letters/act/"."""
        return urlsplit(self.get_absolute_url()).path

    def clean_fields(self, exclude: Any = None) -> None:
        """Check each field. Raises ValidationError for a slug whose address now redirects to another object."""
        super().clean_fields(exclude=exclude)
        if "slug" in (exclude or ()):
            return
        taken = Redirect.objects.other_than(self).filter(old_path=_stem(type(self), self.slug)).first()
        if taken and taken.target:
            raise ValidationError({"slug": TAKEN % {"title": taken.target}})


TAKEN = _(
    "This address now redirects visitors to “%(title)s”, which used it before. Choose another, or first delete the "
    "redirect, which is listed under Links, Redirects."
)


def addressed_models() -> list[Any]:
    """Return every model whose objects have an address, in the order of the apps."""
    return [model for model in apps.get_models() if issubclass(model, Addressed) and prefix_of(model)]


def prefix_of(model: Any) -> str:
    """Return the part of the model's addresses before the slug, such as "/letters/", or "" if they have no slug."""
    before, slug, _after = model(slug=SLUG).own_path.partition(SLUG)
    return before if slug else ""


def _stem(model: type[Addressed], slug: str) -> str:
    """Return the address without its last slash, such as "/letters/act". All the object's addresses start with it."""
    prefix = prefix_of(model)
    return f"{prefix}{slug}" if prefix else ""
