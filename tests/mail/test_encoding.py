"""Every kind of message arrives as written, sent in short ASCII lines that any mail server accepts."""

from datetime import timedelta
from email import message_from_bytes, policy
from functools import partial

import pytest
from django.core.mail import EmailMessage
from django.db import transaction
from django.utils import timezone

from actions.businesses.models import CommitmentOffer, Complaint, EndorsementOffer, Kind
from actions.businesses.models import Notice as NoticeToCompany
from actions.businesses.models.complaints import ANSWER
from actions.businesses.models.notice import TO_COMPANY, TO_ORGANISERS
from actions.businesses.models.offers import COMMIT, ENDORSE
from actions.businesses.models.offers import MANAGE as COMPANY_LINK
from actions.communities.models import ContactChange
from actions.communities.models import messages as of_communities
from actions.communities.models.contact_change import NEW_CONTACT
from actions.fundraising.emails import ALARM, RECEIPT
from actions.fundraising.models import Notice, StatementLink
from actions.fundraising.models.declarations import DECLARATION
from actions.fundraising.models.notices import TO_DONOR, TO_TREASURER
from actions.fundraising.models.statements import STATEMENT
from actions.protests.coming.queuing import NEWS, REMINDER
from actions.protests.models import ProtestChange
from actions.protests.models.attendee import CONFIRM as COMING
from campaign.accounts.models import NEW_BROWSER, SIGN_IN_LINK, NewBrowser, OrganiserAddress
from campaign.desk import tasks
from campaign.desk.emails import DAILY
from campaign.desk.tasks import Task
from campaign.email_addresses.canonical import address_hash
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.mail.writers import WRITERS
from campaign.mailings.models import TestMessage
from campaign.mailings.models.test_message import TEST
from campaign.news.models import CONFIRM as WANTS_NEWS
from campaign.news.models import Subscriber
from pledges.models import ManageLink
from pledges.models.manage_link import MANAGE
from pledges.signing.tokens import CONFIRM
from tests.actions.communities.factories import CommunityFactory
from tests.actions.factories import (
    AttendeeFactory,
    BrandFactory,
    CallFactory,
    DeclarationFactory,
    PaymentFactory,
    ProtestFactory,
)
from tests.factories import (
    LONG_AGO,
    MessageFactory,
    OrganiserFactory,
    PledgeFactory,
    SignatureFactory,
    SiteSettingsFactory,
)
from tests.mailings.drafts import make_draft, text

RUTH = "ruth@example.org"
NAME = "Hände weg – ئۇيغۇر 👋🏽 "
# Longer than the limit for a line (998 octets: RFC 5321, 4.5.3.1.6), with everything that could trip up an encoder.
LONG = f"{'维吾尔' * 400} =3D=\u2028\x0c ." + " From here\n.\n..\nFrom there\t \nto trailing blanks   \n" + "x" * 2000

pytestmark = pytest.mark.django_db


def confirmation():
    message = MessageFactory.build(kind=CONFIRM)
    signature = SignatureFactory(pledge=PledgeFactory(title=NAME), message_id=message.pk, email=RUTH)
    return MessageFactory(id=message.pk, kind=CONFIRM, object_id=signature.pk)


def manage_link():
    signature = SignatureFactory(pledge=PledgeFactory(title=NAME), confirmed=True, email=RUTH)
    ManageLink.ask(signature.pledge.slug, RUTH, timezone.now())
    return Message.objects.get(kind=MANAGE)


def receipt():
    payment = PaymentFactory(donation__donor_email=RUTH, fund__payee=NAME)
    return MessageFactory(kind=RECEIPT, object_id=payment.pk)


def declaration():
    declaration = DeclarationFactory(donation__donor_email=RUTH, wording=LONG, address=NAME)
    return MessageFactory(kind=DECLARATION, object_id=declaration.pk)


def statement():
    PaymentFactory(donation__donor_email=RUTH, donation__donor_hash=address_hash(RUTH))
    StatementLink.ask(RUTH, 2026, timezone.now())
    return Message.objects.get(kind=STATEMENT)


def notice(kind):
    payment = PaymentFactory(donation__donor_email=RUTH, fund__payee=NAME)
    given = Notice.objects.create(payment=payment, kind=Notice.Kind.REFUND, about="re_1", created_at=timezone.now())
    return MessageFactory(kind=kind, object_id=given.pk)


def to_community(kind):
    fields = {"pending": True, "asked_at": timezone.now()} if kind == of_communities.CONFIRM else {}
    row = CommunityFactory(email=RUTH, name=NAME, reminded_at=timezone.now(), **fields)
    return MessageFactory(kind=kind, object_id=row.pk)


def new_contact():
    ContactChange.ask(RUTH, timezone.now(), community=CommunityFactory(), contact_name=NAME, contact_role=NAME)
    return Message.objects.get(kind=NEW_CONTACT)


def sign_in_link():
    OrganiserAddress.objects.create(organiser=OrganiserFactory(), email=RUTH).send_link(timezone.now(), by=None)
    return Message.objects.get(kind=SIGN_IN_LINK)


def new_browser():
    address = OrganiserAddress.objects.create(organiser=OrganiserFactory(), email=RUTH)
    NewBrowser.report(address.organiser, "Firefox on Windows", timezone.now())
    return Message.objects.get(kind=NEW_BROWSER)


def mailing():
    address = OrganiserAddress.objects.create(organiser=OrganiserFactory(), email=RUTH)
    TestMessage.request(make_draft(text(f"<p>{LONG}</p>"), subject=NAME), address.organiser, timezone.now())
    return Message.objects.get(kind=TEST)


