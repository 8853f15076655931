"""Protests in the admin."""

from django.contrib import admin

from actions.protests.models import Protest, ProtestChange
from campaign.pages.admin import PublishedAdmin


class StateChangeInline(admin.TabularInline):
    """The weeks that differ."""

    model = ProtestChange
    extra = 0


@admin.register(Protest)
class ProtestAdmin(PublishedAdmin):
    """Organisers set when and where, and cancel or move single dates."""

    inlines = [StateChangeInline]
