"""Reading tables as public bodies publish them: CSV in a file, a folder or an archive, in one of two encodings."""

import csv
import hashlib
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from functools import partial
from itertools import chain
from pathlib import Path
from typing import IO

# The postcode directory of 2026 unpacks to some 1.5 GB.
MAX_BYTES = 4 * 1024**3
# Macs add files whose names begin with "._", which contain no table.
NOT_DATA = re.compile(r"(?:^|/)(?:(?:Documents|User Guide|__MACOSX)(?:/|$)|\._)", re.IGNORECASE)
MAX_LINE = 100_000
# The errors for a file that is damaged, cut short, encrypted, or compressed in an unknown way.
UNREADABLE = (OSError, EOFError, RuntimeError, UnicodeDecodeError, zipfile.BadZipFile, zlib.error, csv.Error)
BOM = b"\xef\xbb\xbf"


class RefusedError(Exception):
    """The file wasn't loaded, and nothing has changed. The message says why."""


def sha256(path: Path) -> str:
    """Return the SHA-256 hash, in hexadecimal, of a file or of a folder's files in order."""
    digest = hashlib.sha256()
    for part in sorted(_files(path)) if path.is_dir() else [path]:
        with part.open("rb") as file:
            while block := file.read(1 << 20):
                digest.update(block)
    return digest.hexdigest()


def rows(path: Path) -> Iterator[tuple[str, int, list[str]]]:
    """Yield each row of each table, headers included, with the table's path (in a folder or archive) and line number.

    Blank rows are left out. Raises RefusedError for a file that is empty or cannot be read as a table.
    """
    is_empty = True
    try:
        for name, file in _tables(path):
            with file:
                for line, row in enumerate(_rows(file), start=1):
                    if any(map(str.strip, row)):
                        is_empty = False
                        yield name, line, row
    except UNREADABLE as error:
        raise RefusedError(f"{path.name} cannot be read: {error}") from error
    if is_empty:
        raise RefusedError(f"{path.name} is empty")


def column(header: Iterable[str], *patterns: str) -> int | None:
    """Return the index of the first column that matches a whole pattern, trying the patterns in order.

    The patterns are in lower case. An underscore in them also matches a space or a hyphen.
    """
    names = [re.sub(r"[\s-]+", "_", name.strip().lower()) for name in header]
    for pattern in patterns:
        for index, name in enumerate(names):
            if re.fullmatch(pattern, name):
                return index
    return None


def _tables(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    if path.is_dir():
        yield from ((file.relative_to(path).as_posix(), file.open("rb")) for file in sorted(_files(path)))
    elif zipfile.is_zipfile(path):
        yield from _archived(path)
    else:
        yield path.name, path.open("rb")


def _files(folder: Path) -> list[Path]:
    """Return the tables in a folder, or in its folder "Data" if it has one. Prefer a whole table to its parts."""
    found = [file.relative_to(folder).as_posix() for file in folder.rglob("*") if file.is_file()]
    names = _chosen(found)
    if not names:
        raise RefusedError(f"There is no CSV file in {folder.name}")
    return [folder / name for name in names]


def _archived(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(path) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
        names = _chosen(archive.namelist())
        if not names:
            raise RefusedError(f"There is no CSV file in {path.name}")
        if len(set(names)) != len(names):  # archives allow this, but only one of the two can be read
            name = next(name for name in names if names.count(name) > 1)
            raise RefusedError(f"{path.name} contains two tables called {name}: unpack it, and load the right one")
        if sum(sizes[name] for name in names) > MAX_BYTES:
            raise RefusedError(f"{path.name} would unpack to more than {MAX_BYTES >> 30} GB")
        yield from ((name, archive.open(name)) for name in sorted(names))


def _chosen(names: list[str]) -> list[str]:
    tables = [name for name in names if name.lower().endswith(".csv") and not NOT_DATA.search(name)]
    data = [name for name in tables if "/data/" in f"/{name}".lower()] or tables
    whole = [name for name in data if "multi_csv/" not in name.lower()]
    return whole or data


def _rows(file: IO[bytes]) -> Iterator[list[str]]:
    """Return the rows of a file whose columns are separated by commas, or by Excel's semicolons or tabs."""
    lines = _text(file)
    header = next(lines, "")
    delimiter = next((mark for mark in ",;\t" if mark in header), ",")
    return csv.reader(chain([header], lines), delimiter=delimiter)


def _text(file: IO[bytes]) -> Iterator[str]:
    """Yield the lines of a file in UTF-8, with or without a byte order mark, or else in Windows-1252."""
    encoding = "utf-8"
    for number, line in enumerate(iter(partial(file.readline, MAX_LINE), b"")):
        if len(line) == MAX_LINE:
            raise RefusedError("A line is longer than any table has")
        if number == 0:
            line = line.removeprefix(BOM)
        if b"\0" in line:
            raise RefusedError("This is not text: it contains NUL bytes")
        try:
            yield line.decode(encoding)
        except UnicodeDecodeError:
            encoding = "cp1252"
            yield line.decode(encoding, errors="replace")
