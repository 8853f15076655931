"""The blocks of a mailing: text, quotations, buttons and cards. No pictures: mail programs would fetch them."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from campaign.links.fields import LinkField
from campaign.mailings.models.mailing import Mailing
from campaign.pages import embeds
from campaign.pages.models.embed import TargetField
from campaign.pages.rich_text import RichTextField, excerpt
from campaign.versions.blocks import BlockBase

MAX_TITLE = 60


class MailBlock(BlockBase):
    """The base class of blocks of mailings."""

    parent = models.ForeignKey(Mailing, models.CASCADE, related_name="%(app_label)s_%(class)s_set")

    class Meta(BlockBase.Meta):
        abstract = True


class MailText(MailBlock):
    """Headings, paragraphs, lists and links."""

    html = RichTextField(
        lazy("text"),
        help_text=lazy("Headings, paragraphs, lists, quotations and links. Put what matters most in the first lines."),
    )

    class Meta(MailBlock.Meta):
        verbose_name = lazy("text")
        verbose_name_plural = lazy("texts")

    def __str__(self) -> str:
        return excerpt(self.html)


class MailQuotation(MailBlock):
    """A quotation, with the name of the person who said or wrote it."""

    words = models.TextField(
        lazy("quotation"),
        max_length=1000,
        help_text=lazy("Their own words, copied exactly, without quotation marks: the message adds them."),
    )
    speaker = models.CharField(
        lazy("who said it"),
        max_length=200,
        blank=True,
        help_text=lazy(
            "Their name, as they agreed to be named, such as “Ruth Gold, rabbi in Leeds”. Leave it blank if a name "
            "could put them in danger."
        ),
    )

    class Meta(MailBlock.Meta):
        verbose_name = lazy("quotation")
        verbose_name_plural = lazy("quotations")

    def __str__(self) -> str:
        return Truncator(self.words).chars(MAX_TITLE)


class MailButton(MailBlock):
    """A large link that asks the reader to do one thing."""

    label = models.CharField(
        lazy("text of the button"),
        max_length=40,
        help_text=lazy("What the button does, starting with a verb, such as “Write to your MP”. One button is best."),
    )
    url = LinkField(
        lazy("link"),
        max_length=500,
        help_text=lazy("A page on this site, such as /letters/, or a full address that starts with https://."),
    )

    class Meta(MailBlock.Meta):
        verbose_name = lazy("button")
        verbose_name_plural = lazy("buttons")

    def __str__(self) -> str:
        return self.label


class MailCard(MailBlock):
    """A card with the title and the summary of something on the site, and a link to it."""

    target = TargetField(
        lazy("what to show"),
        max_length=80,
        help_text=lazy(
            "The message shows its title and summary, as published when you ask for approval, with a link. If visitors "
            "can’t see it any more when the message is sent, it is left out."
        ),
    )
    shown: Any = None  # its title, summary and address, set by `campaign.mailings.rendering`

    class Meta(MailBlock.Meta):
        verbose_name = lazy("card of a pledge, letter, protest, appeal, brand or plan")
        verbose_name_plural = lazy("cards of pledges, letters, protests, appeals, brands and plans")

    def __str__(self) -> str:
        return embeds.title_of(self.target) or str(self._meta.verbose_name)

    def clean(self) -> None:
        """Raise ValidationError if the card's target doesn't exist."""
        if self.target and not embeds.title_of(self.target):
            raise ValidationError({"target": _("It has been deleted. Choose another, or delete this block.")})
