"""A template tag for structured data about the tracker."""

from typing import Any

from django import template

from actions.businesses.tracker.structured_data import data_set

register = template.Library()


@register.simple_tag
def tracker_data(site: Any) -> dict[str, Any]:
    """Return the tracker as a schema.org Dataset. `site` is the site's settings."""
    return data_set(site.name)
