"""Admin for the call to action and the brands."""

from django.contrib import admin

from actions.businesses.models import Brand, CallToAction
from campaign.pages.admin import PublishedAdmin


@admin.register(CallToAction)
class CallToActionAdmin(PublishedAdmin):
    """Admin for what the campaign asks of businesses."""


@admin.register(Brand)
class BrandAdmin(PublishedAdmin):
    """Admin for brands' answers, with their sources and dates."""

    list_display = ["title", "state", "status", "as_of", "published"]
    list_filter = ["status", "published"]
