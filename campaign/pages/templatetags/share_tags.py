"""Tags that say how a shared link looks."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag(takes_context=True)
def share_card(context: template.Context, about: Any = None) -> Any:
    """Return the card of shared links of the page about something, or of a page about nothing in particular."""
    site = context["site"]
    return about.share_card(site) if about else site.share_card(site)
