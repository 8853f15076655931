"""Formatted text that organisers write, kept to a small set of harmless HTML."""

import re
from collections.abc import Iterator
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.html import strip_tags
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _
from django_prose_editor.config import allowlist_from_extensions, expand_extensions
from django_prose_editor.fields import ProseEditorField, ProseEditorFormField, create_sanitizer

from campaign.links.addresses import completed
from campaign.links.fields import ComparesWithBefore, HoldsLinks, refuse_unknown
from campaign.links.hrefs import hrefs, with_hrefs
from campaign.text.languages import RIGHT_TO_LEFT
from campaign.text.pasted import plainly_marked

# The words in which `static/editor/extensions.js` reports that a paste has lost something: singular and plural.
LEFT_OUT = {
    "sentence": _("We left out %s."),
    "picture": [_("a picture"), _("%s pictures")],
    "table": [_("a table’s layout"), _("the layout of %s tables")],
    "colour": [_("colours"), _("colours")],
    "underline": [_("underlining"), _("underlining")],
    "strike": [_("strike-through"), _("strike-through")],
    "raised": [_("raised or lowered letters"), _("raised or lowered letters")],
    "comment": [_("a comment"), _("%s comments")],
    "anchor": [_("a link within the document"), _("%s links within the document")],
    "link": [_("a link to nothing on the web"), _("%s links to nothing on the web")],
    "other": [_("a video, form or drawing"), _("%s videos, forms or drawings")],
}
# ListItem must be named: without it the editor stops silently on a list.
EXTENSIONS: dict[str, object] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "HardBreak": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "History": True,
    "NoSpellCheck": False,
    "Pasting": {"leftOut": LEFT_OUT},
    "Writing": {"rightToLeft": sorted(RIGHT_TO_LEFT)},
}
ALLOWED = allowlist_from_extensions(expand_extensions(EXTENSIONS))
_clean = create_sanitizer(EXTENSIONS)
ENDS_WORD = re.compile(r"</(?:p|h2|h3|li|blockquote)>|<br ?/?>")
MAX_EXCERPT = 10  # words


def excerpt(html: str) -> str:
    """Return the first ten words, without tags, and with a space between paragraphs."""
    return Truncator(" ".join(strip_tags(ENDS_WORD.sub(" ", html)).split())).words(MAX_EXCERPT)


def sanitise(html: str) -> str:
    """Return the HTML with only our few tags. Text stays bold or italic, whichever tags or styles made it so."""
    return _clean(plainly_marked(html))


class RichTextFormField(ComparesWithBefore, ProseEditorFormField):
    """A text editor that completes new links, and refuses new links that lead nowhere."""

    def clean(self, value: Any) -> str:
        html = super().clean(value) or ""
        before = set(hrefs(self.before))
        new = [href for href in hrefs(html) if href not in before]
        if problems := [problem for href in new for problem in _problems(href)]:
            raise ValidationError(problems)
        refuse_unknown(completed(href) for href in new)
        return with_hrefs(sanitise(html), _completed_or_same, **ALLOWED)


def _problems(href: str) -> Iterator[ValidationError]:
    try:
        completed(href)
    except ValidationError as error:
        yield ValidationError(
            _("The link to “%(address)s”: %(problem)s"),
            params={"address": href[:60], "problem": " ".join(error.messages)},
        )


def _completed_or_same(href: str) -> str:
    try:
        return completed(href)
    except ValidationError:  # an old link: the checks beside the form report it
        return href


class RichTextField(HoldsLinks, ProseEditorField, models.TextField):  # the second is a TextField, but mypy doesn't know
    """HTML with paragraphs, line breaks, h2, h3, lists, quotations, bold, italics and links, and nothing else.

    The editor's own field cleans only text from forms, so this one also cleans text that code saves.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        options: dict[str, Any] = {"extensions": EXTENSIONS, "sanitize": sanitise} | kwargs
        super().__init__(*args, **options)

    def cleaned(self, html: str) -> str:
        """Return the HTML without anything that the current rules forbid: a version may be older than the rules."""
        return sanitise(html)

    def addresses_in(self, value: str) -> list[str]:
        return hrefs(value or "")

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": RichTextFormField} | kwargs)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        html = sanitise(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, html)
        return html
