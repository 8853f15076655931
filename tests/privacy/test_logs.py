"""The logs contain no secrets."""

import logging

import pytest

from campaign.privacy.logs import MaskingFormatter, mask
from tests.prove.routes import build_path, routes


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("GET /pledges/confirm/AbC-1_x/ 404", "GET /pledges/confirm/[token]/ 404"),
        ("GET /accounts/sign-in/abc-def/?x=1", "GET /accounts/sign-in/[token]/?x=1"),
        ("POST /donate/gift-aid/AbC-1_x/ 200", "POST /donate/gift-aid/[token]/ 200"),
        ("GET /donate/statement/AbC-1_x/ 200", "GET /donate/statement/[token]/ 200"),
        ("GET /donate/statement/?asked=1 200", "GET /donate/statement/?asked=1 200"),
        ("to <ruth.f+x@example.org>: no", "to <[address]>: no"),
        ("email=ruth@example.org&a", "[address]"),
        ("a@b@c, @d@e, f@@g (h@i)", "[address], @[address], [address] ([address])"),
        ("x" * 1_000_000 + " ruth@example.org", "x" * 1_000_000 + " [address]"),
        ("GET /pledges/stop/ 200", "GET /pledges/stop/ 200"),
    ],
)
def test_tokens_and_addresses_are_masked(line, masked):
    assert mask(line) == masked


@pytest.mark.parametrize("route", [route for _name, route in routes() if "<str:token>" in route])
def test_the_token_in_every_link_is_masked(route):
    path = build_path(route, lambda name: "very-secret" if name == "token" else "x")

    assert "very-secret" not in mask(f"GET {path} 200")


def test_a_traceback_is_masked_too():
    try:
        raise ValueError("bad address ruth@example.org")
    except ValueError as error:
        record = logging.LogRecord("x", 40, "p", 1, "failed", (), (type(error), error, None))

    assert "ruth" not in MaskingFormatter("{message}", style="{").format(record)


@pytest.mark.django_db
def test_an_unknown_link_is_logged_without_its_token(client, caplog):
    caplog.handler.setFormatter(MaskingFormatter("{message}", style="{"))
    client.get("/pledges/confirm/very-secret/")

    assert "confirm/[token]" in caplog.text
    assert "very-secret" not in caplog.text


def test_what_people_search_for_is_masked():
    line = mask('GET /search/?q=Rosalind+Marmot&page=2 500 "https://x.example/search/?q=Ada" and more')

    assert line == 'GET /search/?[query] 500 "https://x.example/search/?[query]" and more'
