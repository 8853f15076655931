"""However it is spelt, a mailbox signs once, gets three messages a day, and none once it has unsubscribed."""

import re
import unicodedata

import pytest
from django.test import Client
from django.utils import timezone

from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from pledges.models import Signature
from pledges.signing.sign import BETWEEN_MESSAGES
from tests.accounts.organisers import sign_in
from tests.factories import PledgeFactory, SignatureFactory, SiteSettingsFactory
from tests.pledges.conftest import ANSWERS

PLAIN = [
    *("v@example.org", "v@example.org\u200b", "\ufeffv@example.org"),
    *("ｖ@example.org", "V@Example．org", "v＠example.org"),
]
BUCHER = ["x@bücher.example", "x@xn--bcher-kva.example", "X@XN--BCHER-KVA.example", "x@BÜCHER.example"]
DECOMPOSED = unicodedata.normalize("NFD", "x@bücher.example")


@pytest.fixture
def unsubscribe(mailoutbox):
    """Click the button behind the unsubscribe link in the newest message."""

    def press():
        send_waiting()
        path = re.search(r"https?://[^/]+(/pledges/unsubscribe/\S+)", mailoutbox[-1].body)[1]
        assert "We will not write to you again" in Client().post(path).content.decode()

    return press


def send_all():
    while send_waiting():
        pass


def test_two_mailboxes_spelt_in_many_ways_sign_twice(client, sign, mailoutbox):
    for address in [*PLAIN, *BUCHER, DECOMPOSED]:
        assert sign(email=address).status_code == 302
        send_all()
        for link in re.findall(r"https?://[^/]+(/pledges/confirm/\S+)", "".join(one.body for one in mailoutbox)):
            client.post(link)

    assert Signature.objects.filter(state="confirmed").count() == Signature.objects.count() == 2
    assert {one.to[0] for one in mailoutbox} == {"v@example.org", "x@xn--bcher-kva.example"}
    assert {one.email for one in Signature.objects.all()} == {"v@example.org", "x@xn--bcher-kva.example"}


def test_domains_that_only_idna_2003_confuses_stay_distinct(sign):
    sign(email="x@straße.example")
    sign(email="x@strasse.example")

    assert Signature.objects.count() == 2


@pytest.mark.parametrize(
    ("typed", "reason"),
    [
        ("v\u200b@example.org", "The address contains an invisible character: type it again by hand"),
        ("v@exam\ufeffple.org", "The address contains an invisible character: type it again by hand"),
        ("a@b。.org", "Enter an e-mail address like name@example.org"),
        ("a@localhost", "Enter an e-mail address like name@example.org"),
        ("a@[127.0.0.1]", "Enter an e-mail address like name@example.org"),
        ("=?utf-8?q?v?=@example.org", "Enter an e-mail address like name@example.org"),
        ("ü@example.org", "Before the @, use only unaccented letters a to z"),
        ("v@exаmple.org", "mixes letters from different alphabets"),
        ("a" * 65 + "@example.org", "This address is too long"),
        (" \u200b ", "Enter your e-mail address"),
    ],
)
@pytest.mark.parametrize("form", ["", "my-signature/", "send-again/", "check-your-email/"])
def test_every_form_explains_an_invalid_address_beside_its_field(client, pledge, form, typed, reason):
    page = client.post(f"{pledge.get_absolute_url()}{form}", ANSWERS | {"email": typed, "code": "0"}).content.decode()

    beside = re.search(r'<p class="error" id="(?:id|again)_email_error">(.*?)</p>', page, re.DOTALL)[1]
    assert reason in beside
    assert not Signature.objects.exists()
    assert not Message.objects.exists()


@pytest.mark.parametrize("domain", ["example.org", "gmail.com"])
def test_sixty_tags_of_one_mailbox_get_it_three_messages_a_day(sign, mailoutbox, domain, time_machine):
    start = timezone.now()
    for number in range(60):
        time_machine.move_to(start + number * BETWEEN_MESSAGES, tick=False)
        assert sign(email=f"victim+{number}@{domain}").status_code == 302
        send_all()
    send_all()

    assert len(mailoutbox) == 3
    assert not Message.objects.waiting().exists()


@pytest.mark.django_db
def test_all_forms_of_all_pledges_together_send_a_mailbox_three_messages_a_day(client, mailoutbox):
    SiteSettingsFactory()
    for number in range(12):
        pledge = PledgeFactory()
        SignatureFactory(pledge=pledge, email=f"victim+{number}@example.org", confirmed=True)
        spelt = f"ｖictim+{number}@EXAMPLE.org\u200b"
        client.post(pledge.get_absolute_url(), ANSWERS | {"email": f"victim+new{number}@example.org"})
        for form in ("my-signature/", "send-again/"):
            client.post(f"{pledge.get_absolute_url()}{form}", {"email": spelt})
    send_all()

    assert len(mailoutbox) == 3


@pytest.mark.parametrize("first", ["v@example.org", "v+a@example.org", "v+a@example.org\u200b"])
def test_unsubscribing_suppresses_every_spelling_and_every_tag(sign, unsubscribe, mailoutbox, first):
    sign(email=first)
    unsubscribe()
    for address in [*PLAIN, "v+b@example.org", "V+a+b@example.org", "ｖ+c@example.org"]:
        assert sign(email=address).status_code == 302
    sign(email="other+a@example.org")
    send_all()

    assert [one.to for one in mailoutbox[1:]] == [["other+a@example.org"]]


def test_unsubscribing_suppresses_the_domain_in_unicode_and_punycode(sign, unsubscribe, mailoutbox):
    sign(email="x@bücher.example")
    unsubscribe()
    for address in [*BUCHER, DECOMPOSED, "x+y@bücher.example"]:
        sign(email=address)
    send_all()

    assert len(mailoutbox) == 1


def test_a_count_only_signer_who_unsubscribes_suppresses_every_tag(client, sign, confirm_link, unsubscribe, mailoutbox):
    sign(email="v+a@example.org", visibility="count")
    client.post(confirm_link())
    assert Signature.objects.get().email is None
    unsubscribe()
    for address in ("v@example.org", "v+b@example.org"):
        sign(email=address)
    send_all()

    assert len(mailoutbox) == 1


@pytest.mark.parametrize(
    ("term", "matches"),
    [
        ("x@bücher.example", 1),
        (" X@XN--BCHER-KVA.EXAMPLE\u200b", 1),
        ("@bücher.example", 1),
        ("@Xn--bcher-kva.example", 1),
        ("x@localhost", 0),
        ("x\u200by@example.org", 0),
        ("@", 0),
        ("@@", 0),
        ("a@", 0),
    ],
)
def test_organisers_find_a_signature_by_any_spelling_and_nothing_by_an_invalid_one(client, pledge, term, matches):
    SignatureFactory(pledge=pledge, email="x@xn--bcher-kva.example")
    sign_in(client)
    page = client.get("/admin/pledges/signature/", {"q": term}).content.decode()

    assert f"{matches} signature" in page


def test_organisers_find_a_suppressed_mailbox_by_any_tag(client, sign, unsubscribe):
    sign(email="v+a@example.org")
    unsubscribe()
    sign_in(client)
    path = "/admin/mail/suppressedaddress/"

    for term, matches in (("v+b@example.org", 1), ("ｖ@example.org", 1), ("w@example.org", 0), ("v@", 0)):
        assert f"{matches} suppressed address" in client.get(path, {"q": term}).content.decode()
