"""The search index."""

from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchHeadline, SearchQuery, SearchRank, SearchVectorField
from django.db import models
from django.db.models import Case, Exists, F, OuterRef, Q, When
from django.utils.translation import gettext_lazy as _

from campaign.search.folding import folded_query
from campaign.search.registry import KINDS

MAX_FOUND = 100
# `folded` removes these two characters from texts, so they can mark the beginning and end of a word that was found.
BEGIN, END = "\ue000", "\ue001"


def query(words: str, config: str) -> SearchQuery:
    """Return somebody's search as a PostgreSQL query in the language of `config`. Any text is a valid query."""
    return SearchQuery(folded_query(words), config=config, search_type="websearch")


class IndexRowQuerySet(models.QuerySet["IndexRow"]):
    """Queries for the search index."""

    def seen(self) -> Self:
        """Return the rows of content that visitors may see now."""
        kinds = (
            Q(Exists(kind.published().filter(pk=OuterRef("object_id"))), kind=label) for label, kind in KINDS.items()
        )
        return self.filter(reduce(or_, kinds, Q(pk=None)))

    def matching(self, words: str) -> Self:
        """Return up to MAX_FOUND rows of content with these words, best matches first.

        Visitors may no longer see some of the content: see `results`.
        """
        english, simple = query(words, "english"), query(words, "simple")
        found = self.filter(Q(is_english=True, vector=english) | Q(is_english=False, vector=simple))
        rank = Case(
            When(is_english=True, then=SearchRank(F("vector"), english)), default=SearchRank(F("vector"), simple)
        )
        return found.order_by(rank.desc(), "pk").defer("vector", "text")[:MAX_FOUND]

    def with_marks(self, words: str) -> Self:
        """Add `marked` to each row: its text, with BEGIN and END around each word that was found."""
        options: dict[str, Any] = {"start_sel": BEGIN, "stop_sel": END, "highlight_all": True}
        english = SearchHeadline("text", query(words, "english"), config="english", **options)
        simple = SearchHeadline("text", query(words, "simple"), config="simple", **options)
        return self.annotate(marked=Case(When(is_english=True, then=english), default=simple))


class IndexRow(models.Model):
    """The words of one published object. Search results show the object itself, not these words.

    `version` and `facts_at` say which state of the object was indexed.
    """

    kind = models.CharField(max_length=60)  # such as "pages.page"
    object_id = models.BigIntegerField()
    version = models.PositiveIntegerField()
    facts_at = models.DateTimeField()
    is_english = models.BooleanField()  # whether its words have English endings; if not, the index keeps them whole
    text = models.TextField()  # folded, without the title
    vector = SearchVectorField()

    marked: str  # set by `with_marks`

    objects: ClassVar = IndexRowQuerySet.as_manager()

    class Meta:
        verbose_name = _("row of the search index")
        verbose_name_plural = _("rows of the search index")
        default_permissions = ()
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_index_row_an_object")]
        indexes = [GinIndex(fields=["vector"], name="search_vector")]

    def __str__(self) -> str:
        return f"{self.kind} {self.object_id}"
