"""Pages link their sources to the document itself, and date every fact."""

import re
import tomllib

import pytest
from django.core.exceptions import ValidationError
from django.core.management import call_command

from actions.businesses.models import Entry
from actions.letters.models import Point
from campaign.management.commands.load_campaign import CONTENT
from campaign.pages.models import Fact
from campaign.pages.sources import a_document
from tests.actions.factories import LetterFactory
from tests.factories import PageFactory, SiteSettingsFactory

LINK = re.compile(r'href="(https://[^"]+)"')
FOLDERS = ("bodies", "businesses", "letters", "pages", "pledges", "protests")  # organisers check appeals
SERVICES = {"https://ico.org.uk/make-a-complaint/", "https://www.torproject.org/"}  # for readers to use, not sources


def texts(value):
    """Yield every string in the values of a content file."""
    if isinstance(value, str):
        yield value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from texts(part)


@pytest.fixture(scope="module")
def contents():
    """Return the contents of each content file."""
    files = [path for folder in FOLDERS for path in sorted((CONTENT / folder).glob("*.toml"))]
    return [tomllib.loads(path.read_text()) for path in files]


def facts(contents):
    """Return all facts on pages and points in letters, which name their sources."""
    blocks = [block for content in contents for block in content.get("blocks", []) if "claim" in block]
    return blocks + [point for content in contents for point in content.get("points", [])]


def cited(contents):
    """Return the URLs of all sources: those of facts, and links to other sites in texts."""
    linked = {url for text in texts(contents) for url in LINK.findall(text)}
    return {fact["url"] for fact in facts(contents) if "url" in fact} | linked - SERVICES


@pytest.mark.parametrize(
    "url",
    [
        "https://www.ohchr.org/",
        "https://www.ohchr.org",
        "https://www.ohchr.org/en",
        "https://www.ohchr.org/en/special-procedures/sr-slavery",
        "https://www.ohchr.org/en/special-procedures/sr-minority-issues",
        "https://committees.parliament.uk/committee/93/human-rights-joint-committee/",
        "https://committees.parliament.uk/committee/93/human-rights-joint-committee/publications/",
        "https://www.shu.ac.uk/helena-kennedy-centre-international-justice/research-and-projects/all-projects/"
        "forced-labour-lab",
        "https://www.gov.uk/government/news?page=2",
        "https://enduyghurforcedlabour.org/about/",
        "https://[::1",
    ],
)
def test_a_front_page_or_a_list_is_refused_as_a_source(url):
    with pytest.raises(ValidationError):
        a_document(url)


def test_evidence_about_a_brand_needs_a_document_too():
    entry = Entry(evidence_url="https://brand.example/news/")
    with pytest.raises(ValidationError) as error:
        entry.clean_fields(exclude={field.name for field in Entry._meta.fields} - {"evidence_url"})

    assert list(error.value.message_dict) == ["evidence_url"]


def test_a_point_of_a_letter_needs_a_document_too(db):
    point = Point(letter=LetterFactory(), title="P", text="P", why="P", source="P", dated="2026")
    point.url = "https://www.ohchr.org/en/special-procedures/sr-slavery"
    with pytest.raises(ValidationError) as error:
        point.full_clean()

    assert list(error.value.message_dict) == ["url"]


def test_every_source_of_the_campaign_is_named_and_dated(contents):
    known = facts(contents)

    assert {fact["dated"] for fact in known if "why" in fact}
    for fact in known:
        assert fact["source"]
        assert re.search(r"\b(19|20)\d\d\b", fact["dated"]), fact


def test_every_source_of_the_campaign_is_a_document(contents):
    urls = cited(contents)

    assert len(urls) > 20
    for url in urls:
        a_document(url)


def test_a_fact_without_a_link_still_names_its_source_and_date(client, db):
    SiteSettingsFactory()
    page = PageFactory(slug="facts", downloadable=True)
    fact = Fact(parent=page, region="main", claim="It was found.", source="HC 633", dated="24 July 2025")
    fact.save()
    page.publish()

    text = client.get("/facts/").content.decode()
    assert "HC 633" in text
    assert "24 July 2025" in text
    assert 'href=""' not in text
    assert "HC 633, 24 July 2025" in client.get("/facts/download.txt").content.decode()


def test_the_facts_are_up_to_date_and_the_statement_shows_when_it_was_made(client, db):
    call_command("load_campaign")

    facts = client.get("/uyghurs-in-china/").content.decode()
    for words in ("2 March 2026", "Great British Energy Act 2025", "Procurement Act 2023", "117-78", "2024/3015"):
        assert words in facts
    statement = client.get("/statement/").content.decode()
    assert statement.index("29 July 2020</strong>") < statement.index("chilling reminder")
