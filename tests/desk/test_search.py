"""The search of the whole desk: everything that an organiser may see, and nothing else."""

import re

import pytest
from django.contrib.auth.models import Permission

from campaign.approvals.models import ApprovalRequest
from campaign.pages.models import Text
from pledges.approvals.signatures import WITHDRAW
from tests.accounts.organisers import give_former_rights, make_organiser, sign_in
from tests.actions.factories import (
    AppealFactory,
    BrandFactory,
    DonationFactory,
    FundFactory,
    LetterFactory,
    PaymentFactory,
    ProtestFactory,
)
from tests.factories import PageFactory, PledgeFactory, SignatureFactory, SiteSettingsFactory

QUERIES = 34  # of which 3 for the session, 1 for the header, and at most 2 for each list


@pytest.fixture
def everyday(client, db):
    """Sign in an organiser who has only everyday rights."""
    user = sign_in(client, is_superuser=False)
    give_former_rights(user)
    return user


def find(client, term):
    """Search the desk; return the text of every link among the results, by heading."""
    response = client.post("/admin/search/", {"q": term})
    assert response.status_code == 200
    results = response.content.decode().partition('class="desk-search-again"')[2].partition("<footer")[0]
    sections = re.findall(r"<h2[^>]*>([^<]+)</h2>(.*?)</section>", results, re.DOTALL)
    return {title: [one.strip() for one in re.findall(r"<a [^>]*>([^<]+)</a>", rest)] for title, rest in sections}


def test_the_box_is_in_the_header_of_every_screen_and_posts(client, db):
    sign_in(client)

    for path in ("/admin/", "/admin/pages/page/", "/admin/pages/page/add/"):
        page = client.get(path).content.decode()
        assert re.search(r'<form class="desk-search"\s+role="search"\s+method="post"\s+action="/admin/search/">', page)


def test_everything_with_a_title_is_found_by_a_word_of_its_title(client, db):
    sign_in(client)
    PageFactory(title="Zebra page")
    LetterFactory(title="Zebra letter")
    PledgeFactory(title="Zebra pledge")
    ProtestFactory(title="Zebra protest")
    AppealFactory(title="Zebra appeal")
    FundFactory(title="Zebra fund")
    BrandFactory(title="Zebra brand")
    ApprovalRequest.draft(WITHDRAW, make_organiser("zebra"), about="hidden: a draft by somebody else")
    ApprovalRequest.draft(WITHDRAW, make_organiser("zoe"), about="zebra")
    ApprovalRequest.objects.filter(about="zebra").update(state="waiting")

    assert find(client, "ZEBRA") == {
        "Pages": ["Zebra page"],
        "Pledges": ["Zebra pledge"],
        "Letters": ["Zebra letter"],
        "Protests": ["Zebra protest"],
        "Appeals": ["Zebra appeal"],
        "Funds": ["Zebra fund"],
        "Brands": ["Zebra brand"],
        "Approvals": ["Withdraw signatures: erase names and addresses: zebra"],
        "Users": ["zebra"],
    }


def test_a_page_is_found_once_by_words_in_several_of_its_blocks(client, db):
    sign_in(client)
    page = PageFactory(title="Our statement")
    for position in (1, 2):
        Text.objects.create(parent=page, region="main", ordering=position, html="<p>An ocelot.</p>")

    assert find(client, "ocelot") == {"Pages": ["Our statement"]}


@pytest.mark.parametrize(
    ("term", "expected"),
    [
        ("footer", "Site settings: Footer of every page"),
        ("goal", "Pledges: Goal"),
        ("cancel protest", "Cancel a protest date"),
        ("receipt", "Messages: Receipt for a donation"),
        ("held", "Review held signatures"),
    ],
)
def test_tasks_settings_and_kinds_of_message_are_found_by_their_labels(client, everyday, term, expected):
    assert expected in find(client, term)["Tasks and settings"]


def test_a_setting_links_to_its_own_field(client, db):
    SiteSettingsFactory()
    sign_in(client)

    assert (
        'href="/admin/pages/sitesettings/#id_footer_html"'
        in client.post("/admin/search/", {"q": "footer"}).content.decode()
    )


