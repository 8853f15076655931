"""The address that commands print when SITE_URL is not set."""

import pytest

from campaign.devserver import last_address


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(last_address, "FILE", tmp_path / "var" / "address")


def test_before_the_first_start_it_is_the_usual_one():
    assert last_address.last_address() == "http://127.0.0.1:8000"


def test_it_is_the_one_at_which_the_site_was_started_last():
    for url in ("http://127.0.0.1:8101", "http://[::1]:80", "http://127.0.0.1:81"):
        last_address.remember(url)
        assert last_address.last_address() == url


def test_a_damaged_file_is_ignored():
    last_address.remember("")

    assert last_address.last_address() == "http://127.0.0.1:8000"
