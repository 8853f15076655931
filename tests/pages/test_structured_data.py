"""Blocks of JSON-LD, which search engines read."""

import json
from html.parser import HTMLParser

import pytest

from campaign.pages.templatetags.structured_data import structured_data


class Scripts(HTMLParser):
    """A parser that collects the contents of script elements, and the names of all other tags."""

    def __init__(self):
        super().__init__()
        self.inside, self.found, self.others = False, [], []

    def handle_starttag(self, tag, attrs):
        self.inside = tag == "script"
        if not self.inside:
            self.others.append(tag)

    def handle_endtag(self, tag):
        self.inside = False

    def handle_data(self, data):
        if self.inside:
            self.found.append(data)


@pytest.mark.parametrize("title", ["</script><b>x", "<!-- <script>", "a & b", "“Ж” \u2028 \\ \"'", "</SCRIPT\n>"])
def test_no_text_breaks_out_of_the_block(title):
    scripts = Scripts()
    scripts.feed(str(structured_data({"name": title})) + "<p>")

    (block,) = scripts.found
    assert json.loads(block) == {"@context": "https://schema.org", "name": title}
    assert scripts.others == ["p"]
    assert "<" not in block
