"""A protest on Tuesday evenings in London, and its addresses in the admin."""

from django.contrib.auth.models import Permission

from tests.accounts.organisers import sign_in
from tests.actions.factories import ProtestFactory
from tests.factories import SiteSettingsFactory


def tuesdays(**fields):
    """Create the protest, with warnings for every kind of clash, on a site with settings."""
    SiteSettingsFactory()
    warned = {"warn_of_holy_days": True, "warn_of_fasts": True, "warn_of_bank_holidays": True}
    return ProtestFactory(**{"slug": "weekly", "title": "Tuesdays at the embassy"} | warned | fields)


def sign_in_to_look(client):
    """Sign in an organiser who may view protests, but not change them."""
    user = sign_in(client, username="grace", is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="view_protest"))


def change_url(protest):
    return f"/admin/protests/protest/{protest.pk}/change/"


def date_url(protest, on, what):
    return f"/admin/protests/protest/{protest.pk}/dates/{on}/{what}/"


def month_url(protest=None, month="2027/4"):
    """Return the address of one protest's month, or of the month of all protests."""
    return (
        f"/admin/protests/protest/{protest.pk}/month/{month}/"
        if protest
        else f"/admin/protests/protest/months/{month}/"
    )
