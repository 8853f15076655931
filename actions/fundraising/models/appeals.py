"""Appeals for money on other sites. For donations made on this site see `funds` and `donations`."""

import re
from datetime import timedelta
from typing import ClassVar, Self
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.funds import Fund
from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.pages.position import PositionField
from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.rich_text import RichTextField
from campaign.versions.versioned import Part

FRESH_FOR = timedelta(days=14)
ALLOWED_HOSTS = {
    "gofundme.com": "GoFundMe",
    "justgiving.com": "JustGiving",
    "crowdfunder.co.uk": "Crowdfunder",
    "totalgiving.co.uk": "Total Giving",
}


# First parts of paths, and parameters, of pages that list appeals instead of showing one.
LISTS = r"search|discover|explore|browse|find|finder|results?|categor(y|ies)|tags?"
LISTED = r"results?|page|all|an?[-_].*|projects?|campaigns?|appeals?|charit(y|ies)|fundraisers?"
SEARCH_PATH = re.compile(rf"s|(.*[-_.])?({LISTS})([-_]({LISTED}))?(\.\w+)?")
# Such pages within a section (see below). Only whole names match: an appeal may well be called "help-me-find".
SEARCH_NAME = re.compile(rf"s|all|{LISTS}")
# Sections, which come before an appeal's name. A path with nothing else is a list, or a page for starting an appeal.
SECTION = re.compile(
    r"f|p|c|pages?|mypage|(crowd|fund)(funding|raising|raisers?)|projects?|campaigns?|appeals?|charit(y|ies)|start"
)
SEARCH_PARAMETERS = {"q", "s", "query", "queries", "search", "search_term", "searchterm", "term", "terms", "keyword"}
SEARCH_PARAMETERS |= {"keywords", "category", "tag"}
LOCALE = re.compile(r"[a-z]{2}(-[a-z]{2}|-[a-z]{4})?")


def allowed_host(url: str) -> None:
    """Raise ValidationError for a link to a site that isn't in ALLOWED_HOSTS, or one with a user name or a port.

    Browsers read a backslash as a slash (https://url.spec.whatwg.org/#authority-state), so
    "https://another.example\\@gofundme.com/" opens the other site.
    """
    if _host(url) not in ALLOWED_HOSTS or "\\" in url:
        known = ", ".join(ALLOWED_HOSTS)
        raise ValidationError(_("The link must go to one of the following: %(known)s"), params={"known": known})


def one_appeal(url: str) -> None:
    """Raise ValidationError for a link to a site's home page, or to a page that searches or lists appeals."""
    try:
        parts = urlsplit(unquote(url).lower())
    except ValueError as error:
        raise ValidationError(_("This is not a web address.")) from error
    route = parts.fragment.lstrip("!/") if parts.fragment.startswith(("/", "!")) else ""
    if not _names_one(parts.path) or _searches(parts.query) or (route and _lists(route)):
        raise ValidationError(
            _("This is a search page or a list of appeals. Open the appeal itself and copy its web address.")
        )


def _names_one(path: str) -> bool:
    steps = [step.strip() for step in path.split("/") if step.strip()]
    if steps and LOCALE.fullmatch(steps[0]):
        steps = steps[1:]
    if not steps or {".", ".."} & set(steps) or SEARCH_PATH.fullmatch(steps[0]):
        return False
    if SECTION.fullmatch(steps[0]):
        return len(steps) > 1 and not SEARCH_NAME.fullmatch(steps[1])
    return True


def _lists(route: str) -> bool:
    path, _mark, query = route.partition("?")
    return not _names_one(path) or _searches(query)


def _searches(query: str) -> bool:
    return any(name in SEARCH_PARAMETERS for name, _value in parse_qsl(query, keep_blank_values=True))


def _host(url: str) -> str:
    """Return a URL's whole authority without "www.", so that a URL with a user or a port isn't at a known host."""
    try:
        return urlsplit(url).netloc.lower().removeprefix("www.")
    except ValueError:
        return ""


class AppealQuerySet(PublishedQuerySet["Appeal"]):
    """Queries for appeals."""

    def linked(self) -> Self:
        """Return published appeals whose link an organiser has checked, so that visitors may follow it."""
        return self.published().filter(is_checked=True)

    def unchecked(self) -> Self:
        """Return published appeals that visitors see without a link."""
        return self.published().filter(is_checked=False)


