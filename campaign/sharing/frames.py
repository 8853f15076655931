"""Small pages that other sites can show in a frame, such as a pledge's badge."""

from base64 import b64encode
from hashlib import sha256
from typing import Any

from csp.decorators import csp_replace
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils.html import format_html
from django.views.decorators.clickjacking import xframe_options_exempt

from campaign.pages.caching import View

STYLE = (settings.BASE_DIR / "campaign/sharing/frame.css").read_text(encoding="utf-8").strip()
STYLE_HASH = b64encode(sha256(STYLE.encode()).digest()).decode()


def embeddable(view: View) -> Any:
    """Let any site show the page in a frame. The page may use only the style sheet for such pages.

    It never responds with 304, because the middleware would add our other pages' headers, which forbid frames, and
    browsers would apply them to the page in their cache (RFC 9111, section 3.2).
    """

    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        request.META.pop("HTTP_IF_NONE_MATCH", None)
        response = view(request, *args, **kwargs)
        response["Cross-Origin-Resource-Policy"] = "cross-origin"
        return response

    policy = {"frame-ancestors": ["*"], "style-src": [f"'sha256-{STYLE_HASH}'"]}
    return xframe_options_exempt(csp_replace(policy)(answer))


def snippet(path: str, title: str, height: int) -> str:
    """Return the HTML that shows the page at `path` on another site. Escape it once more to show it as text."""
    frame = '<iframe src="{}" title="{}" width="320" height="{}" style="border:0" loading="lazy"></iframe>'
    return format_html(frame, settings.SITE_URL + path, title, height)
