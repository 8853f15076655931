"""Funds, which donations go to, and the settings of donations on this site."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.forms.email_address import EmailAddressField
from campaign.pages.published import Published, PublishedQuerySet

MIN_PENCE = 300
MAX_PENCE = 1_000_000
MAX_PRESETS = 6
MAX_DIGITS = 6
MAX_BUYS = 60  # characters on a button
# England and Wales, Scotland, Northern Ireland: https://www.gov.uk/find-charity-information
CHARITY_NUMBER = RegexValidator(
    r"^(\d{6,7}|SC\d{6}|NIC\d{6})$",
    _("Enter the number as its register shows it, such as 1234567, SC012345 or NIC123456."),
)
PORTAL = RegexValidator(
    r"^https://billing\.stripe\.com/p/login/\w+$",
    _("Copy the link from Stripe: it starts with https://billing.stripe.com/p/login/"),
)


@dataclass(frozen=True)
class Preset:
    """An amount offered on the donation form, in pence, and what it buys, which may be empty."""

    pence: int
    buys: str = ""


def read_presets(text: str) -> list[Preset]:
    """Return the amounts in "5, 10, 25", or in lines such as "10: two hundred leaflets".

    Raises ValueError with the part that can't be read.
    """
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if len(lines) == 1 and ":" not in lines[0]:
        lines = lines[0].split(",")
    if not 1 <= len(lines) <= MAX_PRESETS:
        raise ValueError(text)
    return [_read_preset(line) for line in lines]


def _read_preset(line: str) -> Preset:
    amount, _colon, buys = line.partition(":")
    digits = amount.strip().removeprefix("£")
    if not (digits.isascii() and digits.isdigit() and len(digits) <= MAX_DIGITS):
        raise ValueError(line)
    pence = 100 * int(digits)
    if not MIN_PENCE <= pence <= MAX_PENCE or len(buys.strip()) > MAX_BUYS:
        raise ValueError(line)
    return Preset(pence, buys.strip())


def are_presets(text: str) -> None:
    """Raise ValidationError unless the text is a list of up to six amounts in whole pounds."""
    try:
        presets = read_presets(text)
    except ValueError as error:
        raise ValidationError(
            _(
                "“%(part)s” can’t be read. Enter up to six amounts in whole pounds, from 3 to 10,000: either as 5, 10, "
                "25, or one per line, each with an optional colon and up to 60 characters after it."
            ),
            params={"part": str(error)[:MAX_BUYS]},
        ) from error
    if len({preset.pence for preset in presets}) < len(presets):
        raise ValidationError(_("An amount is listed twice."))


class DonationSettings(models.Model):
    """Settings for all donations on this site. There is one row."""

    is_open = models.BooleanField(
        _("take donations on this site"),
        default=True,
        help_text=_(
            "Untick to stop donations at once, for example if somebody is testing stolen cards. This also closes "
            "payment pages that are open at Stripe. Appeals and ongoing monthly donations continue."
        ),
    )
    is_rehearsal = models.BooleanField(
        _("rehearsal: count test payments"),
        default=False,
        db_default=False,
        help_text=_(
            "Works only with a Stripe test key. Totals then show test payments instead of real ones, "
            "and every page about donations says so."
        ),
    )
    treasurer_email = EmailAddressField(
        _("treasurer’s e-mail address"),
        max_length=254,
        blank=True,
        default="",
        db_default="",
        help_text=_(
            "Gets a message about each failed monthly payment, refund, dispute and Gift Aid over-claim. "
            "If this is empty, messages go to the site’s contact address. A second organiser must approve a change."
        ),
    )
    portal_url = models.CharField(
        _("link to Stripe’s customer portal"),
        max_length=200,
        blank=True,
        validators=[PORTAL],
        help_text=_(
            "Where donors change or cancel a monthly donation. Without it, monthly donations are not offered. A second "
            "organiser must approve a change."
        ),
    )
    fee_percent = models.DecimalField(
        _("card fee: percentage of the payment"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("1.50"),
        validators=[MinValueValidator(0), MaxValueValidator(10)],
        help_text=_("What Stripe charges for a donation by an ordinary British card; see your contract with Stripe."),
    )
    fee_pence = models.PositiveSmallIntegerField(
        _("card fee: pence on top"),
        default=20,
        validators=[MaxValueValidator(100)],
        help_text=_("Added to the percentage, once for each payment."),
    )

    class Meta:
        verbose_name = _("donation settings")
        verbose_name_plural = _("donation settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_donation_settings")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, **kwargs: Any) -> None:
        self.pk = 1
        super().save(**kwargs)

    @classmethod
    def current(cls) -> Self:
        """Return the one row, or an unsaved one with the defaults."""
        return cls.objects.first() or cls()

    @property
    def counts_live(self) -> bool:
        """Return whether totals count real payments rather than a rehearsal's test payments."""
        return settings.STRIPE_LIVE or not self.is_rehearsal

    def fee_on(self, amount_pence: int) -> int:
        """Return the smallest fee in pence to add to a donation so that Stripe's fee on both leaves it whole."""
        share = 1 - self.fee_percent / 100
        return int(((amount_pence + self.fee_pence) / share).to_integral_value(ROUND_CEILING)) - amount_pence


