"""Brands, with the facts about them and their status. Their answers are in the ledger."""

from collections.abc import Iterable, Iterator
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Self

from django.contrib.auth.models import User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models, transaction
from django.db.models import OuterRef, Subquery
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django_countries.fields import CountryField

from actions.businesses.models.domains import list_of_domains, refuse_another_company
from actions.businesses.models.entry import Entry
from actions.businesses.models.kinds import NAMES_COMPANY, Kind, Sector
from actions.businesses.models.status import Status
from campaign.forms.email_address import EmailAddressField
from campaign.links.fields import HTTPS_ONLY, HttpsField
from campaign.pages.published import Published, PublishedQuerySet
from campaign.pages.shared import Shared
from campaign.privacy.encrypted_field import EncryptedTextField
from campaign.versions.models import Version
from campaign.versions.versioned import AsPublished

# The site uses these addresses itself, so no brand can have one of them as its slug.
RESERVED = {"endorse", "commit", "confirm", "confirmed", "manage", "unsubscribe", "complaints", "endorsements"}
MIN_REPLY_DAYS = 14
MAX_REPLY_DAYS = 90
# The facts that the tracker shows. The ledger records each change to them.
LISTED = ("slug", "sector", "parent", "country", "website", "products", "other_names", "published", "is_example")


class WithStatus(AsPublished):
    """An iterable of published brands, each with its `status` now."""

    def __iter__(self) -> Iterator[Any]:
        brands = list(super().__iter__())
        show_statuses(brands, timezone.now())
        yield from brands


class BrandQuerySet(PublishedQuerySet):
    """Queries for brands. `moment` is aware; anything recorded later is ignored."""

    def with_status(self) -> Self:
        """Return published brands with their `status` now, in at most two more queries. Call `published` first."""
        rows = self._chain()  # type: ignore[attr-defined]  # private in Django
        rows._iterable_class = WithStatus
        return rows

    def tracked(self, moment: datetime) -> list["Brand"]:
        """Return the brands on the tracker at this moment as listed then, by name, each with its `status`.

        This takes at most three queries, however many brands there are.
        """
        listings = Entry.objects.filter(brand=OuterRef("pk"), kind=Kind.LISTING, recorded_at__lte=moment)
        newest = listings.order_by("-recorded_at", "-pk").values("details")[:1]
        found: Any = self.published_at(moment).annotate(listing=Subquery(newest))
        brands = [brand for brand in found if brand.show_listing(brand.listing)]
        show_statuses(brands, moment)
        return sorted(brands, key=lambda brand: (brand.title.casefold(), brand.pk))