def test_nobody_finds_what_they_may_not_see(client, db):
    PageFactory(title="Zebra page")
    SignatureFactory(name="Zebra Jones", confirmed=True)
    sign_in(client, is_superuser=False)

    assert find(client, "zebra jones") == {}
    assert find(client, "zebra") == {}
    assert find(client, "footer") == {}


def test_a_signer_is_found_only_by_the_whole_name(client, everyday):
    signature = SignatureFactory(name="Ruth Feldman", confirmed=True, pledge__title="Stop it")

    [line] = find(client, "ruth feldman")["Signatures"]
    assert line.startswith("Stop it, ")
    assert line.endswith(", confirmed")
    assert "Signatures" not in find(client, "Feldman")
    assert str(signature.pk) in client.post("/admin/search/", {"q": "Ruth Feldman"}).content.decode()


@pytest.mark.parametrize("term", ["ruth@example.org", "ruth＠example.org"])
def test_an_address_is_found_only_with_the_further_right_of_that_list(client, everyday, term):
    signature = SignatureFactory(email="ruth@example.org", confirmed=True)
    DonationFactory(donor_hash=signature.email_hash)
    page = client.post("/admin/search/", {"q": term}).content.decode()
    assert "You need a further right to search for an e-mail address." in page
    assert find(client, term) == {}

    everyday.user_permissions.add(Permission.objects.get(codename="find_signer"))
    assert list(find(client, "ruth@example.org")) == ["Signatures"]


def test_five_results_are_shown_with_a_link_to_the_rest(client, db):
    sign_in(client)
    PageFactory.create_batch(6, summary="zebra & co")
    page = client.post("/admin/search/", {"q": "zebra & co"}).content.decode()

    assert len(find(client, "zebra & co")["Pages"]) == 6
    assert find(client, "zebra & co")["Pages"][-1] == "More in Pages"
    assert 'href="/admin/pages/page/?q=zebra+%26+co"' in page


def test_no_name_or_address_is_put_into_a_link(client, db):
    sign_in(client)
    SignatureFactory.create_batch(6, name="Ruth Feldman", confirmed=True)
    for number in range(6):
        SignatureFactory(email=f"a{number}@feldman.example", confirmed=True)

    for term in ("Ruth Feldman", "@feldman.example"):
        page = client.post("/admin/search/", {"q": term}).content.decode()
        assert 'href="/admin/pledges/signature/"' in page
        assert "?q=" not in page


@pytest.mark.parametrize(
    ("term", "message"),
    [
        ("", "This field is required."),
        ("a", "at least 2 characters"),
        ("x" * 101, "at most 100 characters"),
        ("a\0b", "Null characters are not allowed."),
    ],
)
def test_a_term_that_cannot_be_searched_is_refused_beside_the_box(client, db, term, message):
    sign_in(client)
    response = client.post("/admin/search/", {"q": term})

    assert response.status_code == 200
    assert message in response.content.decode()


def test_a_term_in_the_url_is_not_searched(client, db):
    PageFactory(title="Zebra page")
    sign_in(client)
    page = client.get("/admin/search/", {"q": "zebra"}).content.decode()

    assert "Zebra page" not in page
    assert "You can search for:" in page


def test_a_search_without_results_says_what_organisers_can_search_for(client, db):
    sign_in(client)
    page = client.post("/admin/search/", {"q": "<b>zzzz"}).content.decode()

    assert "Nothing matches “&lt;b&gt;zzzz”." in page
    assert "You can search for:" in page


@pytest.mark.parametrize("rows", [1, 5])
def test_the_search_takes_the_same_few_queries_however_much_it_finds(client, db, django_assert_num_queries, rows):
    SiteSettingsFactory()
    for number in range(rows):
        PageFactory(title=f"Zebra {number}")
        LetterFactory(title=f"Zebra {number}")
        PledgeFactory(title=f"Zebra {number}")
        PaymentFactory(donation__fund=FundFactory(title=f"Zebra {number}"))
    user = make_organiser("zoe")
    for _number in range(rows):
        ApprovalRequest.draft(WITHDRAW, user, about="zebra")
    ApprovalRequest.objects.update(state="waiting")
    sign_in(client)

    with django_assert_num_queries(QUERIES):
        client.post("/admin/search/", {"q": "zebra"})


def test_only_organisers_can_search(client, db):
    assert client.post("/admin/search/", {"q": "footer"}).status_code == 302
