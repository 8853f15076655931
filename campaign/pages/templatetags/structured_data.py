"""A template tag for what a page tells search engines and calendars about itself."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# As Django's `json_script` does, which can't write this type: no text ends the script element or begins a comment.
ESCAPES = {ord(">"): "\\u003e", ord("<"): "\\u003c", ord("&"): "\\u0026"}


@register.simple_tag
def structured_data(data: dict[str, Any]) -> SafeString:
    """Return `data`, in the words of schema.org, as a block of JSON-LD. No browser runs it, so no CSP stops it."""
    written = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False).translate(ESCAPES)
    return mark_safe(f'<script type="application/ld+json">{written}</script>')  # noqa: S308 - escaped above
