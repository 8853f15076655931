"""The view that sends media library files to visitors."""

from django.core.files.storage import default_storage
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.cache import patch_cache_control
from django.views.decorators.http import require_safe

from campaign.media.models import Document, library_file
from campaign.replicas import reads_replica

# An address always refers to the same file, so browsers never ask again. A front cache does, so that it drops files
# that are withdrawn or deleted. It also keeps a response that says that a file is gone, which then replaces the file.
BROWSER_SECONDS = 365 * 24 * 60 * 60
FRONT_SECONDS = 45
GONE_SECONDS = 10
# Even if somebody made a browser open the file as a page, the page could do nothing.
NOTHING_ALLOWED = "default-src 'none'; sandbox; frame-ancestors 'none'"


@require_safe
@reads_replica
def media(request: HttpRequest, key: str, name: str) -> FileResponse | HttpResponse:
    """Send a picture, or a document as a download, or respond with status 410 if the file is hidden or withdrawn.

    Nobody can guess the address.
    """
    row = library_file(key)
    if row is None or not row.has(name):
        raise Http404
    if row.is_hidden:
        return gone(request)
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


def gone(request: HttpRequest) -> HttpResponse:
    """Say that the file has been withdrawn, with status 410."""
    response = render(request, "410.html", status=410)
    patch_cache_control(response, public=True, max_age=0, s_maxage=GONE_SECONDS)
    return response
