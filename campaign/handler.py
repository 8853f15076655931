"""Django's request handler, which reads forms as UTF-8 whatever they declare, and can be warmed up."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit
from wsgiref.util import setup_testing_defaults

from django.conf import settings
from django.core.exceptions import BadRequest
from django.core.handlers.wsgi import WSGIHandler, WSGIRequest
from django.db import connections
from django.http import UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.http import parse_header_parameters

from campaign.replicas import primary_only

# Raised by Django's header parser for parameters that can't be decoded, such as `charset*0=a; charset*=b`.
UNREADABLE = (LookupError, TypeError, ValueError)


class Utf8Request(WSGIRequest):
    """A request whose form is read as UTF-8, whatever character set it declares.

    Forms can't choose a character set (https://url.spec.whatwg.org/#application/x-www-form-urlencoded). Django would
    decode the query with any of Python's codecs, including "undefined" and "base64", and fail before it could send a
    response.
    """

    def _set_content_type_params(self, meta: dict[str, Any]) -> None:
        """Read Content-Type; treat an unreadable one as missing."""
        try:
            self.content_type, self.content_params = parse_header_parameters(meta.get("CONTENT_TYPE", ""))
        except UNREADABLE:
            self.content_type, self.content_params = "", {}

    def read(self, *args: Any, **kwargs: Any) -> bytes:
        """Read the body. Raises BadRequest if the client stops sending: see `campaign.gunicorn`."""
        try:
            return super().read(*args, **kwargs)
        except UnreadablePostError as error:
            raise BadRequest("The rest of the request did not arrive.") from error

    def parse_file_upload(self, meta: Mapping[str, Any], post_data: Any) -> Any:
        """Read a multipart form. Raises MultiPartParserError, which gets the response 400, if it is unreadable."""
        try:
            return super().parse_file_upload(meta, post_data)
        except UNREADABLE as error:
            raise MultiPartParserError("unreadable headers") from error


class Handler(WSGIHandler):
    """Django's handler, with our own request class."""

    request_class = Utf8Request

    def warm_up(self) -> None:
        """Show the home page to nobody. It loads templates and translations, which a copy of this process then has.

        If the page can't be shown now, that is logged as for any other request.
        """
        address = urlsplit(settings.SITE_URL)
        environ = {"HTTP_HOST": address.netloc, "wsgi.url_scheme": address.scheme, "REMOTE_ADDR": "127.0.0.1"}
        setup_testing_defaults(environ)
        with primary_only():
            self.get_response(self.request_class(environ)).close()
        connections.close_all()  # copies of this process mustn't share a connection
