"""A template filter for telephone numbers."""

import re

from django import template
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

register = template.Library()
# From 8 digits, the length of a Parisian number without its prefix, to 15, the maximum worldwide (ITU-T E.164).
NUMBER = re.compile(r"(?<![\w+])\+?\(?\d(?:[ \u00a0().-]{0,3}\d){7,14}(?!\w)")
NATIONAL_PREFIX = re.compile(r"(?<=\d)\s*\(0\)")


@register.filter
def linked_phones(text: str) -> SafeString:
    """Return `text` as HTML, with each telephone number turned into a link that phones can dial."""
    parts: list[str] = []
    end = 0
    for found in NUMBER.finditer(text):
        parts += [text[end : found.start()], _link(found[0])]
        end = found.end()
    return format_html_join("", "{}", ((part,) for part in [*parts, text[end:]]))


def _link(number: str) -> SafeString:
    """Return a link that dials a number: +442079460018 for "+44 (0)20 7946 0018" (RFC 3966)."""
    international = number.startswith("+")
    dialled = re.sub(r"[^\d+]", "", NATIONAL_PREFIX.sub("", number) if international else number)
    return format_html('<a href="tel:{}" dir="ltr">{}</a>', dialled, number)
