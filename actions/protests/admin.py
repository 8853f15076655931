"""Protests in the admin."""

from django.contrib import admin

from actions.protests.models import Protest, ProtestChange
from campaign.pages.admin import PublishedAdmin


class ProtestChangeInline(admin.TabularInline):
    """Dates that are cancelled or moved."""

    model = ProtestChange
    extra = 0


@admin.register(Protest)
class ProtestAdmin(PublishedAdmin):
    """Organisers set the time and the place, and cancel or move single dates."""

    inlines = [ProtestChangeInline]
