"""The configuration that replaces Django's admin site with ours. It is loaded before any model, so it is separate."""

from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    """The app to list in INSTALLED_APPS instead of django.contrib.admin."""

    default_site = "campaign.desk.site.HubAdminSite"
