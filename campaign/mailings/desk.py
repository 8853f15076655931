"""The shortcut to mailings on the desk."""

from django.utils.translation import gettext_lazy as _

from campaign.desk.registry import Group, offer

offer(Group.PAGES, (_("Write to supporters"), "mailings_mailing_changelist", "mailings.add_mailing"))
