"""Appeals for money on other sites. For donations made on this site see `funds` and `donations`."""

from datetime import timedelta
from urllib.parse import urlsplit

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from actions.fundraising.models.funds import Fund
from campaign.pages.models import HTTPS_ONLY
from campaign.pages.published import Published
from campaign.pages.rich_text import RichTextField

FRESH_FOR = timedelta(days=14)
ALLOWED_HOSTS = {
    "gofundme.com": "GoFundMe",
    "justgiving.com": "JustGiving",
    "crowdfunder.co.uk": "Crowdfunder",
    "totalgiving.co.uk": "Total Giving",
}


def allowed_host(url: str) -> None:
    """Raise ValidationError for a link to a site that isn't in ALLOWED_HOSTS."""
    if _host(url) not in ALLOWED_HOSTS:
        known = ", ".join(ALLOWED_HOSTS)
        raise ValidationError(_("The link has to lead to one of the following: %(known)s"), params={"known": known})


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


class Appeal(Published):
    """A crowdfunding appeal: what it is for, where to donate, and how much it has raised.

    Nothing is fetched from the other site: an organiser reads the figures there on `as_of` and enters them here.
    """

    details = RichTextField(_("details"), blank=True)
    url = models.URLField(_("link"), max_length=500, validators=[HTTPS_ONLY, allowed_host])
    target = models.PositiveIntegerField(
        _("target"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("In whole pounds.")
    )
    raised = models.PositiveIntegerField(
        _("raised so far"), null=True, blank=True, help_text=_("In whole pounds, as the appeal's own page shows it.")
    )
    supporters = models.PositiveIntegerField(_("number of donors"), null=True, blank=True)
    as_of = models.DateField(
        _("as of"),
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
        verbose_name=_("shown together with"),
        help_text=_("A fund of this site for the same cause: one bar then shows both."),
    )
    passed_on = models.PositiveIntegerField(
        _("of which paid in by us"),
        default=0,
        help_text=_("In whole pounds: donations made here that you passed on to the appeal, so that they count once."),
    )

    class Meta(Published.Meta):
        verbose_name = _("appeal")
        verbose_name_plural = _("appeals")
        constraints = [
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
        """Raise ValidationError on `as_of` if figures have no date, or one in the future."""
        if self.as_of is None and (self.raised is not None or self.supporters is not None):
            raise ValidationError({"as_of": _("Say on which day you read the figures.")})
        if self.as_of and self.as_of > timezone.localdate():
            raise ValidationError({"as_of": _("This day is in the future.")})

    def get_absolute_url(self) -> str:
        return f"{reverse('fundraising:donate')}#{self.slug}"

    @property
    def go_url(self) -> str:
        """URL on this site that leads to the appeal."""
        return reverse("fundraising:go", args=[self.slug])

    @property
    def has_fresh_figures(self) -> bool:
        """Whether the amount raised is known and at most two weeks old."""
        return self.raised is not None and self.as_of is not None and timezone.localdate() <= self.as_of + FRESH_FOR

    @property
    def host(self) -> str:
        """Name of the site it runs on, such as "GoFundMe"."""
        return ALLOWED_HOSTS.get(_host(self.url), _host(self.url))


class Demand(models.Model):
    """One thing that an appeal raises money for."""

    appeal = models.ForeignKey(Appeal, models.CASCADE, related_name="demands")
    text = models.CharField(_("text"), max_length=300)
    order = models.PositiveIntegerField(_("order"), default=0)

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
