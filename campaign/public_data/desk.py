"""The shortcut to the updates of public data on the organisers' desk."""

from django.utils.translation import gettext_lazy as _

from campaign.desk.registry import Group, offer

offer(
    Group.EVENTS,
    (_("Update postcodes and MPs"), "public_data_dataupdate_changelist", "public_data.update_data"),
)
