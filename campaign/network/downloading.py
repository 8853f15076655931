"""Downloads of large files to disk, from a few known hosts, with limits on time and size."""

import shutil
import time
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse, HTTPSConnection
from pathlib import Path
from urllib.parse import urljoin, urlsplit

from campaign.network.fetching import FetchError, within

MAX_HOPS = 5
BLOCK = 256 * 1024
SOCKET_SECONDS = 60.0
REDIRECTS = (301, 302, 303, 307, 308)
# The room to leave on the disk, as other programs need some too.
SPARE_BYTES = 512 * 1024**2


@dataclass(frozen=True)
class Limits:
    """What a download may be: from which hosts (with a port if it has one), of which kinds, how large and how slow."""

    hosts: tuple[str, ...]
    kinds: tuple[str, ...]
    max_bytes: int
    seconds: float


class NotAsExpectedError(Exception):
    """The server offers something else than we want. The message says what, in a sentence."""


def download(address: str, path: Path, limits: Limits, agent: str) -> None:
    """Write the file at an https address to `path`, following redirects to allowed hosts only.

    Raises FetchError, with a reason in a sentence. The file may then be there in part.
    """
    end = time.monotonic() + limits.seconds
    for _hop in range(MAX_HOPS + 1):
        url = urlsplit(address)
        if url.scheme != "https" or url.netloc not in limits.hosts:
            raise FetchError(f"The download leads to {url.hostname or 'an address'}, which we do not trust.")
        target = _fetch(address, path, limits, agent, end - time.monotonic())
        if not target:
            return
        address = urljoin(address, target)
    raise FetchError("The download is redirected too often.")


def _fetch(address: str, path: Path, limits: Limits, agent: str, seconds: float) -> str:
    """Write the response's body to `path` and return "", or return where a redirect leads."""
    url = urlsplit(address)
    wire = HTTPSConnection(url.netloc, timeout=min(SOCKET_SECONDS, max(seconds, 1)))

    def read(deadline: float) -> str:
        wire.request("GET", url.path + (f"?{url.query}" if url.query else ""), headers={"User-Agent": agent})
        with wire.getresponse() as response:
            if response.status in REDIRECTS:
                return response.headers.get("Location") or "no-address:"
            _check(response, path, limits)
            _write(response, path, limits.max_bytes, deadline)
            return ""

    try:
        return within(seconds, wire, read)
    except FetchError as error:
        raise FetchError(_reason(error, url.hostname or "")) from error


def _check(response: HTTPResponse, path: Path, limits: Limits) -> None:
    kind = response.headers.get_content_type()
    if response.status != 200:
        raise NotAsExpectedError(f"answered with the error {response.status}")
    if kind not in limits.kinds:
        raise NotAsExpectedError(f"sent {kind} and not the file")
    if (response.length or 0) > limits.max_bytes:
        raise NotAsExpectedError(f"sent a file of more than {limits.max_bytes:,} bytes")
    if (response.length or 0) + SPARE_BYTES > shutil.disk_usage(path.parent).free:
        raise NotAsExpectedError("sent a file for which this machine has not enough disk space")


def _write(response: HTTPResponse, path: Path, max_bytes: int, deadline: float) -> None:
    size = 0
    with path.open("wb") as file:
        while block := response.read1(BLOCK):
            size += len(block)
            if size > max_bytes:
                raise NotAsExpectedError(f"sent a file of more than {max_bytes:,} bytes")
            if time.monotonic() > deadline:
                raise TimeoutError
            file.write(block)
    if response.length:
        raise NotAsExpectedError("sent only part of the file")


def _reason(error: FetchError, host: str) -> str:
    cause = error.__cause__
    if isinstance(cause, NotAsExpectedError):
        return f"{host} {cause}."
    if isinstance(cause, HTTPException):
        return f"{host} sent only part of the file."
    if cause is None or isinstance(cause, TimeoutError):
        return f"{host} did not send the whole file in time."
    return f"{host} could not be reached, or the file could not be written ({type(cause).__name__})."
