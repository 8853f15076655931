"""Shortcuts on the desk to tasks about accounts."""

from django.utils.translation import gettext_lazy as lazy

from campaign.desk.registry import Group, offer

offer(
    Group.PEOPLE,
    (lazy("Invite another organiser"), "auth_user_add", "auth.add_user"),
    (lazy("Shut an organiser out"), "auth_user_changelist", "auth.change_user"),
)
