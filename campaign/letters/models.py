"""Parts of letters that organisers write in several wordings."""

from campaign.versions.versioned import Part


class Worded(Part):
    """Something that visitors choose for their letter, in one or more wordings.

    Each subclass defines both fields, because each kind of letter checks its own placeholders.
    """

    text: str  # the first wording
    other_wordings: str  # the others, one on each line

    class Meta:
        abstract = True

    def wordings(self) -> list[str]:
        """Return all the wordings, of which each writer gets one."""
        return [self.text, *filter(None, map(str.strip, self.other_wordings.splitlines()))]