def about_coming(kind):
    protest = ProtestFactory(title=NAME, takes_names=True)
    on = protest.next_date(timezone.now() + timedelta(days=1)).on
    attendee = AttendeeFactory(protest=protest, on=on, email=RUTH, confirmed_at=None if kind == COMING else LONG_AGO)
    if kind == NEWS:
        ProtestChange.objects.create(protest=protest, on=on, kind="cancelled", note=NAME)
    return MessageFactory(kind=kind, object_id=attendee.pk)


def news_without_signing():
    Subscriber.join(RUTH, None, timezone.now())
    return Message.objects.get(kind=WANTS_NEWS)


def endorsement():
    fields = {"call": CallFactory(), "organisation": NAME, "name": NAME, "role": NAME}
    EndorsementOffer.ask(RUTH, timezone.now(), **fields)
    return Message.objects.get(kind=ENDORSE)


def commitment(*, confirmed=False):
    fields = {"company": NAME, "level": "full", "words": LONG, "domain": "example.org", "name": NAME, "role": NAME}
    CommitmentOffer.ask(RUTH, timezone.now(), **fields)
    if confirmed:
        Message.objects.all().delete()
        CommitmentOffer.objects.confirm(timezone.now())
    return Message.objects.get(kind=COMPANY_LINK if confirmed else COMMIT)


def answer():
    entry = BrandFactory(title=NAME).record(Kind.LETTER)
    Complaint.objects.create(entry=entry, name=NAME, email=RUTH, words=LONG).send_answer(LONG, timezone.now())
    return Message.objects.get(kind=ANSWER)


def notice_to_company(kind):
    brand = BrandFactory(title=NAME, contact=RUTH, domains=RUTH.partition("@")[2])
    about = brand.record("commitment", level="full", quotation="We will.")
    notice = NoticeToCompany.objects.create(brand=brand, about=about, subject=NAME, text=LONG, recipient=RUTH)
    return MessageFactory(kind=kind, object_id=notice.pk)


# One message of each kind that the site sends. If you add a kind to the site, add it here too.
SAMPLES = {
    CONFIRM: confirmation,
    MANAGE: manage_link,
    RECEIPT: receipt,
    DECLARATION: declaration,
    STATEMENT: statement,
    TO_DONOR: partial(notice, TO_DONOR),
    TO_TREASURER: partial(notice, TO_TREASURER),
    ALARM: lambda: MessageFactory(kind=ALARM),
    of_communities.CONFIRM: partial(to_community, of_communities.CONFIRM),
    of_communities.MANAGE: partial(to_community, of_communities.MANAGE),
    of_communities.WELCOME: partial(to_community, of_communities.WELCOME),
    of_communities.REMINDER: partial(to_community, of_communities.REMINDER),
    NEW_CONTACT: new_contact,
    SIGN_IN_LINK: sign_in_link,
    NEW_BROWSER: new_browser,
    TEST: mailing,
    WANTS_NEWS: news_without_signing,
    ENDORSE: endorsement,
    COMMIT: commitment,
    COMPANY_LINK: partial(commitment, confirmed=True),
    ANSWER: answer,
    TO_COMPANY: partial(notice_to_company, TO_COMPANY),
    TO_ORGANISERS: partial(notice_to_company, TO_ORGANISERS),
    **{kind: partial(about_coming, kind) for kind in (COMING, REMINDER, NEWS)},
    DAILY: lambda: MessageFactory(kind=DAILY),
}


def send(smtp, message):
    """Send a message; return it as written, as received, and as raw bytes."""
    with transaction.atomic():  # as in `deliver`; undo what it stores about the message
        written = WRITERS[message.kind](message)
        transaction.set_rollback(True)
    send_waiting()
    (envelope,) = smtp.received
    return written, message_from_bytes(envelope.content, policy=policy.default), envelope.content


def text_of(part):
    """Return the text of a part, with the line endings with which it was written."""
    return part.get_content().replace("\r\n", "\n").rstrip()


def test_there_is_a_sample_of_every_kind_of_message():
    assert set(SAMPLES) == set(WRITERS) - {"greeting"}


@pytest.mark.parametrize("kind", SAMPLES)
def test_every_kind_of_message_arrives_as_it_was_written(smtp, monkeypatch, kind):
    monkeypatch.setattr(tasks, "FINDERS", [lambda: [Task(LONG, "/admin/", "")]])
    SiteSettingsFactory(name=NAME * 4, contact_email=RUTH)

    written, arrived, octets = send(smtp, SAMPLES[kind]())

    plain = arrived.get_body(("plain",))
    assert text_of(plain) == written.body.rstrip()
    assert arrived["Subject"].strip() == written.subject
    assert plain["Content-Transfer-Encoding"] == "quoted-printable"
    assert octets.isascii()
    lines = [line for line in octets.splitlines() if not line.startswith(b" <http")]  # a header's URL can't be folded
    assert max(map(len, lines)) <= 78


def test_every_part_of_a_message_is_quoted_printable(smtp, greet, monkeypatch):
    def write(message):
        email = EmailMessage("Hello", LONG, to=[RUTH])
        email.attach("note.html", f"<p>{LONG}</p>", "text/html")
        return email

    monkeypatch.setitem(WRITERS, "greeting", write)
    _written, arrived, octets = send(smtp, MessageFactory(kind="greeting"))

    parts = [part for part in arrived.walk() if not part.is_multipart()]
    assert [part["Content-Transfer-Encoding"] for part in parts] == ["quoted-printable"] * 2
    assert octets.isascii()
    assert text_of(parts[0]) == LONG
