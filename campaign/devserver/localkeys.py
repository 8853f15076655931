"""This checkout's own keys, in var/secrets.json, used when none are set. It needs only the standard library.

Production sets SECRET_KEY and FIELD_KEYS, so no file is made.
"""

import json
import os
import secrets as random
from base64 import urlsafe_b64encode
from contextlib import suppress
from pathlib import Path

VAR = Path(__file__).resolve().parents[2] / "var"


def secrets() -> dict[str, str]:
    """Return SECRET_KEY, FIELD_KEYS (one key), DATABASE_PASSWORD and INSTANCE. The first call creates them."""
    path = VAR / "secrets.json"
    if not path.exists():
        VAR.mkdir(exist_ok=True)
        write_once(path, json.dumps(_new_secrets()))
    return json.loads(path.read_text())


def _new_secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": random.token_urlsafe(50),
        "FIELD_KEYS": urlsafe_b64encode(random.token_bytes(32)).decode(),
        "DATABASE_PASSWORD": random.token_urlsafe(24),
        "INSTANCE": random.token_hex(6),
    }


def write_once(path: Path, text: str) -> None:
    """Write a private file, unless another process was quicker. No process ever sees it half written."""
    draft = path.with_name(f"{path.name}.{random.token_hex(4)}")
    with os.fdopen(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    with suppress(FileExistsError):
        os.link(draft, path)
    draft.unlink()
