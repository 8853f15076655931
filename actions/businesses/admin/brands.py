"""Admin for the call to action and the brands."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Ask, Brand, CallToAction, LetterPoint
from campaign.pages.admin import PublishedAdmin
from campaign.pages.ordering import RowsInline


class AskInline(RowsInline):
    """What the call asks, in order."""

    model = Ask


class LetterPointInline(RowsInline):
    """The points that visitors choose from when they write to a brand."""

    model = LetterPoint
    fields = ["title", "text", "other_wordings", "order"]


@admin.register(CallToAction)
class CallToActionAdmin(PublishedAdmin):
    """Admin for what the campaign asks of businesses."""

    empty_message = _("There is no call to action yet. Add one that says what you ask of businesses.")
    inlines = [AskInline, LetterPointInline]


@admin.register(Brand)
class BrandAdmin(PublishedAdmin):
    """Admin for brands' answers, with their sources and dates."""

    empty_message = _(
        "There are no brands yet. Add one for each business that you have asked, and record what it answered."
    )
    list_display = ["title", "state", "sector", "published"]
    list_filter = ["sector", "published"]
