"""The page that makes keys and opens sealed names: one file, which needs neither this site nor the internet.

Its content security policy allows exactly its own script and style, and no connection of any kind.
"""

import hashlib
from base64 import b64encode
from functools import cache
from pathlib import Path

NAME = "sealed-names.html"
OFFLINE = Path(__file__).resolve().parent / "offline"
# The packages are as published (docs/adr/0001). Blake2b is a CommonJS module, of which we use only the hash of bytes.
SCRIPT = """{tweetnacl}
const blake2b = (() => {{
const module = {{ exports: {{}} }}
const require = () => ({{ normalizeInput: bytes => bytes }})
{blake2b}
return module.exports.blake2b
}})()
{boxes}
{csv}
{screen}"""


@cache
def page() -> str:
    """Return the page as HTML."""
    parts = {"tweetnacl": _read("vendor/tweetnacl.js"), "blake2b": _read("vendor/blake2b.js")}
    script = SCRIPT.format(**parts, **{name: _read(f"{name}.js") for name in ("boxes", "csv", "screen")})
    style = _read("page.css")
    policy = f"default-src 'none'; script-src {_source(script)}; style-src {_source(style)}; form-action 'none'"
    html = _read("page.html").replace("POLICY", policy)
    return html.replace("STYLE", style).replace("SCRIPT", script)


def _source(text: str) -> str:
    """Return the source expression that allows exactly this text (CSP level 3, 2.3.1)."""
    return f"'sha256-{b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def _read(name: str) -> str:
    return (OFFLINE / name).read_text(encoding="utf-8")
