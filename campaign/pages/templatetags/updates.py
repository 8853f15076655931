"""Template tags for updates."""

from typing import Any

from django import template

from campaign.pages.updates.structured_data import posting as posting_of

register = template.Library()


@register.simple_tag
def posting(update: Any, site: Any) -> dict[str, Any]:
    """Return an update as a schema.org BlogPosting by the campaign."""
    return posting_of(update, site.name)
