"""A template tag for structured data, which search engines and calendars read."""

import json
from typing import Any

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
# As in Django's `json_script`, which can't set this type, no text can end the script element or begin a comment.
ESCAPES = {ord(">"): "\\u003e", ord("<"): "\\u003c", ord("&"): "\\u0026"}


@register.simple_tag
def structured_data(data: dict[str, Any]) -> SafeString:
    """Return schema.org data as a block of JSON-LD. Browsers don't run it, so our CSP allows it without a nonce."""
    written = json.dumps({"@context": "https://schema.org"} | data, ensure_ascii=False).translate(ESCAPES)
    block = f'<script type="application/ld+json">{written}</script>'  # escaped above
    return mark_safe(block)  # noqa: S308  # nosec B308 B703  # nosemgrep: hub-safe-markup
