"""The call to action and the brands in the admin."""

from django.contrib import admin

from actions.businesses.models import Brand, CallToAction
from campaign.pages.admin import PublishedAdmin


@admin.register(CallToAction)
class CallToActionAdmin(PublishedAdmin):
    """Organisers write what they ask of businesses."""


@admin.register(Brand)
class BrandAdmin(PublishedAdmin):
    """Organisers record a brand's answer with its source and date."""

    list_display = ["title", "status", "as_of", "published", "order"]
    list_filter = ["status", "published"]
