"""Blocks of words: text, quotations, facts and figures with sources, questions, columns, and calls to action."""

from django.db import models
from django.utils.text import Truncator
from django.utils.translation import gettext_lazy as _

from campaign.links.fields import HTTPS_ONLY, HttpsField, LinkField
from campaign.pages.models.page import Block
from campaign.pages.rich_text import RichTextField, excerpt
from campaign.pages.sources import a_document

MAX_TITLE = 60


class Text(Block):
    """Headings, paragraphs and lists."""

    html = RichTextField(
        _("text"),
        help_text=_(
            "Headings, paragraphs, lists, quotations and links. Start a new section with a heading, so that "
            "people can skim."
        ),
    )

    class Meta:
        verbose_name = _("text")
        verbose_name_plural = _("texts")

    def __str__(self) -> str:
        return excerpt(self.html)


class Quotation(Block):
    """A quotation, with the name of the person who said or wrote it."""

    words = models.TextField(
        _("quotation"),
        max_length=1000,
        help_text=_("Their own words, copied exactly, without quotation marks: the page adds them."),
    )
    speaker = models.CharField(
        _("who said it"),
        max_length=150,
        blank=True,
        help_text=_("Their name, as they agreed to be named. Leave it blank if a name could put them in danger."),
    )
    about = models.CharField(
        _("about them, or when they said it"),
        max_length=200,
        blank=True,
        help_text=_("Shown after the name, such as “rabbi in Leeds” or “in the House of Commons, 22 April 2021”."),
    )
    url = HttpsField(
        _("link to the source"),
        max_length=500,
        validators=[HTTPS_ONLY],
        blank=True,
        help_text=_("The address where the whole text can be read. Leave it blank if there is none."),
    )

    class Meta:
        verbose_name = _("quotation")
        verbose_name_plural = _("quotations")

    def __str__(self) -> str:
        return Truncator(self.words).chars(MAX_TITLE)


class Sourced(Block):
    """A block with a source, its date and, optionally, a link to it."""

    source = models.CharField(
        _("source"), max_length=300, help_text=_("Who published it, its title, and its number if it has one.")
    )
    url = HttpsField(
        _("link to the source"),
        max_length=500,
        validators=[HTTPS_ONLY, a_document],
        blank=True,
        help_text=_("The address of the document itself. Leave it blank if the document has none."),
    )
    dated = models.CharField(
        _("date of the source"),
        max_length=80,
        help_text=_("When the source says that it was published, such as “31 August 2022” or “2021”."),
    )

    class Meta(Block.Meta):
        abstract = True


class Fact(Sourced):
    """A statement of fact with its source."""

    claim = models.TextField(
        _("statement"), max_length=1000, help_text=_("One fact, in a sentence that the source supports.")
    )

    class Meta:
        verbose_name = _("fact with its source")
        verbose_name_plural = _("facts with their sources")

    def __str__(self) -> str:
        return Truncator(self.claim).chars(MAX_TITLE)


class Figure(Sourced):
    """An important number with its source. Neighbouring figures appear side by side."""

    number = models.CharField(
        _("number"),
        max_length=40,
        help_text=_("As visitors read it, such as “1.8 million”, “one in five” or “£250”."),
    )
    label = models.CharField(
        _("what it counts"),
        max_length=200,
        help_text=_("A few words under the number, such as “people in detention in 2018”, as in the source."),
    )

    class Meta:
        verbose_name = _("figure with its source")
        verbose_name_plural = _("figures with their sources")

    def __str__(self) -> str:
        return Truncator(f"{self.number} {self.label}").chars(MAX_TITLE)


class Question(Block):
    """A question and its answer, which opens at a click. Neighbouring questions appear as one list."""

    question = models.CharField(
        _("question"), max_length=200, help_text=_("As a visitor would ask it, such as “Who sees my name?”")
    )
    answer = RichTextField(
        _("answer"),
        help_text=_("Shown when a visitor opens the question. Add one block for each question, one after another."),
    )

    class Meta:
        verbose_name = _("question and answer")
        verbose_name_plural = _("questions and answers")

    def __str__(self) -> str:
        return Truncator(self.question).chars(MAX_TITLE)


class Columns(Block):
    """Two or three texts side by side, or one below another on a phone."""

    first = RichTextField(_("first column"), help_text=_("On the left, or on the right if the language runs that way."))
    second = RichTextField(_("second column"), help_text=_("Beside the first; on a phone, below it."))
    third = RichTextField(_("third column"), blank=True, help_text=_("Leave it blank to have two columns."))

    class Meta:
        verbose_name = _("columns")
        verbose_name_plural = _("columns")

    def __str__(self) -> str:
        return excerpt(self.first)

    @property
    def texts(self) -> list[str]:
        """Return the HTML of each column that isn't empty."""
        return [html for html in (self.first, self.second, self.third) if html]


class Action(Block):
    """A box that asks the reader to do something."""

    title = models.CharField(
        _("title"), max_length=100, help_text=_("The heading of the box, such as “Sign the pledge”.")
    )
    text = models.CharField(
        _("text"),
        max_length=300,
        blank=True,
        help_text=_("A sentence under the heading that says why, or how long it takes. You can leave it blank."),
    )
    label = models.CharField(
        _("text of the button"),
        max_length=40,
        help_text=_("What the button does, starting with a verb, such as “Sign now”."),
    )
    url = LinkField(
        _("link"),
        max_length=200,
        help_text=_(
            "Where the button leads: a page on this site, such as /pledges/stop/, or a full address that "
            "starts with https://."
        ),
    )

    class Meta:
        verbose_name = _("call to action")
        verbose_name_plural = _("calls to action")

    def __str__(self) -> str:
        return self.title
