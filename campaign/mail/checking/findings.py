"""What the mail checks find: a sentence, whether it is good news and, if it isn't, what to do."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Finding:
    """One line of the report. `is_good` is None for a remark."""

    is_good: bool | None
    text: str
    advice: str = ""

    def __str__(self) -> str:
        """Return the line, such as "✗ campaign.example has no SPF record. Add a TXT record …"."""
        mark = {True: "✓", False: "✗", None: "–"}[self.is_good]
        return f"{mark} {self.text} {self.advice}".rstrip()


def good(text: str) -> Finding:
    """Return a finding that needs no action."""
    return Finding(True, text)


def wrong(text: str, advice: str) -> Finding:
    """Return a finding that something is wrong, with advice on what to do."""
    return Finding(False, text, advice)


def remark(text: str) -> Finding:
    """Return a finding that is neither good nor bad news."""
    return Finding(None, text)
