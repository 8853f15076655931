"""Protection of forms that anybody may post, without a cookie or a CSRF token, so that caches can keep the page.

An anonymous form has no signed-in person whose authority another site could misuse. The remaining dangers are
spam, and posts made by other sites' pages: see `Guard` and `same_origin`.
"""

import logging
import time
from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlsplit

from crispy_forms.helper import FormHelper
from crispy_forms.layout import Layout
from django import forms
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

log = logging.getLogger(__name__)
SIGNER = signing.Signer(salt="public form")
MINUTE = 60
STAMP_LIFE = 24 * 60 * MINUTE
MIN_SECONDS_TO_FILL = 2
MIN_ANSWER_SECONDS = 0.008
MIN_LOOK_UP_SECONDS = 0.05
OUR_OWN = {"same-origin", "none"}
T = TypeVar("T", bound=forms.Form)


def same_origin(request: HttpRequest) -> bool:
    """Return whether the browser says that the post comes from one of our pages.

    Sec-Fetch-Site (W3C Fetch Metadata) decides; older browsers send Origin (RFC 6454). A client that sends neither
    isn't a browser that another site could use, so its post is accepted.
    """
    site = request.headers.get("Sec-Fetch-Site")
    if site is not None:
        return site in OUR_OWN
    origin = request.headers.get("Origin")
    if origin is not None:
        return _host(origin) == request.get_host()
    log.info("A form was posted with neither Sec-Fetch-Site nor Origin.")
    return True


def _host(origin: str) -> str:
    """Return the host and port of an origin, or "" for anything else."""
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""


def public_form(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Let a view accept anonymous posts from our own pages, and from nowhere else (403).

    Responses to posts take at least 8 ms. The database needs less to store a signature, or to find that there is one
    already, so the response time doesn't reveal which it did.
    """

    @csrf_exempt
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if request.method != "POST":
            return view(request, *args, **kwargs)
        if not same_origin(request):
            raise PermissionDenied
        began = time.monotonic()
        response = view(request, *args, **kwargs)
        time.sleep(max(0.0, began + MIN_ANSWER_SECONDS - time.monotonic()))
        return response

    return guarded


def evened_out(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    """Make a view take at least 50 ms to respond to a POST.

    Use it for forms that store or look up an address with several queries. These may take longer than the 8 ms of
    `public_form`, so without it the time would reveal whether we know the address.
    """

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        began = time.monotonic()
        response = view(request, *args, **kwargs)
        if request.method == "POST":
            time.sleep(max(0.0, began + MIN_LOOK_UP_SECONDS - time.monotonic()))
        return response

    return answer


def layout(*parts: Any) -> FormHelper:
    """Return the crispy-forms helper of a public form: no token, and no validation by the browser."""
    helper = FormHelper()
    helper.disable_csrf = True
    helper.attrs = {"novalidate": ""}
    helper.layout = Layout(*parts)
    return helper


def make_stamp(now: float) -> str:
    """Return the signed minute of `now` (seconds since 1970)."""
    return SIGNER.sign(str(int(now) // MINUTE * MINUTE))


def current_stamp() -> str:
    """Return the stamp for forms made in this minute."""
    return make_stamp(time.time())


class Guard(forms.Form):
    """A hidden field that contains the time when the form was made.

    The time is signed and rounded down to the minute, so that the page can be cached. There is no honeypot field:
    password managers fill one in, just as bots do.
    """

    stamp = forms.CharField(required=False, max_length=200, initial=current_stamp, widget=forms.HiddenInput)

    def looks_automatic(self) -> bool:
        """Return whether the form was sent back sooner than a person could read it."""
        age = stamp_age(self.cleaned_data.get("stamp", ""), time.time())
        return age is not None and age < MIN_SECONDS_TO_FILL


class UnhurriedForm(Guard):
    """A form that is shown again, with what was typed, if it was sent back sooner than a person could read it."""

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.looks_automatic():
            self.add_error(None, _("That was very quick. Please check what you entered, then press the button again."))
        return data


class SharedFields(dict[str, forms.Field]):
    """Fields of a form class that all its forms share, because none of them changes a field.

    Django copies every field for every form, which takes a tenth of the time of a signing.
    """

    def __deepcopy__(self, memo: dict[int, Any]) -> "SharedFields":
        return self


class HelpText(Promise):
    """A lazy help text that is known not to be empty.

    Django asks each field of each form whether it has a help text, and a lazy one would be translated for that. It
    takes a tenth of the time of a signing, whose response shows no form.
    """

    def __init__(self, text: Promise) -> None:
        self.text = text

    def __bool__(self) -> bool:
        return True

    def __str__(self) -> str:
        return str(self.text)


def share_fields(form: type[T]) -> type[T]:
    """Decorate a form class whose fields and widgets never change after it is created.

    `field_order` is applied here: otherwise each form would reorder the fields by removing them from the class.
    """
    for field in form.base_fields.values():
        if isinstance(field.help_text, Promise):
            field.help_text = cast(Any, HelpText(field.help_text))
    first = {name: form.base_fields[name] for name in form.field_order or ()}
    form.base_fields, form.field_order = SharedFields(first | form.base_fields), None
    return form


def stamp_age(stamp: str, now: float) -> float | None:
    """Return the seconds since the start of the stamp's minute (never less than the form's real age).

    Return None for a stamp that is missing, not ours, or older than a day, which alone doesn't suggest a bot.
    """
    try:
        made = int(SIGNER.unsign(stamp))
    except (signing.BadSignature, ValueError):
        return None
    age = now - made
    return age if age <= STAMP_LIFE else None
