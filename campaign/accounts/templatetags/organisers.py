"""For the admin's templates."""

from django import template
from django.forms import Media as PlainMedia
from js_asset import Media

register = template.Library()


@register.filter
def with_nonce(media: PlainMedia, nonce: object) -> Media:
    """The scripts and styles, import map included, as our content security policy allows them."""
    return Media.from_media(media, nonce=str(nonce))
