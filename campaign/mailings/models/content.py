"""The content of a mailing: the text that organisers write, and its audience."""

from typing import Any, ClassVar

from content_editor.models import Region
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.db import models
from django.db.models import Q
from django.utils import translation
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from campaign.pages import embeds
from campaign.pages.models import SiteSettings
from campaign.pages.models.site_settings import IMPRINT
from campaign.places.models import Constituency
from campaign.places.postcode_files import REGIONS
from campaign.tags.models import Tag
from campaign.text.languages import InLanguage, LanguageField
from campaign.versions.versioned import Part, Versioned

NO_SENDER = "no_sender"  # the code of a problem that is put right in the site's settings


def region_choices() -> list[tuple[str, Any]]:
    """Return the nine regions of England by name, and the other three nations by their letters."""
    nations = [choice for choice in Constituency.Nation.choices if choice[0] != Constituency.Nation.ENGLAND]
    return sorted((name, name) for name in REGIONS.values()) + nations


def discreet_subject() -> str:
    """Return the first subject of a new mailing, which says nothing about the campaign."""
    return gettext("The news that you asked for")


class MailingContent(InLanguage, Versioned):
    """The words, the blocks and the audience of a mailing, which are frozen together."""

    published_by_two: ClassVar[bool] = True
    regions = [Region(key="main", title=_("Message"))]

    subject = models.CharField(
        _("subject"),
        max_length=100,
        default=discreet_subject,
        help_text=_(
            "A locked phone shows it to anybody nearby, and some supporters are at risk if their support becomes "
            "known. So don’t name the campaign or its cause here, and put what matters in the first 60 characters."
        ),
    )
    preheader = models.CharField(
        _("first line"),
        max_length=150,
        blank=True,
        help_text=_(
            "Inboxes and locked phones show it after the subject. If you leave it blank, they show a line that "
            "reveals nothing."
        ),
    )
    language = LanguageField(help_text=_("The language that you write in. Our own labels stay in English."))
    audience = models.CharField(
        _("who gets it"),
        max_length=60,
        default="everybody",
        help_text=_(
            "Only people who agreed to get such messages. Each person gets it once. You will see how many there are "
            "before it is sent."
        ),
    )
    region = models.CharField(
        _("only in this nation or region"),
        max_length=30,
        blank=True,
        choices=region_choices,
        help_text=_(
            "Leave it blank for everywhere. If you choose one, people whose constituency we don’t know are left out."
        ),
    )
    constituency = models.ForeignKey(
        Constituency,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("only in this constituency"),
        help_text=_("Choose this or a region, not both. Leave it blank for everywhere."),
    )
    tag = models.ForeignKey(
        Tag,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("tag for its links"),
        help_text=_(
            "Added to each link to this site, so that you can see how many signatures the mailing brings. It is the "
            "same for everybody, so it says nothing about anyone."
        ),
    )

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.subject or gettext("(no subject)")  # links need a text

    @classmethod
    def part_names(cls) -> tuple[str, ...]:
        """Return the names of the relations to blocks, for every kind of block."""
        blocks = (relation for relation in cls._meta.related_objects if issubclass(relation.related_model, Part))
        return tuple(str(relation.get_accessor_name()) for relation in blocks)

    def blocks(self) -> list[Any]:
        """Return its blocks in order: the draft's, or those of the version that it shows."""
        blocks: Any = (block for name in self.part_names() for block in getattr(self, name).all())
        return sorted(blocks, key=lambda block: (block.ordering, block.pk or 0))

    def card_words(self) -> dict[str, list[str]]:
        """Return, for the target of each card, its title, summary and address as published now."""
        targets = {block.target for block in self.blocks() if hasattr(block, "target")}
        with translation.override(self.interface_language):
            return {
                target: [str(shown), str(getattr(shown, "summary", "")), str(shown.get_absolute_url())]
                for target, shown in embeds.published(targets).items()
            }

    def imprint_now(self) -> dict[str, str]:
        """Return what the site's settings say now about who sends it, and the word that its tag adds to links."""
        site = SiteSettings.current()
        return {name: getattr(site, name) for name in ("name", *IMPRINT)} | {"tag": self.tag.slug if self.tag else ""}

    @property
    def audit_title(self) -> str:
        """Return the subject, for the audit log."""
        return self.subject

    def check_publishable(self) -> None:
        """Raise ValidationError if there is no text yet, or if readers wouldn't know who sent it."""
        missing = [] if self.blocks() else [ValidationError(gettext("There is no text yet. Add a block."))]
        site = SiteSettings.current()
        if not (site.publisher_name.strip() and site.publisher_address.strip()):
            text = gettext(
                "Each message says who sent it. Enter who is responsible for the site, and a postal address."
            )
            missing.append(ValidationError(text, code=NO_SENDER))
        if missing:
            raise ValidationError({NON_FIELD_ERRORS: missing})

    def constituency_codes(self) -> set[str] | None:
        """Return the codes of the constituencies that it is limited to, or None if it goes everywhere."""
        if self.constituency_id:
            return {self.constituency_id}
        if not self.region:
            return None
        inside = Q(region=self.region) | Q(nation=self.region)
        return set(Constituency.objects.filter(inside).values_list("code", flat=True))
