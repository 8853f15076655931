"""Figures and shortcuts about donations on the organisers' desk."""

from collections.abc import Iterator
from datetime import timedelta

from django.contrib.auth.models import User
from django.db.models import Count, Sum
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from actions.fundraising.models import DonationSettings, Payment
from campaign.desk.registry import Figure, Group, Item, offer, shows
from campaign.money import short_pounds

WEEK = timedelta(days=7)


@shows("fundraising.view_payment")
def donations(user: User) -> Iterator[Item]:
    """Yield the total donated in the last seven days, less refunds and disputes; a rehearsal counts test money."""
    is_live = DonationSettings.current().counts_live
    paid = Payment.objects.completed(is_live).filter(paid_at__gt=timezone.now() - WEEK).order_by()
    sums = paid.aggregate(pence=Sum("net_pence"), count=Count("pk"))
    count = sums["count"]
    note = ngettext("%(count)s payment in the last seven days", "%(count)s payments in the last seven days", count)
    label = _("Donations") if is_live else _("Donations (test money)")
    url = reverse("admin:fundraising_payment_changelist")
    yield Figure(label, short_pounds(sums["pence"] or 0), url, note % {"count": count})


offer(
    Group.DONATIONS,
    (lazy("See how donations are going"), "fundraising_fund_dashboard", "fundraising.view_payment"),
    (lazy("See what donors gave"), "fundraising_donation_changelist", "fundraising.view_donation"),
    (lazy("Find a payment"), "fundraising_payment_changelist", "fundraising.view_payment"),
    (
        lazy("Show a donor’s name or dedication"),
        "fundraising_donation_changelist",
        "fundraising.change_donation",
        "?words=waiting",
    ),
    (lazy("Update the figures of an appeal"), "fundraising_appeal_changelist", "fundraising.change_appeal"),
    (lazy("Change a fund"), "fundraising_fund_changelist", "fundraising.change_fund"),
    (lazy("Stop donations"), "fundraising_donationsettings_changelist", "fundraising.change_donationsettings"),
    (lazy("Claim Gift Aid"), "fundraising_claim_changelist", "fundraising.claim_gift_aid"),
)