class Brand(Shared, Published):
    """A brand. Its wording has versions. Its answers are in the ledger, which determines its status."""

    facts: ClassVar[frozenset[str]] = Published.facts | {
        *("sector", "parent", "country", "website", "products", "other_names", "domains"),
        *("public_address", "contact", "contact_set_at", "reply_days", "is_example"),
    }

    published_by_two: ClassVar[bool] = True  # anything that visitors read about a company needs a second organiser

    statement = models.TextField(
        _("what the brand says"),
        max_length=2000,
        blank=True,
        help_text=_("The brand’s own words, copied exactly, if any. A reply to a claim belongs in the ledger."),
    )
    sector = models.CharField(
        _("sector"),
        max_length=12,
        choices=Sector,
        default=Sector.OTHER,
        db_default=Sector.OTHER,
        help_text=_("What the brand mainly sells. Visitors can filter the tracker by it."),
    )
    parent = models.CharField(
        _("parent company"),
        max_length=150,
        blank=True,
        default="",
        db_default="",
        help_text=_("The company that owns the brand, if it has a different name."),
    )
    country = CountryField(
        _("country"),
        blank=True,
        default="",
        db_default="",
        help_text=_("The country of the company’s head office."),
    )
    website = HttpsField(
        _("website"),
        validators=[HTTPS_ONLY],
        blank=True,
        help_text=_("The brand’s own site. Its page here links to it."),
    )
    products = models.CharField(
        _("products"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("What it sells, in a few words, such as “Jeans, T-shirts”."),
    )
    other_names = models.CharField(
        _("other names"),
        max_length=200,
        blank=True,
        default="",
        db_default="",
        help_text=_("Former names, and names in other countries, separated by commas. Visitors can search for them."),
    )
    domains = models.TextField(
        _("the company’s domains"),
        max_length=1000,
        blank=True,
        default="",
        db_default="",
        validators=[list_of_domains],
        help_text=_(
            "One on each line, such as “example.com”. Only somebody with an e-mail address at one of them can make a "
            "commitment for the company."
        ),
    )
    public_address = EmailAddressField(
        _("public e-mail address"),
        blank=True,
        default="",
        db_default="",
        help_text=_("The address that the company gives its customers. Visitors see it: never enter a person’s own."),
    )
    contact = EncryptedTextField(
        _("contact address"),
        editable=True,
        help_text=_(
            "The company’s e-mail address for notices, such as its press office’s, at one of the company’s domains. If "
            "you leave it blank, notices go to the sender of the company’s newest commitment."
        ),
    )
    contact_set_at = models.DateTimeField(_("contact address set"), null=True, editable=False)
    reply_days = models.PositiveSmallIntegerField(
        _("days to reply"),
        default=MIN_REPLY_DAYS,
        db_default=MIN_REPLY_DAYS,
        validators=[MinValueValidator(MIN_REPLY_DAYS), MaxValueValidator(MAX_REPLY_DAYS)],
        help_text=_(
            "How many days the company has to reply before you publish something that speaks against it. They begin "
            "when a notice has been delivered. The minimum is fourteen."
        ),
    )
    is_example = models.BooleanField(_("example"), default=False, db_default=False, editable=False)

    objects: ClassVar[Any] = BrandQuerySet.as_manager()
    status: Status  # set by `tracked` and `show_statuses`
    listing: dict[str, Any] | None  # set by `tracked`

    class Meta(Published.Meta):
        verbose_name = _("brand")
        verbose_name_plural = _("brands")
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(reply_days__range=(MIN_REPLY_DAYS, MAX_REPLY_DAYS)), name="time_to_reply"
            )
        ]

    def get_absolute_url(self) -> str:
        return reverse("businesses:brand", args=[self.slug])

    def clean(self) -> None:
        """Check the draft. Raises ValidationError for an address that the site uses, or for another company."""
        super().clean()
        if self.slug in RESERVED:
            raise ValidationError({"slug": _("The site uses this address itself: choose another.")})
        if self.pk and self.is_named:
            refuse_another_company(self, Brand._base_manager.get(pk=self.pk))

    @property
    def is_named(self) -> bool:
        """Return whether the ledger has a claim, a notice or a deadline, even one that is unchecked or retracted."""
        return self.entries.filter(kind__in=NAMES_COMPANY).exists()

    def call_off_renames(self) -> None:
        """Call off each scheduled version that would change the brand's name. Call this in a transaction.

        It locks the brand, so nobody can schedule another one until the transaction ends.
        """
        Brand._base_manager.select_for_update(no_key=True).get(pk=self.pk)
        name, now = self.as_published().title, timezone.now()
        for version in Version.objects.of(Brand, self.pk).scheduled(now):
            if version.content["fields"]["title"] != name:
                version.cancel(None, now)

    @property
    def name(self) -> str:
        """Return the brand's name, which is its title."""
        return self.title

    @property
    def sector_label(self) -> str:
        """Return the sector in words, or its code if this version of the site doesn't know it."""
        return str(self.get_sector_display())

    @transaction.atomic
    def save(self, **kwargs: Any) -> None:
        """Save the draft and the facts. For a published brand, record any change to its listing."""
        saved = Brand._base_manager.filter(pk=self.pk).first() if self.pk else None
        if (saved.contact if saved else None) != self.contact:
            self.contact_set_at = timezone.now() if self.contact else None
        super().save(**kwargs)
        self.record_listing()

    def publish(self, *args: Any, **kwargs: Any) -> Version:
        """Publish the draft, and record in the ledger how the tracker lists the brand. Raises NotReadyError."""
        with transaction.atomic():
            version = super().publish(*args, **kwargs)
            self.record_listing()
        return version

    def record_listing(self) -> None:
        """Add a listing entry if the brand has been published and its facts differ from its newest listing."""
        listed = Brand._base_manager.get(pk=self.pk).listed()
        if not Version.objects.of(Brand, self.pk).filter(live_at__isnull=False).exists():
            return
        newest = self.entries.filter(kind=Kind.LISTING).order_by("-recorded_at", "-pk")
        if newest.values_list("details", flat=True).first() != listed:
            self.record(Kind.LISTING, details=listed)

    def listed(self) -> dict[str, Any]:
        """Return how the tracker lists the brand, in the form that the ledger records."""
        return {name: getattr(self, name) for name in LISTED} | {"country": str(self.country or "")}

    def show_listing(self, listing: dict[str, Any] | None) -> bool:
        """Set the facts to those of a listing entry; return whether the tracker lists the brand."""
        for name, value in (listing or {}).items():
            if name in LISTED:
                setattr(self, name, value)
        return bool(listing and listing["published"])

    def record(self, kind: Kind, by: User | None = None, **values: Any) -> Entry:
        """Add an entry to the brand's ledger, and return it. `by` is None if the company or the site itself adds it."""
        entry = Entry(brand=self, kind=kind, **values)
        if by is not None:
            entry.entered_by, entry.entered_name = by.pk, by.get_username()
        entry.save(force_insert=True)
        return entry

    def status_at(self, moment: datetime) -> Status:
        """Return the brand's public status at a moment (aware), from the entries recorded by then."""
        deciding = self.entries.deciding(moment).first()
        return Status.of(deciding, None if deciding else self.entries.last_asked(moment).first(), moment)

    @property
    def current_status(self) -> Status:
        """Return the brand's public status now."""
        return self.status_at(timezone.now())

    def timeline(self, moment: datetime) -> models.QuerySet[Entry]:
        """Return the entries that visitors could see at a moment (aware), newest first."""
        return self.entries.timeline(moment)

    def last_day_to_reply(self, delivered_at: datetime, deadline: date | None = None, promised: int = 0) -> date:
        """Return the last day on which the company can reply to a notice delivered at `delivered_at` (aware).

        The notice promised `promised` days to reply. The last day is never before `deadline`.
        """
        last = timezone.localdate(delivered_at) + timedelta(days=max(self.reply_days, promised))
        return max(last, deadline) if deadline else last


def show_statuses(brands: Iterable[Brand], moment: datetime) -> None:
    """Set the `status` of each brand at a moment (aware), in at most two queries."""
    by_key = {brand.pk: brand for brand in brands}
    deciding = {one.brand_id: one for one in Entry.objects.filter(brand__in=by_key).deciding(moment)}
    others = by_key.keys() - deciding.keys()
    asked = {one.brand_id: one for one in Entry.objects.filter(brand__in=others).last_asked(moment)}
    for key, brand in by_key.items():
        brand.status = Status.of(deciding.get(key), asked.get(key), moment)
