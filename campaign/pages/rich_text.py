"""Formatted text that organisers write, kept to a small set of harmless HTML."""

from typing import Any

from django.db import models
from django_prose_editor.fields import ProseEditorField, create_sanitizer

# ListItem must be named: without it the editor stops silently on a list.
EXTENSIONS: dict[str, object] = {
    "Bold": True,
    "Italic": True,
    "Heading": {"levels": [2, 3]},
    "BulletList": True,
    "OrderedList": True,
    "ListItem": True,
    "Blockquote": True,
    "Link": {"enableTarget": False, "protocols": ["http", "https", "mailto"]},
    "History": True,
}
sanitise = create_sanitizer(EXTENSIONS)


class RichTextField(ProseEditorField, models.TextField):  # a TextField already, but mypy doesn't know
    """HTML of paragraphs, h2, h3, lists, quotes, bold, italic and links; anything else is removed.

    The editor's own field cleans only in forms, so text that code saves is cleaned here as well.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        options: dict[str, Any] = {"extensions": EXTENSIONS, "sanitize": True} | kwargs
        super().__init__(*args, **options)

    def cleaned(self, html: str) -> str:
        """Return the HTML without anything that is not allowed (any more): a version may hold older text."""
        return sanitise(html)

    def pre_save(self, model_instance: models.Model, add: bool) -> str:
        html = sanitise(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, html)
        return html
