"""Variables for every template."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from campaign.pages.models import MenuItem, SiteSettings


def site(request: HttpRequest) -> dict[str, object]:
    """Return the site's settings and menus. One query reads them when a template first uses them."""
    current: Any = SimpleLazyObject(lambda: SiteSettings.of(request))
    menus = SimpleLazyObject(lambda: _menus(current, request.path))
    return {
        "site": current,
        "header_menu": SimpleLazyObject(lambda: menus[MenuItem.Place.HEADER]),
        "footer_menu": SimpleLazyObject(lambda: menus[MenuItem.Place.FOOTER]),
        "site_url": settings.SITE_URL,
        "exit_url": settings.EXIT_URL,
        "debug": settings.DEBUG,
    }


def _menus(current: SiteSettings, path: str) -> dict[str, list[MenuItem]]:
    menus: dict[str, list[MenuItem]] = {place: [] for place in MenuItem.Place.values}
    for item in current.menu.all() if current.pk else []:
        item.is_current = path == item.url
        menus[item.place].append(item)
    return menus