class FundQuerySet(PublishedQuerySet["Fund"]):
    """Queries for funds."""

    def open_for_donations(self) -> Self:
        """Return published funds that visitors can donate to here."""
        return self.published().filter(is_open=True)


class Fund(Published):
    """A cause that people donate to on this site."""

    facts: ClassVar[frozenset[str]] = Published.facts | {
        *("payee", "is_open", "target", "registered_name", "registered_number", "charity_name", "language")
    }

    payee = models.CharField(
        _("name on bank statements and receipts"),
        max_length=60,
        help_text=_(
            "Appears after “Donation to” on Stripe’s page, on bank statements and in receipts. Other people may see "
            "it, so choose a neutral name that doesn’t reveal what a donor believes."
        ),
    )
    is_open = models.BooleanField(
        _("take donations to this fund"),
        default=True,
        help_text=_("Untick to stop donations to this fund for a while. The other funds stay open."),
    )
    presets = models.TextField(
        _("amounts to choose from"),
        max_length=500,
        default="5, 10, 25, 50",
        validators=[are_presets],
        help_text=_(
            "In whole pounds, one per line. You can add a colon and what the amount buys: “10: two hundred leaflets”. "
            "Donors can also enter another amount."
        ),
    )
    target = models.PositiveIntegerField(
        _("target"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("In whole pounds.")
    )
    registered_name = models.CharField(
        _("charity’s registered name"),
        max_length=160,
        blank=True,
        default="",
        db_default="",
        help_text=_("If a registered charity receives the donations. Shown on the donation page and in receipts."),
    )
    registered_number = models.CharField(
        _("charity number"),
        max_length=9,
        blank=True,
        default="",
        db_default="",
        validators=[CHARITY_NUMBER],
        help_text=_(
            "By law, most charities in the United Kingdom must state that they are registered "
            "wherever they ask for money, and on receipts."
        ),
    )
    charity_name = models.CharField(
        _("charity’s name at HMRC, for Gift Aid"),
        max_length=160,
        blank=True,
        help_text=_(
            "The full name by which HMRC knows the charity that receives the donations. Needed to offer Gift Aid."
        ),
    )

    objects: ClassVar = FundQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("fund")
        verbose_name_plural = _("funds")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(registered_name="", registered_number="")
                | ~models.Q(registered_name="") & ~models.Q(registered_number=""),
                name="a_charity_has_a_name_and_a_number",
                violation_error_message=_("Enter the name and the number of the charity, or neither."),
            )
        ]

    def get_absolute_url(self) -> str:
        return f"{reverse('fundraising:donate')}?fund={self.slug}"

    @property
    def choices(self) -> list[Preset]:
        """Return the amounts to choose from, or none if they can't be read. Donors then enter an amount themselves."""
        try:
            return read_presets(self.presets)
        except ValueError:
            return []

    @property
    def charity(self) -> str:
        """Return a sentence with the charity's registered name and number, or "" if no charity is registered.

        Charities Act 2011, section 60; Charities References in Documents (Scotland) Regulations 2007.
        """
        if not self.registered_number:
            return ""
        values = {"name": self.registered_name, "number": self.registered_number}
        if self.registered_number.startswith("SC"):
            return _("%(name)s is a charity registered in Scotland, number %(number)s.") % values
        if self.registered_number.startswith("NIC"):
            return _("%(name)s is a charity registered in Northern Ireland, number %(number)s.") % values
        return _("%(name)s is a charity registered in England and Wales, number %(number)s.") % values
