"""A fund's progress, on this site and in the appeals for the same cause."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from actions.fundraising.models import Appeal, Fund, Payment


@dataclass(frozen=True)
class Part:
    """Amount raised in one place, in whole pounds; `as_of` is set for figures that organisers read elsewhere."""

    where: str
    pounds: int
    as_of: date | None = None
    passed_on: int = 0


@dataclass(frozen=True)
class FundProgress:
    """Amounts raised for a fund; `elsewhere` has the appeals whose figures are too old to be added."""

    parts: tuple[Part, ...]
    elsewhere: tuple[Appeal, ...]
    target: int | None
    is_live: bool

    @property
    def total(self) -> int:
        """Return the total in whole pounds."""
        return sum(part.pounds for part in self.parts)


def fund_progress(fund: Fund, appeals: Iterable[Appeal], *, is_live: bool) -> FundProgress:
    """Return a fund's progress in real money or, in a rehearsal, in test money without the appeals.

    An appeal's figure includes donations made here and passed on to it, so subtract them.
    """
    linked = [appeal for appeal in appeals if appeal.fund_id == fund.pk and is_live]
    here = Payment.objects.completed(is_live).filter(fund=fund).net_total() // 100
    parts = [Part("", here)]
    for appeal in linked:
        if appeal.has_fresh_figures and appeal.raised is not None:
            parts.append(Part(appeal.host, appeal.raised - appeal.passed_on, appeal.as_of, appeal.passed_on))
    outdated = tuple(appeal for appeal in linked if not appeal.has_fresh_figures)
    return FundProgress(tuple(parts), outdated, None if outdated else fund.target, is_live)
