"""Variables for every template."""

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from campaign.pages.models import MenuItem, SiteSettings


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's settings and its menus, read when a template first uses them: two queries a page."""
    menus = SimpleLazyObject(lambda: _menus(request.path))
    return {
        "site": SimpleLazyObject(SiteSettings.current),
        "header_menu": SimpleLazyObject(lambda: menus[MenuItem.Place.HEADER]),
        "footer_menu": SimpleLazyObject(lambda: menus[MenuItem.Place.FOOTER]),
        "site_url": settings.SITE_URL,
        "exit_url": settings.EXIT_URL,
        "debug": settings.DEBUG,
    }


def _menus(path: str) -> dict[str, list[MenuItem]]:
    menus: dict[str, list[MenuItem]] = {place: [] for place in MenuItem.Place.values}
    for item in MenuItem.objects.all()[:100]:
        item.is_current = path == item.url
        menus[item.place].append(item)
    return menus
