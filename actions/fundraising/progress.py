"""How far a fund has come, on this site and in the appeals for the same cause, told part by part."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from actions.fundraising.models import Appeal, Fund, Payment


@dataclass(frozen=True)
class Part:
    """What was raised in one place, in whole pounds; `as_of` for figures that organisers read elsewhere."""

    where: str
    pounds: int
    as_of: date | None = None
    passed_on: int = 0


@dataclass(frozen=True)
class FundProgress:
    """All parts; those of `elsewhere` are appeals whose figures are too old to be added."""

    parts: tuple[Part, ...]
    elsewhere: tuple[Appeal, ...]
    target: int | None

    @property
    def total(self) -> int:
        """In whole pounds."""
        return sum(part.pounds for part in self.parts)


def fund_progress(fund: Fund, appeals: Iterable[Appeal]) -> FundProgress:
    """What came in for a fund. What we paid into an appeal out of gifts made here is in its figure, and not added."""
    together = [appeal for appeal in appeals if appeal.fund_id == fund.pk]
    here = Payment.objects.counted().filter(fund=fund).net_total() // 100
    parts = [Part("", here)]
    for appeal in together:
        if appeal.has_fresh_figures and appeal.raised is not None:
            parts.append(Part(appeal.host, appeal.raised - appeal.passed_on, appeal.as_of, appeal.passed_on))
    old = tuple(appeal for appeal in together if not appeal.has_fresh_figures)
    return FundProgress(tuple(parts), old, None if old else fund.target)
