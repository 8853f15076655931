"""The sections that every home page had before organisers could choose more, for older versions of the settings."""

from campaign.versions.freezing import Content

FIRST_KINDS = ("pledge", "letters", "next_protest", "funds", "appeals", "call", "communities", "about", "names")


def keep_the_first_sections(content: Content) -> None:
    """Give a version without chosen sections the ones that it showed when it was published, in their order."""
    if not content["parts"].get("sections"):
        content["parts"]["sections"] = [
            {"pk": None, "fields": {"kind": kind, "heading": "", "shown": True, "order": place}}
            for place, kind in enumerate(FIRST_KINDS, 1)
        ]
