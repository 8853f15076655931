"""Sealed boxes, key files and exports, as the stand-alone command opens them."""

import csv
import io
import json
import subprocess
import sys
from base64 import b64encode

import pytest
from django.core.exceptions import ImproperlyConfigured
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st
from nacl.public import PrivateKey

from campaign.documents.spreadsheets import as_csv
from campaign.privacy.sealing import BLOCK, organisers_key, seal
from campaign.sealing import open_sealed
from campaign.sealing.open_sealed import NotOpenedError, harmless, new_key, opened, private_key

KEY = PrivateKey.generate()
AT_HOME = """
import getpass, runpy, sys
sys.modules["django"] = None
getpass.getpass = lambda prompt: "correct horse battery"
sys.argv = ["open_sealed.py", "show", sys.argv[1], "--key", "key.json"]
runpy.run_path("open_sealed.py", run_name="__main__")
"""
VALUES = st.dictionaries(st.sampled_from(["name", "town", "email"]), st.text(st.characters(codec="utf-8")))
HOSTILE = st.text("=+-@＝－\t\r\n\0'\";, |x\u202e\ufeffא\u2028a", max_size=6) | st.text(st.characters(codec="utf-8"))


@given(VALUES)
def test_a_box_opens_to_what_was_sealed(values):
    assert opened(seal(values, KEY.public_key), KEY) == values


@given(VALUES)
def test_two_boxes_with_the_same_values_have_nothing_in_common(values):
    first, second = (seal(values, KEY.public_key)[len("sealed:") :] for _ in range(2))

    assert first[:20] != second[:20]
    assert first[-20:] != second[-20:]


@given(st.text(st.characters(codec="ascii", min_codepoint=32), max_size=45).map(lambda name: name.replace('"', "")))
def test_the_length_of_a_box_does_not_show_the_length_of_a_usual_name(name):
    name = name.replace("\\", "")
    assert len(seal({"name": name}, KEY.public_key)) == len(seal({"name": ""}, KEY.public_key))
    assert BLOCK == 64


def test_another_key_opens_nothing():
    box = seal({"name": "Ruth Feldman"}, KEY.public_key)

    with pytest.raises(NotOpenedError, match="another key"):
        opened(box, PrivateKey.generate())
    with pytest.raises(NotOpenedError, match="damaged"):
        opened(box[:-8], KEY)


def test_a_key_file_opens_only_with_its_passphrase():
    content = json.dumps(new_key("correct horse battery"))

    assert "public" in json.loads(content)
    assert bytes(private_key(content, "correct horse battery").public_key)
    with pytest.raises(NotOpenedError, match="passphrase"):
        private_key(content, "correct horse batteri")
    with pytest.raises(NotOpenedError, match="key file"):
        private_key("{}", "correct horse battery")


@given(HOSTILE)
def test_opened_names_are_written_as_the_site_writes_them(text):
    (row,) = csv.reader(io.StringIO("".join(as_csv([[text]])).removeprefix("\ufeff"), newline="")) if text else [[""]]

    assert row == [harmless(text)]


@limits(max_examples=30)
@given(st.lists(st.tuples(HOSTILE, HOSTILE), max_size=4))
def test_an_opened_export_is_what_the_export_would_have_been_unsealed(tmp_path_factory, people):
    folder = tmp_path_factory.mktemp("exports")
    people = [(name or "x", town) for name, town in people]
    sealed = [("", "", "NW3", seal({"name": name, "town": town}, KEY.public_key)) for name, town in people]
    source, target = folder / "sealed.csv", folder / "opened.csv"
    source.write_text("".join(as_csv([("name", "town", "outward_code", "sealed_name"), *sealed])), newline="")
    plain = [("name", "town", "outward_code"), *((name, town, "NW3") for name, town in people)]

    assert open_sealed.open_csv(source, target, KEY) == len(people)
    assert target.read_bytes().decode() == "".join(as_csv(plain))
    assert target.stat().st_mode & 0o077 == 0


@pytest.mark.parametrize("text", ["x", "AAAA", b64encode(b"k" * 31).decode(), "é" * 44])
def test_a_text_that_is_no_key_is_refused(settings, text):
    settings.SEALING_KEY = text

    with pytest.raises(ImproperlyConfigured, match="SEALING_KEY"):
        organisers_key()


def test_the_command_runs_without_the_site(tmp_path):
    """People copy it to a laptop, which has neither Django nor the site's own modules."""
    script = tmp_path / "open_sealed.py"
    script.write_text(open_sealed.__loader__.get_source(open_sealed.__name__))
    (tmp_path / "key.json").write_text(json.dumps(new_key("correct horse battery")))
    key = private_key((tmp_path / "key.json").read_text(), "correct horse battery")
    box = seal({"name": "Ruth Feldman"}, key.public_key)

    ran = subprocess.run([sys.executable, "-I", "-c", AT_HOME, box], cwd=tmp_path, capture_output=True, check=True)  # noqa: S603
    assert ran.stdout == b"name: Ruth Feldman\n"
