"""The site's own settings, and its menus."""

from typing import Any, ClassVar, Self

from django.db import models
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.forms.email_address import EmailAddressField
from campaign.links.fields import LinkField
from campaign.media.models import Picture, first_shown
from campaign.pages.models.first_sections import keep_the_first_sections
from campaign.pages.position import PositionField
from campaign.pages.rich_text import RichTextField
from campaign.pages.shared import ShareCard
from campaign.text.languages import InLanguage, LanguageField
from campaign.versions.versioned import Part, Versioned, VersionedQuerySet

IMPRINT = ("publisher_name", "publisher_address", "contact_email")


class SiteSettings(InLanguage, Versioned):
    """The publisher's details and the words of the home page. There is only one row."""

    facts: ClassVar[frozenset[str]] = frozenset(IMPRINT)
    parts: ClassVar[tuple[str, ...]] = ("menu", "sections", "partners")
    upgrades: ClassVar = (keep_the_first_sections,)

    name = models.CharField(
        _("name of the campaign"),
        max_length=100,
        help_text=_("Shown at the top of every page, in the title of the browser’s tab and in every message we send."),
    )
    short_name = models.CharField(
        _("short name"),
        max_length=30,
        blank=True,
        help_text=_("Shown at the top of every page. Leave it blank to show the full name."),
    )
    tagline = models.CharField(
        _("tagline"),
        max_length=90,
        blank=True,
        help_text=_("Shown after the name in the title of the home page: what you ask for, in a few words."),
    )
    description = models.CharField(
        _("description for search engines"),
        max_length=160,
        blank=True,
        help_text=_("One or two sentences, which search engines and shared links show under the name."),
    )
    language = LanguageField(help_text=_("The language you write the home page in. Every other page can have its own."))
    share_picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="shared_pages_sitesettings_set",
        verbose_name=_("picture of shared links"),
        help_text=_(
            "Shown with links to the home page, and with every other link whose page has no picture, in messages and "
            "on social networks. If you leave it blank, they show a pattern."
        ),
    )
    hero_eyebrow = models.CharField(
        _("line above the headline"),
        max_length=80,
        blank=True,
        help_text=_("Shown small, above the headline: who is speaking."),
    )
    hero_title = models.CharField(
        _("headline of the home page"),
        max_length=90,
        help_text=_("The first thing that visitors read. Keep it short, and make it something to agree with."),
    )
    hero_text = models.TextField(
        _("text under the headline"),
        max_length=400,
        blank=True,
        help_text=_("Who you are and what you ask for, in two sentences."),
    )
    hero_picture = models.ForeignKey(
        Picture,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="hero_pages_sitesettings_set",
        verbose_name=_("picture beside the headline"),
        help_text=_(
            "Beside the headline on a computer and below the button on a phone. If you leave it blank, visitors see "
            "our own drawing of people in front of mountains."
        ),
    )
    about_title = models.CharField(
        _("title of the section about you"),
        max_length=90,
        blank=True,
        help_text=_(
            "The heading of a section at the end of the home page, such as “Who we are”. If you leave it blank, it is "
            "the name of the campaign."
        ),
    )
    about_html = RichTextField(
        _("about you"),
        blank=True,
        help_text=_("A few sentences about the people behind the campaign. Leave it blank to leave the section out."),
    )
    footer_html = RichTextField(
        _("footer of every page"),
        blank=True,
        help_text=_("Who runs the campaign, with the charity or company number if there is one."),
    )
    publisher_name = models.CharField(
        _("who is responsible"),
        max_length=150,
        blank=True,
        help_text=_(
            "The person or body responsible for the site, with the charity or company number if there is "
            "one. Shown on the imprint, contact and privacy pages."
        ),
    )
    publisher_address = models.TextField(
        _("postal address"),
        max_length=400,
        blank=True,
        help_text=_(
            "Where to write to them. It is public, so never give the home address of somebody who could be put at risk."
        ),
    )
    contact_email = EmailAddressField(
        _("contact e-mail address"),
        max_length=254,
        blank=True,
        help_text=_("Shown on the imprint, contact and privacy pages. The daily list of tasks is sent there."),
    )

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
        """Return the published settings or, if there are none yet, unsaved ones with the bare minimum."""
        published: Any = cls.objects.published().first()
        return published or cls(name="Campaign hub", hero_title="Campaign hub")

    @classmethod
    def of(cls, request: HttpRequest) -> Self:
        """Return the current settings. They are read once for each request."""
        known: Any = vars(request)
        if "site_settings" not in known:
            known["site_settings"] = cls.current()
        settings: Self = known["site_settings"]
        return settings

    def share_card(self, site: Any) -> ShareCard:
        """Return the share card of the home page, which also supplies whatever the cards of other pages lack."""
        return ShareCard(self.name, self.description, first_shown(self.share_picture))

    def home_sections(self) -> list[Any]:
        """Return the sections of the home page that organisers chose, in order, or all sections if they never chose."""
        sections: Any = self.sections
        chosen = list(sections.all()) if self.pk else []
        return [section for section in chosen if section.shown] if chosen else sections.model.defaults()

    @property
    def missing_imprint(self) -> list[str]:
        """Return the names of the fields with the publisher's details that are still empty."""
        return [name for name in IMPRINT if not getattr(self, name).strip()]

    @property
    def is_ready(self) -> bool:
        """Return whether the publisher's details are complete. If not, we ask search engines to omit the site."""
        return not self.missing_imprint


class MenuItem(Part):
    """A link in the menu at the top or bottom of every page."""

    class Place(models.TextChoices):
        HEADER = "header", _("top")
        FOOTER = "footer", _("bottom")

    whole = "site"
    site = models.ForeignKey(SiteSettings, models.CASCADE, related_name="menu", default=1)
    place = models.CharField(
        _("place"),
        max_length=6,
        choices=Place,
        default=Place.HEADER,
        help_text=_("Whether the link is at the top or at the bottom of every page."),
    )
    label = models.CharField(
        _("label"),
        max_length=40,
        help_text=_("The words that visitors click, such as “Write to your MP”. Keep them short: a phone shows few."),
    )
    url = LinkField(
        _("link"),
        max_length=200,
        help_text=_(
            "Where it leads: a page on this site, such as /letters/, or a full address that starts with https://."
        ),
    )
    order = PositionField(whole="site")
    is_current: bool  # whether it links to the current page; `context_processors` sets it

    class Meta:
        verbose_name = _("menu item")
        verbose_name_plural = _("menu items")
        ordering = ["place", "order", "pk"]

    def __str__(self) -> str:
        return self.label
