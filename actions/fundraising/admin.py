"""Appeals in the admin."""

from django.contrib import admin

from actions.fundraising.models import Appeal
from campaign.pages.admin import PublishedAdmin


@admin.register(Appeal)
class AppealAdmin(PublishedAdmin):
    """Organisers write what an appeal is for and where it leads."""
