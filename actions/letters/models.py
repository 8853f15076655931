"""Letters that visitors send to their Member of Parliament."""

import re

from django.db import models
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from actions.letters import placeholders
from campaign.pages.models import Page
from campaign.pages.published import Published


class Letter(Published):
    """A template of a letter, with places for the writer's own details."""

    subject = models.CharField(_("subject"), max_length=200, validators=[placeholders.check])
    body = models.TextField(
        _("text"),
        max_length=10_000,
        validators=[placeholders.check],
        help_text=_(
            "Leave an empty line between paragraphs. You can use {{ mp.name }}, {{ constituency }}, "
            "{{ sender.name }}, {{ sender.address }} and {{ date }}."
        ),
    )
    read_more = models.ForeignKey(Page, models.SET_NULL, null=True, blank=True, verbose_name=_("page to read more"))

    class Meta(Published.Meta):
        verbose_name = _("letter")
        verbose_name_plural = _("letters")

    def get_absolute_url(self) -> str:
        return reverse("letters:letter", args=[self.slug])

    def paragraphs(self) -> list[str]:
        """The text, a paragraph each, with prompts where the writer's details go."""
        text = placeholders.prompt(self.body.replace("\r\n", "\n"))
        return [part.strip() for part in re.split(r"\n\s*\n", text) if part.strip()]
