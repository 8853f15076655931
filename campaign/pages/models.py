"""Content pages built of blocks, the menus, and the site's own settings."""

from collections.abc import Callable
from typing import Any, ClassVar, Self

from content_editor.models import Region
from django.core.exceptions import ValidationError
from django.db import models
from django.urls import Resolver404, resolve, reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from campaign.forms.email_address import EmailAddressField
from campaign.links.fields import HTTPS_ONLY, HttpsField, LinkField
from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.rich_text import RichTextField
from campaign.pages.sources import a_document
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.text.languages import InLanguage, LanguageField, own_name
from campaign.versions.versioned import Part, Versioned, VersionedQuerySet

IMPRINT = ("publisher_name", "publisher_address", "contact_email")
CHECK_FIRST = _(
    "A page that is not in English can be published only once a speaker of its language has checked it. Enter who "
    "checked it and when."
)
MAX_TRANSLATIONS = 50


class SiteSettings(InLanguage, Versioned):
    """Who runs the site, and what its home page says. There is only one row."""

    facts: ClassVar[frozenset[str]] = frozenset(IMPRINT)
    parts: ClassVar[tuple[str, ...]] = ("menu",)

    name = models.CharField(_("name of the campaign"), max_length=100)
    short_name = models.CharField(_("short name"), max_length=30, blank=True)
    tagline = models.CharField(_("tagline"), max_length=90, blank=True)
    description = models.CharField(_("description for search engines"), max_length=160, blank=True)
    language = LanguageField()
    hero_eyebrow = models.CharField(_("line above the headline"), max_length=80, blank=True)
    hero_title = models.CharField(_("headline of the home page"), max_length=90)
    hero_text = models.TextField(_("text under the headline"), max_length=400, blank=True)
    about_title = models.CharField(_("title of the section about you"), max_length=90, blank=True)
    about_html = RichTextField(_("about you"), blank=True)
    footer_html = RichTextField(_("footer of every page"), blank=True)
    publisher_name = models.CharField(_("who is responsible"), max_length=150, blank=True)
    publisher_address = models.TextField(_("postal address"), max_length=400, blank=True)
    contact_email = EmailAddressField(_("contact e-mail address"), max_length=254, blank=True)

    objects: ClassVar = VersionedQuerySet.as_manager()

    class Meta:
        verbose_name = _("site settings")
        verbose_name_plural = _("site settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_site_settings")]

    def __str__(self) -> str:
        return self.name

    def save(self, **kwargs: Any) -> None:
        self.pk = 1
        super().save(**kwargs)

    def get_absolute_url(self) -> str:
        return reverse("home")

    @classmethod
    def current(cls) -> Self:
        """Return the settings as published, or the bare minimum, unsaved, if they have never been."""
        published: Any = cls.objects.published().first()
        return published or cls(name="Campaign hub", hero_title="Campaign hub")

    @property
    def missing_imprint(self) -> list[str]:
        """Return the names of the publisher's fields that are still empty."""
        return [name for name in IMPRINT if not getattr(self, name).strip()]

    @property
    def is_ready(self) -> bool:
        """Return whether the publisher's details are complete. If not, search engines are asked to omit the site."""
        return not self.missing_imprint


class MenuItem(Part):
    """A link in the menu at the top or the bottom of every page."""

    class Place(models.TextChoices):
        HEADER = "header", _("top")
        FOOTER = "footer", _("bottom")

    whole = "site"
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="menu", default=1)
    place = models.CharField(_("place"), max_length=6, choices=Place, default=Place.HEADER)
    label = models.CharField(_("label"), max_length=40)
    url = LinkField(_("link"), max_length=200)
    order = models.PositiveIntegerField(_("position in the list"), default=0)
    is_current: bool  # whether it leads to the page being shown: see `context_processors`

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu items")
        ordering = ["place", "order", "pk"]

    def __str__(self) -> str:
        return self.label


class PageQuerySet(PublishedQuerySet["Page"]):
    """Queries for pages."""

    def published(self) -> Self:
        """Return pages that visitors may see, without reading from the database who checked a translation."""
        return super().published().defer("checked_by")


