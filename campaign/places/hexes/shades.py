"""The five shades of the map. Each is for counts from one round number to the next."""

from dataclasses import dataclass

from campaign.small_numbers import MIN_SHOWN

# The size of each shade's hexagons, compared with their cells. It lets people who don't see colours tell shades apart.
SIZES = (0.375, 0.5, 0.625, 0.8125, 1)
EVEN = (10, 20, 30, 40, 50)
SERIES = (1, 2, 5)


@dataclass(frozen=True)
class Shade:
    """One shade: its number from 1 to 5, and its lowest and highest counts. `high` is None if there is no limit."""

    number: int
    low: int
    high: int | None

    @property
    def size(self) -> float:
        """Return the size of its hexagons, from 0 to 1."""
        return SIZES[self.number - 1]


def shades(top: int) -> list[Shade]:
    """Return the shades of a map whose largest count is `top`."""
    lows = _lows(top)
    highs = [low - 1 for low in lows[1:]]
    found = zip(range(1, len(lows) + 1), lows, [*highs, None], strict=True)
    return [Shade(number, low, high) for number, low, high in found if low <= top]


def shade_of(count: int, among: list[Shade]) -> Shade:
    """Return the shade of a count. The count mustn't be below the lowest count of the first shade."""
    return next(shade for shade in reversed(among) if shade.low <= count)


def _lows(top: int) -> tuple[int, ...]:
    """Return the lowest count of each shade: 10, 20, 30, 40, 50, or else 10, 20, 50, 100, 200, or wider steps.

    Most constituencies have few signatures, and some have very many. With equal steps, only those few would stand out.
    """
    if top < EVEN[-1] + MIN_SHOWN:
        return EVEN
    series = [MIN_SHOWN * step * 10**power for power in range(12) for step in SERIES]
    stride = 1
    while series[5 * stride] <= top and 6 * stride < len(series):
        stride += 1
    return tuple(series[: 5 * stride : stride])
