"""Letters, their wordings, points and questions, and their counts."""

from actions.letters.models.counts import DownloadCount, SentCount, SentCountQuerySet
from actions.letters.models.letter import FIND_YOUR_MP, MAX_POINTS, MIN_POINTS, Ask, Letter, Point, Wording

__all__ = [
    "FIND_YOUR_MP",
    "MAX_POINTS",
    "MIN_POINTS",
    "Ask",
    "DownloadCount",
    "Letter",
    "Point",
    "SentCount",
    "SentCountQuerySet",
    "Wording",
]
