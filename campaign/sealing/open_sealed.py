#!/usr/bin/env python3
"""Open sealed names on a computer of your own: it needs Python 3.11 and PyNaCl, and no other file of the site.

    python -m pip install pynacl
    python open_sealed.py new-key organisers-key.json      # makes a key pair, protected by a passphrase
    python open_sealed.py open signers.csv --key organisers-key.json
    python open_sealed.py show sealed:3q2+7w… --key organisers-key.json

The page that works offline does the same, with the same key files.
"""

import argparse
import csv
import getpass
import hashlib
import json
import re
import sys
import unicodedata
from base64 import b64decode, b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, SealedBox
from nacl.secret import SecretBox
from nacl.utils import random

PREFIX = "sealed:"
ROUNDS = 600_000  # OWASP, "Password Storage Cheat Sheet", for PBKDF2 with SHA-256
MIN_PASSPHRASE = 12
# What the site does to text that a spreadsheet could take for a formula (campaign/documents/spreadsheets.py).
SIGNS = "=+-@＝＋－＠﹦﹢﹣﹫−"
UNSEEN = (
    r"\x00-\x1f\x7f-\xa0\xad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f\u2028-\u202f"
    r"\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb"
    r"\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)


class NotOpenedError(Exception):
    """The box can't be opened with this key, or the key not with this passphrase. The message says which."""


def new_key(passphrase: str) -> dict[str, str | int]:
    """Return a key file's content: a new public key, and its private half, encrypted with the passphrase."""
    private, salt = PrivateKey.generate(), random(16)
    box = SecretBox(_stretched(passphrase, salt, ROUNDS)).encrypt(bytes(private))
    texts = {"public": bytes(private.public_key), "salt": salt, "private": bytes(box)}
    return {"version": 1, "rounds": ROUNDS} | {name: b64encode(value).decode() for name, value in texts.items()}


def private_key(content: str, passphrase: str) -> PrivateKey:
    """Return the private key in a key file. Raises NotOpenedError."""
    try:
        held = json.loads(content)
        salt, box = b64decode(held["salt"]), b64decode(held["private"])
        return PrivateKey(SecretBox(_stretched(passphrase, salt, int(held["rounds"]))).decrypt(box))
    except CryptoError as error:
        raise NotOpenedError("The passphrase is wrong.") from error
    except (KeyError, TypeError, ValueError) as error:
        raise NotOpenedError("This is not a key file.") from error


def opened(box: str, key: PrivateKey) -> dict[str, str]:
    """Return the values in a box, given as text. Raises NotOpenedError."""
    try:
        return json.loads(SealedBox(key).decrypt(b64decode(box.removeprefix(PREFIX), validate=True)))
    except (CryptoError, ValueError) as error:
        raise NotOpenedError("This box was sealed for another key, or is damaged.") from error


def opened_rows(rows: Iterable[dict[str, str]], key: PrivateKey) -> Iterator[dict[str, str]]:
    """Yield the rows of an export without the columns of boxes, whose values fill the empty cells of other columns."""
    for row in rows:
        boxes = {column for column in row if column.startswith("sealed_")}
        shown = {column: text for column, text in row.items() if column not in boxes}
        for box in filter(None, (row[column] for column in sorted(boxes))):
            values = opened(box, key).items()
            shown |= {name: harmless(value) for name, value in values if shown.get(name) == ""}
        yield shown


def open_csv(source: Path, target: Path, key: PrivateKey) -> int:
    """Write an export with its boxes opened, in the form that the site gives its files. Return how many rows it has."""
    with source.open(encoding="utf-8-sig", newline="") as sealed:
        reader = csv.DictReader(sealed)
        columns = [name for name in reader.fieldnames or [] if not name.startswith("sealed_")]
        rows = list(opened_rows(reader, key))
    target.touch(0o600)
    with target.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows(rows)
    return len(rows)


def harmless(text: str) -> str:
    """Return the text with an apostrophe before each part that a spreadsheet may read as a formula."""
    begins = re.match(rf"[\t\r\n\0]|[\s{UNSEEN}]*[{re.escape(SIGNS)}]", text)
    in_new_cell = rf"""(?<=[;\t\r\n])(?=["'\s{UNSEEN}]*[{re.escape(SIGNS)}])"""
    return re.sub(in_new_cell, "'", f"'{text}" if begins else text)


def _stretched(passphrase: str, salt: bytes, rounds: int) -> bytes:
    typed = unicodedata.normalize("NFKC", passphrase).encode()
    return hashlib.pbkdf2_hmac("sha256", typed, salt, rounds, 32)


def main(arguments: list[str] | None = None) -> None:
    """Run the command that the arguments name."""
    parser = argparse.ArgumentParser(description="Open sealed names on a computer of your own.")
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("new-key").add_argument("file", type=Path)
    for name, type_ in (("open", Path), ("show", str)):
        command = commands.add_parser(name)
        command.add_argument("what", type=type_)
        command.add_argument("--key", type=Path, required=True)
    chosen = parser.parse_args(arguments)
    try:
        sys.stdout.write(_make_key(chosen.file) if chosen.command == "new-key" else _open(chosen))
    except (NotOpenedError, OSError) as error:
        sys.exit(str(error))


def _make_key(file: Path) -> str:
    passphrase = getpass.getpass("A new passphrase, of 12 characters or more: ")
    if len(passphrase) < MIN_PASSPHRASE or passphrase != getpass.getpass("Again: "):
        raise NotOpenedError("The passphrase is too short, or you typed something else the second time.")
    content = new_key(passphrase)
    file.touch(0o600, exist_ok=False)
    file.write_text(json.dumps(content, indent=2), encoding="utf-8")
    return f"SEALING_KEY={content['public']}\n"


def _open(chosen: argparse.Namespace) -> str:
    key = private_key(chosen.key.read_text(encoding="utf-8"), getpass.getpass("Passphrase: "))
    if chosen.command == "show":
        return "".join(f"{name}: {value}\n" for name, value in opened(chosen.what, key).items())
    target = chosen.what.with_stem(f"{chosen.what.stem}-opened")
    return f"{open_csv(chosen.what, target, key)} rows are in {target}.\n"


if __name__ == "__main__":
    main()
