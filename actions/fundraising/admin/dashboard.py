"""Figures of the donations dashboard: totals by fund, monthly donations and the last 24 hours, in a few queries."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.conf import settings
from django.db.models import Count, F, Q, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from actions.fundraising.models import Donation, DonationSettings, Fund, Payment
from actions.fundraising.stripe.checks import is_set_up
from campaign.charts import Chart, draw
from campaign.money import pounds

PERIODS = (30, 90, 365)
MAX_FUNDS = 50
DAY = timedelta(days=1)
ONGOING = ["active", "past_due"]


@dataclass(frozen=True)
class LastDay:
    """Counts for the last 24 hours: donations started (`completed` are among them) and expired; payments refused."""

    started: int
    completed: int
    expired: int
    refused: int


@dataclass(frozen=True)
class FundFigures:
    """Income of one fund after refunds and disputes, in pence. `days` are those with a payment, newest first."""

    fund: Fund
    net: int
    payments: int
    monthly: int
    overdue: int
    monthly_pence: int
    chart: Chart | None
    days: list[tuple[date, str]]

    @property
    def raised(self) -> str:
        """Return the net total, such as "£12.50"."""
        return pounds(self.net)

    @property
    def monthly_total(self) -> str:
        """Return the monthly income from ongoing donations, such as "£12.50"."""
        return pounds(self.monthly_pence)

    @property
    def top(self) -> str:
        """Return the amount at the chart's top line, such as "£200.00"."""
        return pounds(self.chart.marks[-1][1]) if self.chart else ""

    @property
    def whole_pounds(self) -> int:
        """Return the net total, for the bar towards the target."""
        return self.net // 100


@dataclass(frozen=True)
class Dashboard:
    """Everything that the page shows."""

    donation_settings: DonationSettings
    is_set_up: bool
    is_live: bool
    last_day: LastDay
    funds: list[FundFigures]


def dashboard(days: int, now: datetime) -> Dashboard:
    """Return the figures at `now` (aware), with charts for the last `days`.

    They count real money or, in a rehearsal, test money; `last_day` covers the current mode, live or test.
    """
    funds = list(Fund.objects.all()[:MAX_FUNDS])
    donation_settings = DonationSettings.current()
    is_live = donation_settings.counts_live
    totals, monthly, by_day = _totals(is_live), _monthly(is_live), _by_day(funds, days, now, is_live)
    span = [timezone.localdate(now) - DAY * ago for ago in reversed(range(days))]
    figures = [_figures_of(fund, totals[fund.pk], monthly[fund.pk], by_day[fund.pk], span) for fund in funds]
    return Dashboard(donation_settings, is_set_up(), settings.STRIPE_LIVE, _last_day(now), figures)


def _figures_of(fund: Fund, total: dict, monthly: dict, by_day: dict[date, int], span: list[date]) -> FundFigures:
    chart = draw([(day, by_day.get(day, 0)) for day in span]) if any(by_day.values()) else None
    daily = [(day, pounds(by_day[day])) for day in sorted(by_day, reverse=True)]
    ongoing, overdue, pence = (monthly.get(key, 0) for key in ("ongoing", "overdue", "pence"))
    return FundFigures(fund, total.get("net", 0), total.get("count", 0), ongoing, overdue, pence, chart, daily)


def _totals(is_live: bool) -> defaultdict[int, dict]:
    """Return the net total and the number of payments, by fund."""
    grouped = (
        Payment.objects.completed(is_live).order_by().values("fund").annotate(net=Sum("net_pence"), count=Count("pk"))
    )
    return defaultdict(dict, {row["fund"]: dict(row) for row in grouped})


def _by_day(funds: list[Fund], days: int, now: datetime, is_live: bool) -> defaultdict[int, dict[date, int]]:
    """Return the net total of each of the last `days` (today included) that has a payment, by fund."""
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - DAY * (days - 1)
    counted = Payment.objects.completed(is_live).filter(fund__in=funds, paid_at__gte=since, paid_at__lte=now)
    grouped = counted.order_by().values("fund", day=TruncDate("paid_at")).annotate(net=Sum("net_pence"))
    totals: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for row in grouped:
        totals[row["fund"]][row["day"]] = row["net"]
    return totals


def _monthly(is_live: bool) -> defaultdict[int, dict]:
    """Return the number of ongoing and of overdue monthly donations, and their total a month, by fund."""
    ongoing = (
        Donation.objects.filter(is_live=is_live).exclude(subscription_id="").filter(subscription_status__in=ONGOING)
    )
    overdue = Count("pk", filter=Q(subscription_status="past_due"))
    pence = Sum(F("amount_pence") + F("fee_pence"))
    grouped = ongoing.order_by().values("fund").annotate(ongoing=Count("pk"), overdue=overdue, pence=pence)
    return defaultdict(dict, {row["fund"]: dict(row) for row in grouped})


def _last_day(now: datetime) -> LastDay:
    """Count donations in the current mode, live or test, so that a trial with a test key shows up as well."""
    since, mode = now - DAY, {"is_live": settings.STRIPE_LIVE}
    completed = Count("pk", filter=Q(session_status=Donation.Session.COMPLETE))
    started = Donation.objects.filter(created_at__gt=since, **mode).aggregate(started=Count("pk"), completed=completed)
    expired = Donation.objects.filter(session_status=Donation.Session.EXPIRED, checked_at__gt=since, **mode)
    refused = Payment.objects.filter(status=Payment.Status.FAILED, created_at__gt=since, **mode)
    return LastDay(**started, expired=expired.count(), refused=refused.count())
