"""How giving goes: what came in for each fund, monthly gifts, and the last day, in a few sums of the database."""

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
GOES_ON = ["active", "past_due"]


@dataclass(frozen=True)
class LastDay:
    """Gifts of the last 24 hours: begun, and of these gone through with; given up; payments that were refused."""

    begun: int
    finished: int
    expired: int
    refused: int


@dataclass(frozen=True)
class FundFigures:
    """What came in for one fund, less what went back; amounts in pence. `days`: those with gifts, the newest first."""

    fund: Fund
    net: int
    payments: int
    monthly: int
    late: int
    a_month: int
    chart: Chart | None
    days: list[tuple[date, str]]

    @property
    def raised(self) -> str:
        """What is left, such as "£12.50"."""
        return pounds(self.net)

    @property
    def promised(self) -> str:
        """What monthly gifts bring in a month, such as "£12.50"."""
        return pounds(self.a_month)

    @property
    def top(self) -> str:
        """What the chart's top line stands for, such as "£200.00"."""
        return pounds(self.chart.marks[-1][1]) if self.chart else ""

    @property
    def whole_pounds(self) -> int:
        """What is left, for the bar towards the target."""
        return self.net // 100


@dataclass(frozen=True)
class Dashboard:
    """All of it."""

    giving: DonationSettings
    is_set_up: bool
    is_live: bool
    last_day: LastDay
    funds: list[FundFigures]


def dashboard(days: int, now: datetime) -> Dashboard:
    """How giving goes at `now` (aware), with charts of the last `days`. Real money only, but for the last day."""
    funds = list(Fund.objects.all()[:MAX_FUNDS])
    totals, monthly, by_day = _totals(), _monthly(), _by_day(funds, days, now)
    span = [timezone.localdate(now) - DAY * back for back in reversed(range(days))]
    progress = [_figures_of(fund, totals[fund.pk], monthly[fund.pk], by_day[fund.pk], span) for fund in funds]
    return Dashboard(DonationSettings.current(), is_set_up(), settings.STRIPE_LIVE, _last_day(now), progress)


def _figures_of(fund: Fund, total: dict, monthly: dict, by_day: dict[date, int], span: list[date]) -> FundFigures:
    chart = draw([(day, by_day.get(day, 0)) for day in span]) if any(by_day.values()) else None
    told = [(day, pounds(by_day[day])) for day in sorted(by_day, reverse=True)]
    active, late, a_month = (monthly.get(key, 0) for key in ("active", "late", "a_month"))
    return FundFigures(fund, total.get("net", 0), total.get("count", 0), active, late, a_month, chart, told)


def _totals() -> defaultdict[int, dict]:
    """For each fund what is left, and how many payments that is of."""
    grouped = Payment.objects.counted().order_by().values("fund").annotate(net=Sum("net_pence"), count=Count("pk"))
    return defaultdict(dict, {row["fund"]: dict(row) for row in grouped})


def _by_day(funds: list[Fund], days: int, now: datetime) -> defaultdict[int, dict[date, int]]:
    """For each fund the days on which something was paid, today and those before, and what is left of it."""
    since = timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) - DAY * (days - 1)
    counted = Payment.objects.counted().filter(fund__in=funds, paid_at__gte=since, paid_at__lte=now)
    grouped = counted.order_by().values("fund", day=TruncDate("paid_at")).annotate(net=Sum("net_pence"))
    found: defaultdict[int, dict[date, int]] = defaultdict(dict)
    for row in grouped:
        found[row["fund"]][row["day"]] = row["net"]
    return found


def _monthly() -> defaultdict[int, dict]:
    """For each fund how many monthly gifts go on, how many of these are late, and what they bring a month."""
    going = Donation.objects.real().exclude(subscription_id="").filter(subscription_status__in=GOES_ON)
    late = Count("pk", filter=Q(subscription_status="past_due"))
    a_month = Sum(F("amount_pence") + F("fee_pence"))
    grouped = going.order_by().values("fund").annotate(active=Count("pk"), late=late, a_month=a_month)
    return defaultdict(dict, {row["fund"]: dict(row) for row in grouped})


def _last_day(now: datetime) -> LastDay:
    """Of the kind of money that is taken now, so that the test of a key is seen as well."""
    since, mode = now - DAY, {"is_live": settings.STRIPE_LIVE}
    finished = Count("pk", filter=Q(session_status=Donation.Session.COMPLETE))
    begun = Donation.objects.filter(created_at__gt=since, **mode).aggregate(begun=Count("pk"), finished=finished)
    given_up = Donation.objects.filter(session_status=Donation.Session.EXPIRED, checked_at__gt=since, **mode)
    refused = Payment.objects.filter(status=Payment.Status.FAILED, created_at__gt=since, **mode)
    return LastDay(**begun, expired=given_up.count(), refused=refused.count())
