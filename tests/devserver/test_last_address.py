"""The address that commands print if SITE_URL isn't set."""

import pytest

from campaign.devserver import last_address


@pytest.fixture(autouse=True)
def file(tmp_path, monkeypatch):
    monkeypatch.setattr(last_address, "FILE", tmp_path / "var" / "address")


def test_before_the_first_start_it_is_the_default():
    assert last_address.last_address() == "http://localhost:8000"


def test_it_is_where_the_site_last_started():
    for url in ("http://127.0.0.1:8101", "http://[::1]:80", "http://127.0.0.1:81"):
        last_address.remember(url)
        assert last_address.last_address() == url


def test_a_damaged_file_is_ignored():
    last_address.remember("")

    assert last_address.last_address() == "http://localhost:8000"
