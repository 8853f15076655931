"""Limits on how large a request may be and how long we wait for the rest of it. nginx has the same limits."""

import socket
import struct

MAX_BYTES = 1024**2
MAX_ORGANISERS_BYTES = 25 * 1024**2  # they upload pictures
ORGANISERS_PATHS = ("/admin/", "/accounts/")
MAX_SILENCE = 30  # seconds between two packets


def is_too_large(path: str, length: str) -> bool:
    """Return whether a Content-Length is more than the page at this path could ever need."""
    limit = MAX_ORGANISERS_BYTES if path.startswith(ORGANISERS_PATHS) else MAX_BYTES
    return length.isdecimal() and (len(length) > len(str(limit)) or int(length) > limit)


def limit_silence(listener: socket.socket) -> None:
    """Make reads time out after MAX_SILENCE on this listener's connections, which inherit the limit on Linux."""
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", MAX_SILENCE, 0))
