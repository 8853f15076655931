"""Funds, which donations go to, and the settings of donations on this site."""

from decimal import ROUND_CEILING, Decimal
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from campaign.pages.published import Published, PublishedQuerySet

MIN_PENCE = 300
MAX_PENCE = 1_000_000
MAX_PRESETS = 6
PORTAL = RegexValidator(
    r"^https://billing\.stripe\.com/p/login/\w+$",
    _("Copy the link from Stripe: it starts with https://billing.stripe.com/p/login/"),
)


def preset_amounts(text: str) -> list[int]:
    """Return the amounts, in pence, in a text like "5, 10, 25". Raises ValueError for anything else."""
    pounds = [int(part) for part in text.split(",")]
    if not 1 <= len(pounds) <= MAX_PRESETS or any(not MIN_PENCE <= 100 * p <= MAX_PENCE for p in pounds):
        raise ValueError(text)
    return [100 * p for p in pounds]


def are_presets(text: str) -> None:
    """Raise ValidationError unless the text is a list of up to six amounts in whole pounds."""
    try:
        preset_amounts(text)
    except ValueError as error:
        raise ValidationError(_("Up to six amounts in whole pounds, from 3 to 10,000, such as 5, 10, 25")) from error


class DonationSettings(models.Model):
    """Settings for all donations on this site. There is one row."""

    is_open = models.BooleanField(
        _("take donations on this site"),
        default=True,
        help_text=_("Untick to stop donations at once, for example if somebody is testing stolen cards. Appeals stay."),
    )
    portal_url = models.CharField(
        _("link to Stripe’s customer portal"),
        max_length=200,
        blank=True,
        validators=[PORTAL],
        help_text=_("Where donors change or cancel a monthly donation. Without it, monthly donations are not offered."),
    )
    fee_percent = models.DecimalField(
        _("fee in per cent"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("1.50"),
        validators=[MinValueValidator(0), MaxValueValidator(10)],
        help_text=_("What Stripe charges for a donation by an ordinary British card; see your contract with Stripe."),
    )
    fee_pence = models.PositiveSmallIntegerField(
        _("plus fixed fee in pence"), default=20, validators=[MaxValueValidator(100)], help_text=_("For each payment.")
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

    payee = models.CharField(
        _("who receives it"),
        max_length=60,
        help_text=_(
            "Appears after “Donation to” on Stripe’s page and in receipts. Other people may see those: "
            "choose a neutral name that doesn’t tell what a donor believes."
        ),
    )
    is_open = models.BooleanField(_("takes donations"), default=True)
    presets = models.CharField(
        _("amounts to choose from"),
        max_length=60,
        default="5, 10, 25, 50",
        validators=[are_presets],
        help_text=_("In whole pounds, separated by commas. Donors can also enter another amount."),
    )
    target = models.PositiveIntegerField(
        _("target"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("In whole pounds.")
    )
    charity_name = models.CharField(
        _("charity for Gift Aid"),
        max_length=160,
        blank=True,
        help_text=_("The full name by which HMRC knows the charity that receives the donations. Empty: no Gift Aid."),
    )

    objects: ClassVar = FundQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("fund")
        verbose_name_plural = _("funds")

    def get_absolute_url(self) -> str:
        return f"{reverse('fundraising:donate')}#{self.slug}"

    @property
    def preset_pence(self) -> list[int]:
        """Amounts to choose from, in pence; empty if they can't be read, and donors then enter an amount themselves."""
        try:
            return preset_amounts(self.presets)
        except ValueError:
            return []
