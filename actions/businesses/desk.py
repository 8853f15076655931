"""Shortcuts to brands on the organisers' desk."""

from django.utils.translation import gettext_lazy as lazy

from campaign.desk.registry import Group, offer

offer(
    Group.EVENTS,
    (lazy("Record a brand’s answer"), "businesses_brand_changelist", "businesses.change_brand"),
    (lazy("Check an entry about a brand"), "businesses_entry_changelist", "businesses.check_entry", "?waits=check"),
)
