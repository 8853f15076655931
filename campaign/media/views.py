"""Send the files of the library to visitors."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest
from django.shortcuts import get_object_or_404
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from campaign.media.models import Document, Picture

# An address always leads to the same file, so browsers never ask again. A front cache does, to drop deleted files.
BROWSER_SECONDS = 365 * 24 * 60 * 60
FRONT_SECONDS = 5 * 60
# Even if somebody made a browser open the file as a page, the page could do nothing.
NOTHING_ALLOWED = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_safe
def media(request: HttpRequest, key: str, name: str) -> FileResponse:
    """Send a picture, or a document as a file to save. Nobody can guess the address."""
    row = find(key)
    if not row.has(name):
        raise Http404
    try:
        file = default_storage.open(row.path_of(name))
    except FileNotFoundError as error:
        raise Http404 from error
    response = FileResponse(
        file, as_attachment=isinstance(row, Document), filename=name, content_type=row.media_type_of(name)
    )
    for header, text in {
        "Content-Security-Policy": NOTHING_ALLOWED,
        "ETag": f'"{key}/{name}"' if name.isascii() else f'"{key}"',
        "X-Content-Type-Options": "nosniff",
        "X-Robots-Tag": "noindex",
    }.items():
        response[header] = text
    patch_cache_control(response, public=True, max_age=BROWSER_SECONDS, immutable=True, s_maxage=FRONT_SECONDS)
    return response


def find(key: str) -> Picture | Document:
    """Return the picture or document with this key. Raises Http404 if there is none."""
    return Picture.objects.filter(key=key).first() or get_object_or_404(Document, key=key)
