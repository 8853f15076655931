"""Admin for the call to action and the brands."""

from django.contrib import admin
from django.utils.translation import gettext_lazy as _

from actions.businesses.models import Brand, CallToAction
from campaign.pages.admin import PublishedAdmin


@admin.register(CallToAction)
class CallToActionAdmin(PublishedAdmin):
    """Admin for what the campaign asks of businesses."""

    empty_message = _("There is no call to action yet. Add one that says what you ask of businesses.")


@admin.register(Brand)
class BrandAdmin(PublishedAdmin):
    """Admin for brands' answers, with their sources and dates."""

    empty_message = _(
        "There are no brands yet. Add one for each business that you have asked, and record what it answered."
    )
    list_display = ["title", "state", "status", "as_of", "published"]
    list_filter = ["status", "published"]
