"""Encryption and keyed hashes."""

from base64 import urlsafe_b64encode

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import strategies as st

from campaign.privacy import crypto

OLD = urlsafe_b64encode(b"o" * 32).decode()
NEW = urlsafe_b64encode(b"n" * 32).decode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_encrypted_text_can_be_decrypted(text):
    assert crypto.decrypt(crypto.encrypt(text, "a.name"), "a.name") == text


def test_the_same_text_is_encrypted_differently_each_time():
    assert crypto.encrypt("Ruth", "a.name") != crypto.encrypt("Ruth", "a.name")


def test_a_value_moved_to_another_field_cannot_be_read():
    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(crypto.encrypt("Ruth", "a.name"), "a.email")


def test_a_value_that_is_too_short_cannot_be_read():
    sealed = crypto.encrypt("Ruth", "a.name")
    for length in (0, 3, 4, 8, 20):
        with pytest.raises(crypto.DecryptionError):
            crypto.decrypt(sealed[:length], "a.name")


def test_a_value_with_one_bit_changed_cannot_be_read():
    sealed = bytearray(crypto.encrypt("Ruth", "a.name"))
    for place in (0, 5, len(sealed) - 1):
        damaged = bytearray(sealed)
        damaged[place] ^= 1
        with pytest.raises(crypto.DecryptionError):
            crypto.decrypt(bytes(damaged), "a.name")


def test_old_values_and_hashes_survive_putting_a_new_key_first(settings):
    settings.FIELD_KEYS = [OLD]
    sealed, digest = crypto.encrypt("Ruth", "a.name"), crypto.keyed_hash("ruth", "email")

    settings.FIELD_KEYS = [NEW, OLD]

    assert crypto.decrypt(sealed, "a.name") == "Ruth"
    assert crypto.keyed_hash("ruth", "email") == digest
    assert crypto.encrypt("Ruth", "a.name")[:4] != sealed[:4]


def test_a_value_encrypted_with_a_lost_key_cannot_be_read(settings):
    settings.FIELD_KEYS = [OLD]
    sealed = crypto.encrypt("Ruth", "a.name")
    settings.FIELD_KEYS = [NEW]

    with pytest.raises(crypto.DecryptionError):
        crypto.decrypt(sealed, "a.name")


def test_a_hash_depends_on_key_text_and_purpose(settings):
    settings.FIELD_KEYS = [OLD]
    hashes = {crypto.keyed_hash("a", "x"), crypto.keyed_hash("b", "x"), crypto.keyed_hash("a", "y")}
    settings.FIELD_KEYS = [NEW]
    hashes.add(crypto.keyed_hash("a", "x"))

    assert len(hashes) == 4


@pytest.mark.parametrize("keys", [[], [""], ["short"], ["!!" * 22]])
def test_malformed_keys_are_refused(settings, keys):
    settings.FIELD_KEYS = keys

    with pytest.raises(ImproperlyConfigured):
        crypto.encrypt("Ruth", "a.name")
