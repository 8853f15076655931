"""What gifts are for, and how gifts are taken on this site."""

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
    """The amounts, in pence, of a text like "5, 10, 25". Raises ValueError for anything else."""
    pounds = [int(part) for part in text.split(",")]
    if not 1 <= len(pounds) <= MAX_PRESETS or any(not MIN_PENCE <= 100 * p <= MAX_PENCE for p in pounds):
        raise ValueError(text)
    return [100 * p for p in pounds]


def are_presets(text: str) -> None:
    """Raise ValidationError for a text that is no list of up to six amounts in whole pounds."""
    try:
        preset_amounts(text)
    except ValueError as error:
        raise ValidationError(_("Up to six amounts in whole pounds, from 3 to 10,000, like: 5, 10, 25")) from error


class DonationSettings(models.Model):
    """How gifts are taken on this site, whatever they are for. There is one row."""

    is_open = models.BooleanField(
        _("take gifts on this site"),
        default=True,
        help_text=_("Untick to stop at once, such as when somebody tries out stolen cards. Appeals stay."),
    )
    portal_url = models.CharField(
        _("link to Stripe’s customer portal"),
        max_length=200,
        blank=True,
        validators=[PORTAL],
        help_text=_("Where donors change or end a monthly gift. Without it no monthly gifts are offered."),
    )
    fee_percent = models.DecimalField(
        _("fee in per cent"),
        max_digits=4,
        decimal_places=2,
        default=Decimal("1.50"),
        validators=[MinValueValidator(0), MaxValueValidator(10)],
        help_text=_("What Stripe takes of a gift by a usual British card; see your contract with Stripe."),
    )
    fee_pence = models.PositiveSmallIntegerField(
        _("and in pence"), default=20, validators=[MaxValueValidator(100)], help_text=_("For each payment.")
    )

    class Meta:
        verbose_name = _("giving settings")
        verbose_name_plural = _("giving settings")
        constraints = [models.CheckConstraint(condition=models.Q(pk=1), name="one_row_of_donation_settings")]

    def __str__(self) -> str:
        return str(self._meta.verbose_name)

    def save(self, **kwargs: Any) -> None:
        self.pk = 1
        super().save(**kwargs)

    @classmethod
    def current(cls) -> Self:
        """The one row, or an unsaved one with what holds before it has been written."""
        return cls.objects.first() or cls()

    def fee_on(self, amount_pence: int) -> int:
        """The least pence to add to a gift so that after the fee on both the whole gift is left."""
        share = 1 - self.fee_percent / 100
        return int(((amount_pence + self.fee_pence) / share).to_integral_value(ROUND_CEILING)) - amount_pence


class FundQuerySet(PublishedQuerySet["Fund"]):
    """Questions about funds."""

    def open_for_donations(self) -> Self:
        """Those that visitors can give to here."""
        return self.published().filter(is_open=True)


class Fund(Published):
    """One cause that people give to on this site."""

    payee = models.CharField(
        _("who receives it"),
        max_length=60,
        help_text=_(
            "Stands after “Donation to” on Stripe’s page and in receipts. Others may see those: "
            "choose a neutral name that tells nothing of what a donor believes."
        ),
    )
    is_open = models.BooleanField(_("takes gifts"), default=True)
    presets = models.CharField(
        _("amounts to choose from"),
        max_length=60,
        default="5, 10, 25, 50",
        validators=[are_presets],
        help_text=_("In whole pounds, with commas between. Donors may enter another amount as well."),
    )
    target = models.PositiveIntegerField(
        _("target"), null=True, blank=True, validators=[MinValueValidator(1)], help_text=_("In whole pounds.")
    )
    charity_name = models.CharField(
        _("charity for Gift Aid"),
        max_length=160,
        blank=True,
        help_text=_("The full name under which HMRC knows the charity that receives the gifts. Empty: no Gift Aid."),
    )

    objects: ClassVar = FundQuerySet.as_manager()

    class Meta(Published.Meta):
        verbose_name = _("fund")
        verbose_name_plural = _("funds")

    def get_absolute_url(self) -> str:
        return f"{reverse('fundraising:donate')}#{self.slug}"

    @property
    def preset_pence(self) -> list[int]:
        """The amounts to choose from, in pence; none if they can't be read: donors may enter an amount themselves."""
        try:
            return preset_amounts(self.presets)
        except ValueError:
            return []
