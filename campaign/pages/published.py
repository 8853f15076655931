"""Fields shared by all content with its own page, such as a title, a web address and a position."""

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.text.languages import InLanguage, LanguageField


class PublishedQuerySet(models.QuerySet):
    """Queries for content that organisers publish."""

    def published(self) -> Self:
        """Return content that visitors may see, in the organisers' order."""
        return self.filter(published=True)


class Published(InLanguage, models.Model):
    """Content with a page of its own, which an organiser writes, orders and publishes.

    `language` decides the language of the whole page. The visitor's language doesn't matter, so that a cache can keep
    the page.
    """

    title = models.CharField(_("title"), max_length=150)
    slug = models.SlugField(
        _("end of the web address"),
        max_length=80,
        unique=True,
        help_text=_("Such as “our-statement” in /our-statement/. Changing it breaks links to the page."),
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences under the title; search engines show them too."),
    )
    language = LanguageField(help_text=_("The language that you write in. Our own labels stay in English."))
    order = models.PositiveIntegerField(_("position in the list"), default=0, help_text=_("Lowest comes first."))
    published = models.BooleanField(
        _("published"), default=False, help_text=_("Visitors see it only if this is ticked.")
    )
    updated_at = models.DateTimeField(_("last changed"), auto_now=True)

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        raise NotImplementedError

    @property
    def audit_title(self) -> str:
        """Return what the audit log calls it."""
        return self.title


class Part(models.Model):
    """Part of something with an `updated_at`, such as a demand of a pledge: changing it changes the whole."""

    whole: ClassVar[str]  # the name of the foreign key

    class Meta:
        abstract = True

    def save(self, **kwargs: Any) -> None:
        super().save(**kwargs)
        self._touch_whole()

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        self._touch_whole()
        return super().delete(*args, **kwargs)

    def _touch_whole(self) -> None:
        getattr(self, self.whole).save(update_fields=["updated_at"])
