"""Content pages, and the base class of their blocks."""

from typing import Any, ClassVar, Self

from content_editor.models import Region
from django.apps import apps
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Case, Value, When
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.links.addressed import prefix_of
from campaign.media.models import Picture, first_shown
from campaign.pages.models.target import TargetField
from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.shared import Shared
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.text.languages import own_name
from campaign.versions.blocks import BlockBase

CHECK_FIRST = _(
    "A page that is not in English can be published only once a speaker of its language has checked it. Enter who "
    "checked it and when."
)
MAX_TRANSLATIONS = 50


class PageQuerySet(PublishedQuerySet["Page"]):
    """Queries for pages."""

    def published(self) -> Self:
        """Return pages that visitors may see. Don't fetch the names of the people who checked translations."""
        return super().published().defer("checked_by")


class PageManager(models.Manager.from_queryset(PageQuerySet)):  # type: ignore[misc]
    """The manager of pages. It leaves out updates."""

    def get_queryset(self) -> Any:
        return super().get_queryset().filter(posted_on=None)


class Page(Shared, Published):
    """A page of blocks, such as the statement or the privacy notice.

    The table also holds updates (`Update`), so that every kind of block works in both. An update is a row with a date.

    A mistake in a language that no organiser reads could endanger people who trust the page. So a page that isn't in
    English stays hidden until it records who checked it, and when. The name is encrypted and never published.
    """

    regions = [Region(key="main", title=_("Contents"))]
    url_name: ClassVar[str] = "page"
    facts: ClassVar[frozenset[str]] = Published.facts | {
        *("translation_of", "checked_by", "checked_on", "posted_on", "about"),
    }

    downloadable = models.BooleanField(
        _("offer as a document"),
        default=False,
        help_text=_("Visitors can download the page in Word, OpenDocument, PDF and plain text formats."),
    )
    exit_link = models.BooleanField(
        _("show “Exit this page”"),
        default=False,
        help_text=_("Tick this if being seen with the page could put a reader in danger."),
    )
    translation_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="translations",
        limit_choices_to={"translation_of": None},
        verbose_name=_("translation of"),
        help_text=_("The page that this one translates. Each then links to the other."),
    )
    checked_by = EncryptedTextField(
        _("checked by"),
        editable=True,
        max_length=100,
        help_text=_("The name of a speaker of the language who has checked the page. Only organisers see it."),
    )
    checked_on = models.DateField(
        _("checked on"),
        null=True,
        blank=True,
        help_text=_(
            "The day on which the speaker finished checking. A page that is not in English needs it before "
            "visitors can see it."
        ),
    )

    # Columns for updates only.
    posted_on = models.DateField(
        _("date"),
        null=True,
        blank=True,
        help_text=_(
            "Visitors see it, and the newest update comes first. It can be in the future only if you press “Publish "
            "later…” and choose that day or a later one: visitors never see an update before its date."
        ),
    )
    author = models.CharField(
        _("author"),
        max_length=100,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "The name that visitors see. The history keeps it permanently. Leave it blank to show no name, for "
            "instance if the author has family who could be punished."
        ),
    )
    about = TargetField(
        _("about"),
        max_length=80,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "The pledge, protest or other content that it is about. The update links to it, and a pledge’s page lists "
            "its newest updates. Leave it blank if it is about the whole campaign."
        ),
    )
    picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="updates",
        verbose_name=_("picture"),
        help_text=_("Shown above the text and in lists. From the media library; press + to add another."),
    )

    objects: ClassVar = PageManager()

    class Meta(Published.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")
        indexes = [
            models.Index(
                fields=["-posted_on", "-id"], name="newest_updates", condition=models.Q(posted_on__isnull=False)
            ),
            models.Index(fields=["about", "-posted_on"], name="updates_about", condition=~models.Q(about="")),
        ]

    @classmethod
    def from_db(cls, *args: Any, **kwargs: Any) -> Any:
        """Return a row of the table as an Update if it has a date, even if it is reached through one of its blocks."""
        row: Any = super().from_db(*args, **kwargs)
        if cls is Page and row.__dict__.get("posted_on"):
            row.__class__ = apps.get_model("pages", "Update")
        return row

    @classmethod
    def label_of_row(cls, path: str = "") -> Any:
        is_page = When(**{f"{path}posted_on__isnull": True}, then=Value("pages.page"))
        return Case(is_page, default=Value("pages.update"))

    @classmethod
    def part_names(cls) -> tuple[str, ...]:
        """Return the names of the relations to blocks, for every kind of block."""
        blocks = (relation for relation in cls._meta.related_objects if issubclass(relation.related_model, Block))
        return tuple(str(relation.get_accessor_name()) for relation in blocks)

    def get_absolute_url(self) -> str:
        return reverse(self.url_name, args=[self.slug])

    def blocks(self) -> list["Block"]:
        """Return the page's blocks in order."""
        blocks = (block for name in self.part_names() for block in getattr(self, name).all())
        return sorted(blocks, key=lambda block: (block.ordering, block.pk or 0))

    def first_picture(self) -> Picture | None:
        """Return the first picture in the page's blocks that visitors may see, or None."""
        return next((found for block in self.blocks() if (found := first_shown(getattr(block, "picture", None)))), None)

    @property
    def is_english(self) -> bool:
        """Return whether the page is in English."""
        return self.language.partition("-")[0] == "en"

    @property
    def needs_check(self) -> bool:
        """Return whether a speaker of the page's language must check it before visitors can see it."""
        return not (self.is_english or (self.checked_by and self.checked_on))

    @property
    def language_name(self) -> str:
        """Return the name of the page's language in that language."""
        return own_name(self.language)

    def in_all_languages(self) -> list["Page"]:
        """Return the published pages with the same content: the original, then its translations."""
        original = self.translation_of_id or self.pk
        same = models.Q(pk=original) | models.Q(translation_of=original)
        pages = Page.objects.published().filter(same)[:MAX_TRANSLATIONS]
        return sorted(pages, key=lambda page: (page.translation_of_id is not None, page.language))

    def clean(self) -> None:
        self._check_slug()
        self._check_translation()

    def validate_unique(self, exclude: Any = None) -> None:
        """Raise ValidationError if a page or an update already has the slug. It must be unique among both."""
        super().validate_unique(exclude)
        others = Page._base_manager.filter(slug=self.slug).exclude(pk=self.pk)
        if "slug" not in (exclude or ()) and others.exists():
            raise ValidationError({"slug": _("Another page or update already has this ending. Choose a new one.")})

    def _check_slug(self) -> None:
        try:
            place = resolve(f"{prefix_of(type(self))}{self.slug}/")
        except Resolver404:
            return
        if place.url_name != self.url_name:
            raise ValidationError({"slug": _("The site needs this address itself: choose another.")})

    def _check_translation(self) -> None:
        """Raise ValidationError if the date of the check is in the future, or the page is a translation of itself."""
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": _("The date must be today or in the past.")})
        if self.pk and self.translation_of_id == self.pk:
            raise ValidationError(
                {"translation_of": _("Choose a different page: a page can’t be a translation of itself.")}
            )

    def check_publishable(self) -> None:
        """Raise ValidationError if a speaker of the page's language must check it first."""
        if self.needs_check:
            missing = [name for name in ("checked_by", "checked_on") if not getattr(self, name)]
            raise ValidationError(dict.fromkeys(missing, CHECK_FIRST))


class Block(BlockBase):
    """The base class of blocks of pages and updates."""

    parent = models.ForeignKey(Page, models.CASCADE, related_name="%(app_label)s_%(class)s_set")

    class Meta(BlockBase.Meta):
        abstract = True
