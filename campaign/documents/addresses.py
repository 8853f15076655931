"""The one e-mail address in what somebody typed."""

import re

from campaign.documents.characters import one_line

# RFC 5322, 3.2.3 (dot-atom) on the left and names of hosts on the right, in any script; no quoted local part.
ADDRESS = re.compile(r"[^\s@<>()\[\]\\,;:\"]+@[^\W_](?:[\w.-]*[^\W_])?")


def first_address(typed: str) -> str:
    """The first address, or nothing: "a@example.org" of "Ann <a@example.org>, b@example.org"."""
    found = ADDRESS.search(one_line(typed))
    return found[0] if found else ""
