"""A filter for the admin's templates."""

from django import template
from django.forms import Media as PlainMedia
from js_asset import Media

register = template.Library()


@register.filter
def with_nonce(media: PlainMedia, nonce: object) -> Media:
    """Return the scripts and styles, import map included, in the form that our content security policy allows."""
    return Media.from_media(media, nonce=str(nonce))