class Page(Published):
    """A page of blocks, such as the statement or the privacy notice.

    A mistake in a language that no organiser reads could endanger the people who trust the page. So a page that
    isn't in English stays hidden until it records who checked it and when. The name is encrypted and never published.
    """

    regions = [Region(key="main", title=_("Contents"))]
    facts: ClassVar[frozenset[str]] = Published.facts | {"translation_of", "checked_by", "checked_on"}

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
    checked_on = models.DateField(_("checked on"), null=True, blank=True)

    objects: ClassVar = PageQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("page")
        verbose_name_plural = _("pages")

    @classmethod
    def part_names(cls) -> tuple[str, ...]:
        """Return the relations of its blocks, whatever kinds there are."""
        blocks = (relation for relation in cls._meta.related_objects if issubclass(relation.related_model, Block))
        return tuple(str(relation.get_accessor_name()) for relation in blocks)

    def get_absolute_url(self) -> str:
        return reverse("page", args=[self.slug])

    def blocks(self) -> list["Block"]:
        """Return its blocks in order."""
        blocks = (block for name in self.part_names() for block in getattr(self, name).all())
        return sorted(blocks, key=lambda block: block.ordering)

    @property
    def is_english(self) -> bool:
        """Return whether it is written in English."""
        return self.language.partition("-")[0] == "en"

    @property
    def needs_check(self) -> bool:
        """Return whether a speaker of its language has to check it before visitors can see it."""
        return not (self.is_english or (self.checked_by and self.checked_on))

    @property
    def language_name(self) -> str:
        """Return its language's own name."""
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

    def _check_slug(self) -> None:
        try:
            place = resolve(f"/{self.slug}/")
        except Resolver404:
            return
        if place.url_name != "page":
            raise ValidationError({"slug": _("The site needs this address itself: choose another.")})

    def _check_translation(self) -> None:
        """Raise ValidationError if the page needs a check, was checked in the future, or is its own translation."""
        if self.checked_on and self.checked_on > timezone.localdate():
            raise ValidationError({"checked_on": _("The date must be today or in the past.")})
        if self.pk and self.translation_of_id == self.pk:
            raise ValidationError(
                {"translation_of": _("Choose a different page: a page can’t be a translation of itself.")}
            )

    def check_publishable(self) -> None:
        """Raise ValidationError unless a speaker of its language has checked it."""
        if self.needs_check:
            missing = [name for name in ("checked_by", "checked_on") if not getattr(self, name)]
            raise ValidationError(dict.fromkeys(missing, CHECK_FIRST))


class Block(Part):
    """A part of a page, as the block editor needs it: `content_editor.models.create_plugin_base`, in our own words."""

    whole = "parent"
    parent = models.ForeignKey(Page, models.CASCADE, related_name="%(app_label)s_%(class)s_set")
    region = models.CharField(max_length=255)
    ordering = models.IntegerField(default=0)

    class Meta:
        abstract = True
        ordering = ["ordering", "pk"]

    @classmethod
    def get_queryset(cls) -> models.QuerySet[Self]:
        """All of its kind, for the editor."""
        return cls._default_manager.all()


class Text(Block):
    """Headings, paragraphs and lists."""

    html = RichTextField(_("text"))
    get_html_excerpt: Callable[[], str]  # made by the field

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return self.get_html_excerpt()


class Fact(Block):
    """A statement of fact with its source, the source's date and, if there is one, a link to the source."""

    claim = models.TextField(_("statement"), max_length=1000)
    source = models.CharField(
        _("source"), max_length=300, help_text=_("Who published it, its title, and its number if it has one.")
    )
    url = HttpsField(
        _("link to the source"),
        max_length=500,
        validators=[HTTPS_ONLY, a_document],
        blank=True,
        help_text=_("The address of the document itself. Leave it blank if the document has none."),
    )
    dated = models.CharField(_("date of the source"), max_length=80)

    class Meta:
        verbose_name = _("fact with its source")
        verbose_name_plural = _("facts with their sources")

    def __str__(self) -> str:
        return self.claim[:60]


class Action(Block):
    """A box that asks the reader to do something."""

    title = models.CharField(_("title"), max_length=100)
    text = models.CharField(_("text"), max_length=300, blank=True)
    label = models.CharField(_("text of the button"), max_length=40)
    url = LinkField(_("link"), max_length=200)

    class Meta:
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")

    def __str__(self) -> str:
        return self.title


class LoadedContent(models.Model):
    """A file that `load_campaign` has loaded once, so that it never brings back anything deleted."""

    name = models.CharField(max_length=200, primary_key=True)
    loaded_at = models.DateTimeField(auto_now_add=True)

    def __str__(self) -> str:
        return self.name
