"""What a check of the mail set-up finds: a sentence, whether it is as it should be, and what to do if it isn't."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the report. `is_good` is None for a remark, which is neither good nor wrong."""

    is_good: bool | None
    text: str
    advice: str = ""

    def __str__(self) -> str:
        """Return the line, such as "✗ campaign.example has no SPF record. Add a TXT record …"."""
        mark = {True: "✓", False: "✗", None: "–"}[self.is_good]
        return f"{mark} {self.text} {self.advice}".rstrip()


def good(text: str) -> Finding:
    """Return a finding that is as it should be."""
    return Finding(True, text)


def wrong(text: str, advice: str) -> Finding:
    """Return a finding that is wrong, with what to do about it."""
    return Finding(False, text, advice)


def remark(text: str) -> Finding:
    """Return a finding that is neither good nor wrong."""
    return Finding(None, text)
