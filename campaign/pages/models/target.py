"""A field that names an object of any app, such as a pledge."""

from typing import Any

from django.db import models
from django.utils.translation import gettext as _

from campaign.pages import embeds


class TargetField(models.CharField):
    """The kind and the key of an object that a page can show, such as "pledges.pledge:12"."""

    def deconstruct(self) -> Any:
        name, _path, args, kwargs = super().deconstruct()
        return name, "django.db.models.CharField", args, kwargs

    def in_words(self, value: str) -> str:
        """Return the object's title, for organisers who compare versions."""
        return embeds.title_of(value) or _("something that has been deleted")