class Appeal(Published):
    """A crowdfunding appeal: what it is for, where to donate, and how much it has raised.

    Nothing is fetched from the other site: an organiser reads the figures there on `as_of` and enters them here.
    """

    facts: ClassVar[frozenset[str]] = Published.facts | {
        *("url", "name_there", "organiser", "is_checked"),
        *("target", "raised", "supporters", "as_of", "fund", "passed_on"),
    }
    parts: ClassVar[tuple[str, ...]] = ("demands",)

    details = RichTextField(
        _("details"),
        blank=True,
        help_text=_(
            "What the money is for, and how you know that it gets there. Visitors read it on the page for donations."
        ),
    )
    url = HttpsField(
        _("link"),
        max_length=500,
        validators=[HTTPS_ONLY, allowed_host, one_appeal],
        help_text=_("The address of the appeal’s own page, copied from the browser. It starts with https://."),
    )
    name_there = models.CharField(
        _("appeal’s name on its own page"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text=_("Exactly as shown there, so that donors can compare."),
    )
    organiser = models.CharField(
        _("who runs the appeal"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text=_("The organiser’s name, as shown on the appeal’s own page. Leave it empty if you don’t know."),
    )
    is_checked = models.BooleanField(
        _("link, name and organiser have been checked"),
        default=False,
        db_default=False,
        help_text=_(
            "Tick this once you have opened the link and compared all three. Until then, visitors see the text "
            "without a link. A second organiser must approve the tick, and later every change of one of the three."
        ),
    )
    target = models.PositiveIntegerField(
        _("target"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("In whole pounds.")
    )
    raised = models.PositiveIntegerField(
        _("raised so far"), null=True, blank=True, help_text=_("In whole pounds, as shown on the appeal’s own page.")
    )
    supporters = models.PositiveIntegerField(
        _("number of donors"),
        null=True,
        blank=True,
        help_text=_("How many people have given, as shown on the appeal’s own page."),
    )
    as_of = models.DateField(
        _("date of the figures"),
        null=True,
        blank=True,
        help_text=_("The day on which you read these figures. After two weeks they are no longer shown."),
    )
    fund = models.ForeignKey(
        Fund,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="appeals",
        verbose_name=_("fund on this site for the same cause"),
        help_text=_("A single bar then shows donations made here and there."),
    )
    passed_on = models.PositiveIntegerField(
        _("amount paid in by us"),
        default=0,
        help_text=_("In whole pounds: donations made here that you passed on to the appeal, so that they count once."),
    )

    objects: ClassVar = AppealQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(is_checked=False) | ~models.Q(name_there="") & ~models.Q(organiser=""),
                name="checked_appeals_name_their_organiser",
                violation_error_message=_("Enter the appeal’s name and its organiser before you tick this."),
            ),
            models.CheckConstraint(
                condition=models.Q(raised=None, supporters=None) | ~models.Q(as_of=None),
                name="figures_of_an_appeal_have_a_date",
                violation_error_message=_("Say on which day you read the figures."),
            ),
            models.CheckConstraint(
                condition=models.Q(passed_on=0) | models.Q(passed_on__lte=models.F("raised")),
                name="no_more_passed_on_to_an_appeal_than_it_raised",
                violation_error_message=_("More was paid in by us than was raised."),
            ),
        ]

    def clean(self) -> None:
        """Raise ValidationError on `is_checked` without both names, and on `as_of` if it is missing or a future day."""
        if self.is_checked and not (self.name_there and self.organiser):
            message = _("Enter the appeal’s name and its organiser before you tick this.")
            raise ValidationError({"is_checked": message})
        if self.as_of is None and (self.raised is not None or self.supporters is not None):
            raise ValidationError({"as_of": _("Say on which day you read the figures.")})
        if self.as_of and self.as_of > timezone.localdate():
            raise ValidationError({"as_of": _("This day is in the future.")})

    def get_absolute_url(self) -> str:
        return f"{reverse('fundraising:donate')}#{self.slug}"

    @property
    def own_path(self) -> str:
        """Return the path to share, which redirects to the appeal itself because our page shows other appeals too."""
        return self.go_url

    @property
    def go_url(self) -> str:
        """Return the URL on this site that redirects to the appeal."""
        return reverse("fundraising:go", args=[self.slug])

    @property
    def has_fresh_figures(self) -> bool:
        """Return whether the amount raised is known and at most two weeks old."""
        return self.raised is not None and self.as_of is not None and timezone.localdate() <= self.as_of + FRESH_FOR

    @property
    def host(self) -> str:
        """Return the name of the site it runs on, such as "GoFundMe"."""
        return ALLOWED_HOSTS.get(_host(self.url), _host(self.url))


class Demand(Part):
    """One thing that an appeal raises money for."""

    whole = "appeal"
    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="demands")
    text = models.CharField(
        _("text"),
        max_length=300,
        help_text=_("One thing that the money pays for, such as “Legal costs of three families”."),
    )
    order = PositionField(whole="appeal")

    class Meta:
        verbose_name = _("demand")
        verbose_name_plural = _("demands")
        ordering = ["order", "pk"]

    def __str__(self) -> str:
        return self.text


class VisitCount(models.Model):
    """How many people followed the link to an appeal on one day; nothing else about them is stored."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="visits", verbose_name=_("appeal"))
    day = models.DateField(_("day"))
    count = models.PositiveIntegerField(_("visits"), default=0)

    class Meta:
        verbose_name = _("visits on one day")
        verbose_name_plural = _("visits by day")
        ordering = ["-day", "appeal"]
        constraints = [models.UniqueConstraint("appeal", "day", name="one_count_an_appeal_and_day")]

    def __str__(self) -> str:
        return f"{self.day} {self.appeal_id}"
