"""Letters in the admin."""

from django.contrib import admin

from actions.letters.models import Letter
from campaign.pages.admin import PublishedAdmin


@admin.register(Letter)
class LetterAdmin(PublishedAdmin):
    """Organisers write letters; a wrong placeholder is explained beside the text."""

    autocomplete_fields = ["read_more"]
