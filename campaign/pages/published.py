"""Fields shared by all content with its own page, such as a title, a web address and a position."""

from typing import ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from campaign.links.addressed import Addressed
from campaign.pages.position import PositionField
from campaign.text.languages import InLanguage, LanguageField
from campaign.versions.versioned import Versioned, VersionedQuerySet


class PublishedQuerySet(VersionedQuerySet):
    """Queries for content that organisers publish."""

    def published(self) -> Self:
        """Return the content that visitors may see, in its published version and in the organisers' order."""
        return super().published().filter(published=True).order_by("order", "pk")


class Published(InLanguage, Addressed, Versioned):
    """Content with its own page. Organisers write it, put it in order and publish it.

    `language` sets the language of the whole page, whatever the visitor's, so a cache can keep one page for everybody.
    """

    facts: ClassVar[frozenset[str]] = frozenset({"slug", "order", "published"})

    title = models.CharField(
        _("title"),
        max_length=150,
        help_text=_("The heading of its page, and its name in lists and on shared links, such as “Our statement”."),
    )
    slug = models.SlugField(
        _("end of the web address"),
        max_length=80,
        unique=True,
        help_text=_(
            "Such as “our-statement” in /our-statement/. If you change it, the old address leads to the new one."
        ),
    )
    summary = models.CharField(
        _("summary"),
        max_length=300,
        blank=True,
        help_text=_("One or two sentences under the title; search engines show them too."),
    )
    language = LanguageField(help_text=_("The language that you write in. Our own labels stay in English."))
    order = PositionField()
    published = models.BooleanField(
        _("shown to visitors"),
        default=True,
        help_text=_("Untick this to take it off the site at once. Visitors see it only once it has been published."),
    )

    objects = PublishedQuerySet.as_manager()

    class Meta:
        abstract = True
        ordering = ["order", "title"]

    def __str__(self) -> str:
        return self.title

    @property
    def is_on_site(self) -> bool:
        """Return whether visitors see the object now; False for a draft."""
        return self.shows_live_version and self.published

    @property
    def audit_title(self) -> str:
        """Return the object's title for the audit log."""
        return self.title
