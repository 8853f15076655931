"""Sealed names in the admin: the test that has to be passed before anything is sealed."""

import hashlib
import re
from base64 import b64encode

import pytest
from django.contrib.auth.models import Permission
from django.core.checks import run_checks
from nacl.public import PrivateKey

from campaign.audit.models import AuditEntry
from campaign.desk.tasks import tasks_for
from campaign.sealing.models import RestoreTest, key_in_use
from campaign.sealing.open_sealed import opened
from tests.accounts.organisers import sign_in
from tests.sealing.organisers import public_text

LIST = "/admin/sealing/restoretest/"
KEY = PrivateKey.generate()


@pytest.fixture
def officer(client, db):
    """Return a signed-in organiser who may test the key and do nothing else."""
    user = sign_in(client, is_superuser=False)
    user.user_permissions.add(Permission.objects.get(codename="test_key"))
    return user


@pytest.fixture
def key(settings):
    """Give the site a key, which nobody has tested."""
    settings.SEALING_KEY = public_text(KEY)
    return KEY


def begin(client):
    """Begin a test; return its page's address and the box on it."""
    address = client.post(f"{LIST}begin/").url
    return address, re.search(r"sealed:[A-Za-z0-9+/=]+", client.get(address).content.decode())[0]


def finish(client, address, phrase):
    return client.post(address.replace("change/", "finish/"), {"phrase": phrase}, follow=True).content.decode()


def test_sealing_is_off_until_somebody_has_opened_the_test_and_typed_its_phrase(client, officer, key):
    assert "Nothing is sealed yet" in client.get(LIST).content.decode()
    address, box = begin(client)
    assert key_in_use() is None
    said = finish(client, address, f" {opened(box, key)['phrase'].upper()} ")

    assert "the key opens what is sealed" in said
    assert key_in_use() == key.public_key
    test = RestoreTest.objects.get()
    assert test.passed_by == officer
    assert AuditEntry.objects.filter(act="test_key", actor_name=str(officer)).count() == 1


def test_another_phrase_does_not_switch_sealing_on(client, officer, key):
    address, box = begin(client)

    for phrase in ("", "abcd efgh jkmn pqrs", box):
        assert "not the phrase" in finish(client, address, phrase)
    assert key_in_use() is None
    assert begin(client)[1] != box


def test_the_phrase_is_on_no_page_and_in_no_column(client, officer, key):
    address, box = begin(client)
    phrase = opened(box, key)["phrase"]

    assert phrase not in client.get(address).content.decode()
    assert phrase not in repr(RestoreTest.objects.values().get())


def test_a_new_key_has_to_be_tested_again(client, officer, key, settings):
    address, box = begin(client)
    phrase = opened(box, key)["phrase"]
    settings.SEALING_KEY = public_text(PrivateKey.generate())
    finish(client, address, phrase)

    assert key_in_use() is None
    RestoreTest.objects.update(passed_at=None)
    assert "no longer uses" in client.get(address).content.decode()


def test_organisers_without_the_right_see_and_do_nothing(client, db, key):
    test = RestoreTest.begin(key.public_key)
    sign_in(client, is_superuser=False)

    for address in (LIST, f"{LIST}{test.pk}/change/", f"{LIST}page/"):
        assert client.get(address).status_code == 403
    assert client.post(f"{LIST}begin/").status_code == 403
    assert client.post(f"{LIST}{test.pk}/finish/", {"phrase": "x"}).status_code == 403
    assert RestoreTest.objects.count() == 1


def test_without_a_key_the_page_says_how_to_make_one(client, officer):
    assert "This site has no key" in client.get(LIST).content.decode()
    assert "no key yet" in client.post(f"{LIST}begin/", follow=True).content.decode()
    assert not RestoreTest.objects.exists()


def test_the_page_is_called_sealed_names_and_does_not_count_its_tests_as_names(client, officer, key):
    begin(client)
    page = client.get(LIST).content.decode()

    assert "<h1>Sealed names</h1>" in page
    assert not re.search(r"\d sealed name", page)


def test_a_get_request_changes_nothing(client, officer, key):
    test = RestoreTest.begin(key.public_key)

    assert client.get(f"{LIST}begin/").status_code == 405
    assert client.get(f"{LIST}{test.pk}/finish/").status_code == 405


def test_the_desk_and_the_checks_ask_for_the_test_while_it_is_missing(client, officer, key, settings):
    def asked():
        return [task for task in tasks_for(officer) if "Test the key" in task.text]

    def reported():
        return [message.id for message in run_checks(databases=["default"]) if message.id.startswith("sealing")]

    assert (len(asked()), reported()) == (1, ["sealing.W001"])
    settings.SEALING_KEY = "x"
    assert reported() == ["sealing.E001"]
    settings.SEALING_KEY = public_text(key)
    address, box = begin(client)
    finish(client, address, opened(box, key)["phrase"])
    assert (asked(), reported()) == ([], [])
    settings.SEALING_KEY = ""
    assert (asked(), reported()) == ([], [])


def test_the_page_to_download_allows_its_own_script_and_style_and_no_connection(client, officer):
    response = client.get(f"{LIST}page/")
    html = response.content.decode()
    policy = dict(part.split(" ", 1) for part in re.search(r'Policy" content="([^"]+)"', html)[1].split("; "))
    script, style = (re.search(f"(?s)<{tag}>(.*?)</{tag}>", html)[1] for tag in ("script", "style"))

    assert response.headers["Content-Disposition"] == 'attachment; filename="sealed-names.html"'
    assert policy == {
        "default-src": "'none'",
        "script-src": f"'sha256-{digest(script)}'",
        "style-src": f"'sha256-{digest(style)}'",
        "form-action": "'none'",
    }
    assert not re.search(
        r"https?://", style + re.sub(r"//.*", "", html.partition("<body>")[2].partition("<script>")[0])
    )


def digest(text):
    return b64encode(hashlib.sha256(text.encode()).digest()).decode()
