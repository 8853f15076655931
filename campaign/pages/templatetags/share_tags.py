"""A template tag for share cards."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def share_card(context: template.Context, about: Any = None) -> Any:
    """Return the share card of the object that a page is `about`, or the site's own card for other pages."""
    site = context["site"]
    return about.share_card(site) if about else site.share_card(site)
