"""Pages for reading, editing and downloading letters. Nothing that a visitor writes is stored or logged."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from actions.letters.forms import AreaForm, ComposeForm, FindForm, WriterForm
from actions.letters.members_api import member
from actions.letters.models import DownloadCount, Letter, SentCount
from actions.letters.recipients import COMMONS, Body
from actions.letters.writing import Writer, blank, by_writer, compose, document, message, template, templates
from campaign.documents import download as documents
from campaign.documents.mailto import mailto
from campaign.forms.guard import public_form
from campaign.letters import downloads
from campaign.letters.similarity import likeness
from campaign.pages.caching import cacheable, public_page
from campaign.pages.models import Page
from campaign.pages.visits import add_one, is_a_visit
from campaign.places.hexes.maps import counts_and_map
from campaign.places.models import Constituency
from campaign.small_numbers import MIN_SHOWN

MAX_LETTERS = 100


@public_page
def index(request: HttpRequest) -> HttpResponse:
    """List the letters."""
    return render(request, "letters/index.html", {"letters": Letter.objects.published()[:MAX_LETTERS]})


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def find_your_mp(request: HttpRequest) -> HttpResponse:
    """Look up the MP for a postcode in our own tables, by POST so that no URL contains the postcode."""
    form = FindForm(request.POST if request.method == "POST" else None)
    place = form.cleaned_data["place"] if form.is_valid() else None
    context = {"form": form, "place": place}
    if place:
        commons = Body.objects.filter(slug=COMMONS).first()
        context |= {
            "member": member(commons, place),
            "has_members": commons is not None and commons.members.exists(),
            "letters": Letter.objects.published()[:MAX_LETTERS],
            "body": commons,
        }
    return render(request, "letters/find.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def letter(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a letter and the form for writing your own. A POST previews the result and stores nothing."""
    letter = _letter(slug)
    with translation.override(letter.interface_language):
        if request.method != "POST":
            form = ComposeForm(letter, initial={"constituency": AreaForm(request.GET).area_code()})
            return _page(request, letter, form)
        form = ComposeForm(letter, request.POST)
        if form.is_valid() and "edit" not in request.POST:
            return _preview(request, letter, form)
        return _page(request, letter, form)


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@never_cache
def download(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Send the letter as a file: with prompts to fill in on GET, filled in on POST."""
    letter = _letter(slug)
    with translation.override(letter.interface_language):
        if request.method != "POST":
            response = documents.download(blank(letter), kind, slug)
        else:
            whole = ComposeForm(letter, request.POST)
            form = whole if "points" in request.POST else WriterForm(letter, request.POST)
            if not form.is_valid():
                return _page(request, letter, whole)
            response = _written(letter, form, kind)
        if is_a_visit(request):
            add_one(DownloadCount, letter=letter, kind=kind, day=timezone.localdate())
        return response


@require_http_methods(["GET", "HEAD", "POST"])
@public_form
@cacheable
def sent(request: HttpRequest, slug: str) -> HttpResponse:
    """Count one anonymous “I have sent it” by letter and constituency, then thank the visitor."""
    letter = _letter(slug)
    if request.method == "POST":
        add_one(SentCount, letter=letter, area_code=AreaForm(request.POST).area_code())
        return redirect("letters:sent", slug)
    with translation.override(letter.interface_language):
        return render(request, "letters/sent.html", {"letter": letter, "sent": letter.sent.shown()})


@public_page
def areas(request: HttpRequest, slug: str, *, largest_first: bool = False) -> HttpResponse:
    """Show where people sent the letter from, according to them. Small counts are suppressed."""
    letter = _letter(slug)
    with translation.override(letter.interface_language):
        _counts, drawn = counts_and_map(letter.sent.all(), "published")
        context = {"letter": letter, "map": drawn, "min_shown": MIN_SHOWN, "largest_first": largest_first}
        return render(request, "letters/areas.html", context)


def _letter(slug: str) -> Letter:
    """Return the letter with its points, questions and wordings."""
    return get_object_or_404(Letter.objects.published().select_related("recipients"), slug=slug)


def _place(form: ComposeForm) -> Constituency | None:
    """Return the constituency to show beside the form, if the form already has one."""
    return Constituency.objects.filter(pk=form["constituency"].value()).first() if form.place_is_known() else None


def _page(request: HttpRequest, letter: Letter, form: ComposeForm) -> HttpResponse:
    read_more = Page.objects.published().filter(pk=letter.read_more_id).first() if letter.read_more_id else None
    context = {
        "letter": letter,
        "form": form if letter.has_parts else None,
        "place": _place(form),
        "paper": blank(letter).blocks,
        "downloads": documents.links(lambda kind: reverse("letters:download", args=[letter.slug, kind])),
        "read_more": read_more,
        "sent": letter.sent.shown(),
    }
    return render(request, "letters/letter.html", context)


def _preview(request: HttpRequest, letter: Letter, form: ComposeForm) -> HttpResponse:
    writer = form.writer(timezone.localdate())
    text = _text(letter, form, writer)
    ours = templates(letter, form.choices(), writer)
    recipient = writer.recipient
    laid_out = document(letter, text, writer)
    context = {
        "letter": letter,
        "form": form,
        "form_layout": form.preview_of(text),
        "sent_form": AreaForm(initial={"constituency": form.cleaned_data["place"].code}, auto_id=False),
        "writer": writer,
        "paper": laid_out.blocks,
        "alike": likeness(text, ours),
        "templates": ours,
        **downloads.offers(lambda kind: reverse("letters:download", args=[letter.slug, kind])),
        "mail": mailto(recipient.address if recipient else "", laid_out.title, f"{text}\n\n{writer.address}"),
        "write_url": letter.recipients.write_link(form.typed_postcode()) if letter.recipients else "",
        "vacant": letter.recipients is not None and recipient is None and letter.recipients.members.exists(),
    }
    return render(request, "letters/preview.html", context)


def _text(letter: Letter, form: WriterForm, writer: Writer) -> str:
    """Return the letter's text: as edited, or else as composed. For the plain form, fill in the plain letter."""
    if not isinstance(form, ComposeForm):
        return template(letter, writer.details())
    return form.edited() or compose(letter, form.choices(), writer.details(), by_writer(writer))


def _written(letter: Letter, form: WriterForm, kind: str) -> HttpResponse:
    writer = form.writer(timezone.localdate())
    text = _text(letter, form, writer)
    to = writer.recipient.address if writer.recipient else ""
    on_paper, as_mail = document(letter, text, writer), message(letter, text, writer)
    return downloads.written(kind, letter.slug, on_paper, as_mail, to)
