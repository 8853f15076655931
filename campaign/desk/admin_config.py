"""Puts our admin site in the place of Django's. Apart from the site: it is read before any model is."""

from django.contrib.admin.apps import AdminConfig


class HubAdminConfig(AdminConfig):
    """In INSTALLED_APPS in place of django.contrib.admin."""

    default_site = "campaign.desk.site.HubAdminSite"
