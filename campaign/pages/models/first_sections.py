"""The sections that every home page had before organisers could choose. Older versions of the settings need them."""

from campaign.versions.freezing import Content

FIRST_KINDS = ("pledge", "letters", "next_protest", "funds", "appeals", "call", "communities", "about", "names")


def keep_the_first_sections(content: Content) -> None:
    """If a version has no chosen sections, give it the ones that it showed when it was published, in their order."""
    if not content["parts"].get("sections"):
        content["parts"]["sections"] = [
            {"pk": None, "fields": {"kind": kind, "heading": "", "shown": True, "order": place}}
            for place, kind in enumerate(FIRST_KINDS, 1)
        ]
