"""Admin for letters, their recipients, and counts of letters downloaded or sent."""

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone, translation
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from actions.letters.members_api import member
from actions.letters.models import MAX_POINTS, Ask, DownloadCount, Letter, Point, SentCount, Wording
from actions.letters.recipients import Body, Recipient
from actions.letters.writing import Choices, Writer, by_writer, compose, document, template
from campaign.letters.similarity import likeness
from campaign.letters.writing import longest
from campaign.modeladmin import HubModelAdmin, ReadOnlyAdmin
from campaign.pages.admin import PUBLISHING, SHARING, PublishedAdmin
from campaign.pages.ordering import RowsInline
from campaign.places.models import Constituency


class WordingInline(RowsInline):
    """Alternative openings and closings, so that letters differ."""

    model = Wording


class PointInline(RowsInline):
    """The points that visitors choose from."""

    model = Point
    fields = ["title", "text", "other_wordings", "why", "source", "url", "dated", "order"]


class AskInline(RowsInline):
    """The questions that visitors choose from."""

    model = Ask
    fields = ["text", "other_wordings", "order"]


@admin.register(Letter)
class LetterAdmin(PublishedAdmin):
    """Letters, which can be shown filled in for a constituency. Unknown placeholders are reported beside the text."""

    empty_message = _("There are no letters yet. Add one that people can send to their MP.")
    search_fields = ["title", "summary", "subject", "body", "points__text"]
    autocomplete_fields = ["read_more"]
    inlines = [WordingInline, PointInline, AskInline]
    readonly_fields = ["filled_in_link"]
    fieldsets = [
        (None, {"fields": ["title", "slug", "summary", "recipients", "read_more", "filled_in_link"]}),
        (_("The plain letter"), {"fields": ["subject", "body"]}),
        (_("The writer’s own letter"), {"fields": ["opening", "question", "closing"]}),
        SHARING,
        PUBLISHING,
    ]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.filled_in)
        return [path("<int:pk>/filled-in/", view, name="letters_letter_filled_in"), *super().get_urls()]

    @admin.display(description=_("as an MP would get it"))
    def filled_in_link(self, letter: Letter) -> str | SafeString:
        if not letter.pk:
            return str(_("Save the letter first."))
        url = reverse("admin:letters_letter_filled_in", args=[letter.pk])
        return format_html('<a href="{}">{}</a>', url, _("See it filled in for a constituency"))

    def filled_in(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Show the plain letter and a composed one, as a writer in the chosen constituency would send them."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        letter = get_object_or_404(Letter.objects.prefetch_related("points", "asks", "wordings"), pk=pk)
        constituencies = Constituency.objects.in_order()
        place = constituencies.filter(pk=request.GET.get("constituency", "")[:9]).first() or constituencies.first()
        recipient = member(letter.recipients, place) if place else None
        with translation.override(letter.interface_language):
            name, address = str(_("Ruth Example")), str(_("1 High Street, Exampletown"))
            writer = Writer(name, address, place, recipient, timezone.localdate())
            documents = [document(letter, text, writer).blocks for text in _texts(letter, writer)]
        context = self.admin_site.each_context(request) | {
            "title": letter.title,
            "letter": letter,
            "place": place,
            "constituencies": constituencies,
            "documents": documents,
            "own_characters": _own_characters(letter, writer) if letter.has_parts else None,
        }
        return render(request, "admin/letters/filled_in.html", context)


def _texts(letter: Letter, writer: Writer) -> list[str]:
    """Return the plain letter and, if it has parts to choose from, one composed of the first two points."""
    texts = [template(letter, writer.details())]
    if letter.has_parts:
        own_words = str(_("(Here the writer says in their own words why this matters to them.)"))
        choices = Choices(tuple(letter.points.all()[:2]), letter.asks.all()[0], own_words)
        texts.append(compose(letter, choices, writer.details(), by_writer(writer)))
    return texts


def _own_characters(letter: Letter, writer: Writer) -> int:
    """Return how many characters a writer has to add to the longest letter that can be composed."""
    points = sorted(letter.points.all(), key=lambda one: max(map(len, one.wordings())))[-MAX_POINTS:]
    ask = max(letter.asks.all(), key=lambda one: max(map(len, one.wordings())))
    bare = Choices(tuple(points), ask)
    text = compose(letter, bare, writer.details(), longest)
    return likeness(text, [text]).missing


@admin.register(Body)
class BodyAdmin(HubModelAdmin):
    """The assemblies that people write to. Nobody can delete an assembly, because its members would be deleted too."""

    empty_message = _("There are no assemblies yet. Add the one that people write to, such as the House of Commons.")
    list_display = ["name", "slug"]
    prepopulated_fields = {"slug": ["name"]}

    def has_delete_permission(self, request: HttpRequest, obj: Body | None = None) -> bool:
        return False


@admin.register(Recipient)
class RecipientAdmin(HubModelAdmin):
    """Admin for imported recipients: organisers can correct e-mail addresses, and deleted recipients stay deleted."""

    empty_message = _(
        "There are no MPs yet. To fetch them, choose “Updates of public data” and press “Update postcodes and MPs”."
    )
    list_display = ["display_name", "body", "party", "area_code", "address", "is_removed"]
    list_filter = ["body", "is_removed", "party"]
    list_select_related = ["body"]
    search_fields = ["display_name", "area_code"]

    @admin.display(description=_("e-mail address"))
    def address(self, recipient: Recipient) -> str:
        return recipient.address

    def delete_model(self, request: HttpRequest, obj: Recipient) -> None:
        Recipient.objects.filter(pk=obj.pk).remove()

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet) -> None:
        """Mark them as removed, so that the next import doesn't bring them back."""
        Recipient.objects.filter(pk__in=queryset).remove()


@admin.register(DownloadCount)
class DownloadCountAdmin(ReadOnlyAdmin):
    """How often each letter was downloaded, by day and format."""

    empty_message = _("Nobody has downloaded a letter yet. Publish one, and put a link to it on the home page.")
    list_display = ["day", "letter", "kind", "count"]
    list_filter = ["letter", "kind"]
    list_select_related = ["letter"]
    date_hierarchy = "day"


@admin.register(SentCount)
class SentCountAdmin(ReadOnlyAdmin):
    """Counts of people who say that they sent a letter. Organisers also see counts below ten, which visitors don't."""

    empty_message = _("Nobody has said yet that they sent a letter. Counts appear here once somebody does.")
    list_display = ["letter", "area_code", "count", "published"]
    list_filter = ["letter"]
    list_select_related = ["letter"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[SentCount]:
        return super().get_queryset(request).order_by("-count")
