"""The page that makes keys and opens sealed names: a file in a real browser, without any connection."""

import hashlib
import json
import random
import re
from base64 import b64encode
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from campaign.privacy.sealing import seal
from campaign.sealing.models import RestoreTest, key_in_use
from campaign.sealing.offline_page import NAME
from campaign.sealing.open_sealed import harmless, new_key, private_key
from pledges.models import Signature
from pledges.sealing import seal_due
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.admin.test_exports import download, make_approved
from tests.pledges.admin.test_sealed_exports import NAMES

PASSPHRASE = "five odd wörds will do"  # noqa: S105
PRINTABLE = "aé=+-@;\t\r\n\"', א中😀\u202e\0"


@pytest.fixture
def offline(page, tmp_path, client, transactional_db):
    """Save the page from the admin and open it offline. Note every request for anything but a file."""
    user = sign_in(client)
    (tmp_path / NAME).write_bytes(client.get("/admin/sealing/restoretest/page/").content)
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    page.context.set_offline(True)
    page.goto((tmp_path / NAME).as_uri())
    page.organiser = user
    yield page
    assert [url for url in asked if not url.startswith(("file:", "blob:"))] == []


def make_key(page, folder):
    """Make a key on the page; return its file and the public key."""
    make = page.locator("#make")
    make.get_by_label("New passphrase").fill(PASSPHRASE)
    make.get_by_label("Again").fill(PASSPHRASE)
    with page.expect_download() as saving:
        make.get_by_role("button").click()
    saving.value.save_as(folder / "organisers-key.json")
    return folder / "organisers-key.json", page.locator("#public").inner_text()


def unlock(page, file, passphrase=PASSPHRASE):
    page.get_by_label("Key file").set_input_files(file)
    page.locator("#unlock").get_by_label("Passphrase").fill(passphrase)
    page.get_by_role("button", name="Unlock").click()


def open_one(page, box):
    page.get_by_label("begins with “sealed:”").fill(box)
    page.get_by_role("button", name="Show").click()
    expect(page.get_by_role("status")).to_have_text("Opened.")
    return page.locator("#values dd").first.inner_text()


def test_a_key_made_offline_is_tested_and_opens_what_the_site_exports(offline, client, settings, tmp_path):
    key_file, settings.SEALING_KEY = make_key(offline, tmp_path)
    assert json.loads(key_file.read_text())["public"] == settings.SEALING_KEY
    unlock(offline, key_file)
    test = client.post("/admin/sealing/restoretest/begin/").url
    phrase = open_one(offline, RestoreTest.objects.get().box)
    client.post(test.replace("change/", "finish/"), {"phrase": phrase})
    assert key_in_use()

    pledge, signed = PledgeFactory(), {"signed_at": timezone.now() - timedelta(days=3), "confirmed": True}
    for name in NAMES:
        SignatureFactory(pledge=pledge, name=name, **signed)
    SignatureFactory(pledge=pledge, kind="organisation", organisation="Quill", role="Chair", **signed)
    before = download(client, make_approved(offline.organiser, pledge=pledge))
    while seal_due(timezone.now()):
        pass
    exported = tmp_path / "stop-it-delivery.csv"
    exported.write_bytes(download(client, make_approved(offline.organiser, pledge=pledge)))
    assert not Signature.objects.exclude(name=None).exists()
    offline.get_by_label("CSV file").set_input_files(exported)
    with offline.expect_download() as saving:
        offline.get_by_role("button", name="Open and save").click()
    saving.value.save_as(tmp_path / "opened.csv")

    assert saving.value.suggested_filename == "stop-it-delivery-opened.csv"
    assert sorted((tmp_path / "opened.csv").read_bytes().splitlines()) == sorted(before.splitlines())


def test_the_page_and_the_command_open_each_others_key_files(offline, tmp_path):
    theirs, public = make_key(offline, tmp_path)
    key = private_key(theirs.read_text(), PASSPHRASE)
    ours = tmp_path / "ours.json"
    ours.write_text(json.dumps(new_key(PASSPHRASE)))
    unlock(offline, ours)
    expect(offline.get_by_role("status")).to_contain_text("The key is unlocked")

    box = seal({"name": "Ruth"}, private_key(ours.read_text(), PASSPHRASE).public_key)
    assert open_one(offline, box) == "Ruth"
    assert b64encode(bytes(key.public_key)).decode() == public


def test_what_goes_wrong_is_said_plainly(offline, tmp_path):
    key_file, _public = make_key(offline, tmp_path)
    status = offline.get_by_role("status")
    unlock(offline, key_file, "something else")
    expect(status).to_have_text("The passphrase is wrong.")
    (tmp_path / "x.json").write_text("[]")
    unlock(offline, tmp_path / "x.json")
    expect(status).to_have_text("This is not a key file.")
    unlock(offline, key_file)
    expect(status).to_contain_text("unlocked")

    for text in (seal({"name": "x"}, private_key(json.dumps(new_key("x")), "x").public_key), "sealed:AAAA"):
        offline.get_by_label("begins with “sealed:”").fill(text)
        offline.get_by_role("button", name="Show").click()
        expect(status).to_contain_text("sealed for another key, or is damaged")
    (tmp_path / "plain.csv").write_text("name\r\nRuth\r\n")
    offline.get_by_label("CSV file").set_input_files(tmp_path / "plain.csv")
    offline.get_by_role("button", name="Open and save").click()
    expect(status).to_have_text("Nothing in this file is sealed.")
    offline.locator("#make").get_by_label("New passphrase").fill("short")
    offline.locator("#make").get_by_label("Again").fill("short")
    offline.locator("#make").get_by_role("button").click()
    expect(status).to_contain_text("too short")


def test_its_hash_csv_and_boxes_agree_with_ours(offline, tmp_path):
    """Random input goes through both: BLAKE2b, the form of cells, and CSV with hostile text."""
    chance = random.Random(17)  # noqa: S311
    texts = ["".join(chance.choices(PRINTABLE, k=chance.randrange(8))) for _ in range(300)]
    assert offline.evaluate("texts => texts.map(harmless)", texts) == [harmless(text) for text in texts]
    table = [texts[at : at + 3] for at in range(0, 300, 3)]
    again = offline.evaluate("rows => readCsv(writeCsv(rows))", [["a", "b", "c"], *table])
    assert again == [["a", "b", "c"], *table]
    blocks = [list(chance.randbytes(64)) for _ in range(50)]
    hashed = offline.evaluate("all => all.map(one => [...blake2b(Uint8Array.from(one), undefined, 24)])", blocks)
    assert [bytes(one) for one in hashed] == [hashlib.blake2b(bytes(one), digest_size=24).digest() for one in blocks]
    assert re.search(r"default-src 'none'", offline.content())
