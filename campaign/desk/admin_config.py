"""Replaces Django's admin site with ours. Kept apart from the site, because it is loaded before any model."""

from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    """Listed in INSTALLED_APPS instead of django.contrib.admin."""

    default_site = "campaign.desk.site.HubAdminSite"
