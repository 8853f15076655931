"""The bytes of one person's message, as the mail server gets them."""

import email
import re
from email import policy

from django.conf import settings
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from campaign.mailings.models import Delivery
from campaign.mailings.sending.ready_message import Template, encoded
from campaign.mailings.unsubscribing import headers, page_url, token
from tests.mailings.crowd import Crowd, address
from tests.mailings.sending.conftest import make_mailing

ROW = next(iter(Crowd(1).people))


def ready(mailing, to=None):
    """Return the bytes for the first person in the crowd, and the same message as a mail program parses it."""
    delivery = Delivery(pk=7, mailing=mailing, source=Crowd.name, row=ROW)
    content = Template(mailing).message(delivery, to or address(0), ready=True).message().as_bytes(linesep="\r\n")
    return content, email.message_from_bytes(content, policy=policy.SMTP)


def test_a_message_is_correct_mime_and_has_the_persons_own_links(mailing):
    content, message = ready(mailing)
    key = token(Crowd.name, ROW)
    plain, html = (message.get_body([kind]).get_content() for kind in ("plain", "html"))

    assert message.get_content_type() == "multipart/alternative"
    assert not any(part.defects for part in message.walk())
    assert not any(header.defects for header in message.values())
    for text in (plain, html):
        assert "We did it – thank you." in text
        assert page_url(key) in text
        assert "[[" not in text
    assert {name: message[name] for name in headers(key)} == headers(key)
    assert re.fullmatch(rb"(?:[\t\x20-\x7e]{0,997}\r\n)*", content)


def test_only_the_to_header_names_the_person(mailing):
    content, message = ready(mailing)
    head = content.partition(b"\r\n\r\n")[0].decode()

    assert message["To"] == address(0)
    assert head.count(address(0)) == 1
    assert address(0).partition("@")[0] not in re.sub(r"To: .*", "", head)


def test_the_headers_identify_a_mailing_but_reveal_nothing_on_a_locked_phone(mailing):
    _content, message = ready(mailing)

    assert message["From"].addresses[0].display_name == "Website messages"
    assert message["Subject"] == "The news that you asked for"
    assert (message["Precedence"], message["List-Id"]) == ("bulk", f"<news.{settings.SITE_HOST}>")
    assert message["Date"].datetime
    assert message["Message-ID"].startswith("<news.7.")


def test_a_subject_in_another_script_is_encoded(crowd, db):
    mailing = make_mailing()
    type(mailing).objects.update(subject="ئۇيغۇر – 维吾尔 " + "x" * 60)
    mailing.refresh_from_db()
    mailing.version = mailing.keep(None, "").number
    content, message = ready(mailing)

    assert message["Subject"] == "ئۇيغۇر – 维吾尔 " + "x" * 60
    assert content.isascii()


def test_bounces_go_to_the_bounce_address(mailing, settings):
    settings.BOUNCE_ADDRESS = "bounces@campaign.example"
    delivery = Delivery(pk=7, mailing=mailing, source=Crowd.name, row=ROW)
    built = Template(mailing).message(delivery, address(0), ready=True)

    assert built.from_email == "bounces@campaign.example"
    assert b"bounces@" not in built.content


@given(st.text())
@hypothesis_settings(max_examples=30, suppress_health_check=list(HealthCheck))
def test_quoted_printable_preserves_every_text(text):
    content = encoded(text)
    part = email.message_from_bytes(
        b'Content-Type: text/plain; charset="utf-8"\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n' + content
    )

    assert part.get_payload(decode=True).decode() == re.sub(r"\r\n|\r|\n", "\r\n", text) + "\r\n"
    assert all(len(line) <= 76 for line in content.split(b"\r\n"))
    assert re.fullmatch(rb"(?:[\t\x20-\x7e]|\r\n)*", content)
