"""The tokens in links to unsubscribe, and the headers for mail programs."""

from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from campaign.mailings import unsubscribing
from campaign.mailings.unsubscribing import Link, read_token, token

ROW = UUID("12345678-1234-5678-1234-567812345678")


@given(source=st.text("abcdefghijklmnopqrstuvwxyz._", min_size=1, max_size=40), row=st.uuids())
def test_a_token_names_its_row_is_short_and_fits_into_a_path(source, row):
    made = token(source, row)

    assert read_token(made) == Link(source, row)
    assert len(made) <= 98
    assert made.replace("-", "").replace("_", "").isalnum()


@given(st.text(max_size=200))
def test_garbage_is_not_accepted_as_a_token(text):
    assert read_token(text) is None


@given(st.integers(0, 61), st.sampled_from("AZaz09-_"))
def test_a_changed_token_is_refused_or_means_the_same(place, letter):
    made = token("pledges.signers", ROW)
    changed = made[:place] + letter + made[place + 1 :]

    assert read_token(changed) in (None, Link("pledges.signers", ROW))
    assert changed == made or place == len(made) - 1 or read_token(changed) is None


def test_a_token_contains_only_the_row_and_its_source(settings):
    made = token("pledges.signers", ROW)
    settings.SECRET_KEY = "another"  # noqa: S105
    settings.FIELD_KEYS = ["A" * 43, *settings.FIELD_KEYS]

    assert made == token("pledges.signers", ROW)
    assert made != token("news.subscribers", ROW)
    assert len({made[:20], token("pledges.signers", uuid4())[:20]}) == 2


def test_the_headers_are_those_of_rfc_8058(settings):
    settings.SITE_URL = "https://hub.example"
    made = token("pledges.signers", ROW)

    assert unsubscribing.headers(made) == {
        "List-Unsubscribe": f"<https://hub.example/news/unsubscribe/{made}/>",
        "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",
    }


@pytest.mark.parametrize("source", ["gone.source", "x" * 40])
@pytest.mark.django_db
def test_a_link_from_a_source_that_no_longer_exists_still_works(source):
    link = read_token(token(source, ROW))
    link.unsubscribe()

    assert link.address is None
