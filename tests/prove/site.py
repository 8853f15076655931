"""A site with a row of every kind, and values for the parameters in its URLs."""

import uuid
from datetime import date, timedelta
from itertools import cycle

from django.core.management import call_command
from django.utils import timezone

from actions.businesses.models import (
    Basis,
    Brand,
    CallToAction,
    CommitmentOffer,
    CompanyReply,
    Complaint,
    DailyFigures,
    EndorsementOffer,
    Kind,
    Level,
)
from actions.communities.models import Complaint as CommunityComplaint
from actions.communities.models import ContactChange, PlannedStep, Report
from actions.fundraising.models import (
    Appeal,
    Claim,
    ClaimLine,
    Discrepancy,
    Dispute,
    DonationSettings,
    Refund,
    StatementLink,
    VisitCount,
)
from actions.fundraising.models.declarations import DECLARATION
from actions.letters.models import DownloadCount, Letter, SentCount
from actions.protests.models import Protest
from campaign.accounts.sign_in.links import link_for
from campaign.approvals.models import ApprovalRequest
from campaign.confirming.never import never_token
from campaign.editing.previews import make_token
from campaign.joint_publishing.models import JointKind
from campaign.links.models import CheckedLink, Redirect
from campaign.mail.models import SuppressedAddress
from campaign.mailings import unsubscribing
from campaign.pages.models import Page, Update
from campaign.privacy.crypto import token, token_hash
from campaign.public_names.models import Hiding
from campaign.search.indexing import update_index
from campaign.subject_access.models import SubjectAccess
from campaign.tags.models import Tag
from pledges.approvals.exports import EXPORT
from pledges.approvals.signatures import WITHDRAW
from pledges.mailboxes import second_hash
from pledges.models import BulkInvalidation, Export, LostMailbox, ManageLink, Pledge, Reason
from pledges.models.manage_link import manage_token, suppression_token
from pledges.signing.tokens import confirmation_token
from tests.accounts.organisers import make_organiser
from tests.actions.communities.factories import CommunityFactory
from tests.actions.factories import (
    AppealFactory,
    AttendeeFactory,
    BrandFactory,
    DeclarationFactory,
    FundFactory,
    OwnLetterFactory,
    PaymentFactory,
    ProtestFactory,
    RecipientFactory,
)
from tests.factories import MessageFactory, SignatureFactory, UpdateFactory, make_document, make_picture, make_sector
from tests.mailings.drafts import button, card, make_draft, quotation, text
from tests.news.factories import SubscriberFactory

AREA = "E14001265"


class Site:
    """A populated site; `value_of` makes a new token for each use of a single-use link."""

    def __init__(self):
        call_command("load_campaign")
        self.user = make_organiser("grace", is_superuser=True)
        self.pledge = Pledge.objects.get()
        self._add_signatures()
        self._add_letters()
        self._add_donations()
        self._add_communities()
        self._add_businesses()
        self._add_records()
        attendee(self)
        blocks = text("<p>Words</p>"), quotation("We were there."), button("Write", "/letters/"), card(self.pledge)
        make_draft(*blocks).keep(self.user, "Before")

    def value_of(self, view, parameter):
        """Return the value of a parameter in the URL of a view."""
        namespace = view.partition(":")[0] if ":" in view else view
        make = TOKENS.get(view) if parameter == "token" else VALUES.get((namespace, parameter))
        assert make, f"Define {parameter} for the URL of {view} in tests/prove/site.py."
        return str(make(self) or "nothing")

    def _add_signatures(self):
        signatures = SignatureFactory.create_batch(3, pledge=self.pledge, public=True, area_code=AREA)
        SignatureFactory(pledge=self.pledge, state="held", suspicion="network", network=b"x" * 16)
        Reason.write(signatures[1], "Because it is happening now.")
        Tag.objects.create(name="Leaflet, Leeds", slug="leeds-leaflet")
        MessageFactory(object_id=signatures[0].pk)
        LostMailbox.objects.create(pledge=self.pledge, email=signatures[0].email, name="Ada", contact="a@example.net")
        keys = [str(signature.pk) for signature in signatures]
        ApprovalRequest.draft(WITHDRAW, self.user, about=self.pledge, signatures=keys)

    def _add_letters(self):
        make_sector("NW3 7", UX=AREA)
        RecipientFactory(area_code=AREA, party="Any")
        letter = OwnLetterFactory(slug="act")
        SentCount.objects.create(letter=letter, area_code=AREA, count=12)
        DownloadCount.objects.create(letter=letter, kind="pdf", day=date(2026, 11, 22), count=1)

    def _add_donations(self):
        DonationSettings(portal_url="https://billing.stripe.com/p/login/test").save()
        self.fund = FundFactory(charity_name="The Charity")
        VisitCount.objects.create(appeal=AppealFactory(), day=date(2026, 11, 22), count=1)
        self.picture = make_picture()
        self.payment = PaymentFactory(donation__fund=self.fund)
        now = timezone.now()
        fields = {"payment": self.payment, "amount_pence": 100, "created_at": now}
        Refund.objects.create(pk="re_1", status="succeeded", **fields)
        Dispute.objects.create(pk="dp_1", status="needs_response", **fields)
        Discrepancy.objects.create(found_at=now, kind="changed", stripe_id="pi_1", donation_id=self.payment.donation_id)
        declaration = DeclarationFactory(donation=self.payment.donation)
        claim = Claim.objects.create(charity_name="The Charity", made_by=self.user, made_at=now, sent_at=now)
        refunded = PaymentFactory(donation=self.payment.donation, net_pence=600)
        ClaimLine.objects.create(claim=claim, payment=refunded, declaration=declaration, claimed_pence=1000)

    def _add_communities(self):
        community = CommunityFactory(listed=True)
        CommunityFactory(new=True)
        PlannedStep.objects.create(community=community, code=uuid.uuid4(), done_on=date(2026, 11, 22))
        Report.objects.create(community=community, text="Forty letters.", sent_at=timezone.now())
        CommunityComplaint.objects.create(about="An entry", words="Wrong.", email="a@example.org")

    def _add_businesses(self):
        brand, now = BrandFactory(website="https://example.org", contact="press@brand.example"), timezone.now()
        quoted = {"quotation": "We will.", "basis": Basis.SELF_DECLARED}
        commitment = brand.record(Kind.COMMITMENT, level=Level.FULL, entered_by=0, entered_name="gone", **quoted)
        brand.record(Kind.CHECK, self.user, about=commitment)
        self.commitment = commit(brand)
        fields = {"organisation": "A union", "name": "Ada", "role": "Chair", "call": CallToAction.objects.get()}
        EndorsementOffer.ask("ada@example.org", now, **fields)
        EndorsementOffer.objects.confirm(now)
        CompanyReply.objects.create(brand=brand, about=commitment, words="No.", name="Ada", role="Buyer")
        fields = {"words": "Wrong", "name": "Ada", "email": "a@example.org"}
        self.complaint = Complaint.objects.create(entry=commitment, **fields)
        DailyFigures.objects.create(day=date(2026, 11, 22), made_at=now, counts={"full": 1}, are_examples=False)

    def _add_records(self):
        JointKind.objects.create(model="businesses.calltoaction")
        SuppressedAddress.objects.create(address_hash=b"x" * 32)
        fields = {"organiser": self.user, "at": timezone.now(), "address_hash": b"x" * 32}
        SubjectAccess.objects.create(reason="She asked.", **fields)
        BulkInvalidation.objects.create(pledge=self.pledge, created_by=self.user, country="GB", reason="A robot")
        export = Export.objects.create(pledge=self.pledge, purpose="delivery")
        export.approval = ApprovalRequest.draft(EXPORT, self.user, about=export, subject=export.pk)
        export.approval.state = ApprovalRequest.State.WAITING
        export.approval.save()
        export.save()
        Hiding.begin(self.user, Hiding.Reason.DANGER, timezone.now())
        Hiding.end(self.user, timezone.now())
        Redirect.objects.record(Page.objects.first(), "/former-address/", "/")
        CheckedLink.objects.create(url="https://example.org/" + "long-" * 20, outcome="gone", failed_days=3)
        make_document()
        UpdateFactory(about=f"pledges.pledge:{self.pledge.pk}", picture=self.picture, author="Ada")
        update_index()


def commit(brand):
    """Return a confirmed commitment that a company has sent."""
    now, fields = timezone.now(), {"level": Level.FULL, "words": "We will.", "domain": "example.org"}
    CommitmentOffer.ask("ada@example.org", now, brand=brand, name="Ada", role="Buyer", **fields)
    return CommitmentOffer.objects.confirm(now)


def token_to_confirm_a_commitment(site):
    CommitmentOffer.objects.filter(pk=site.commitment.pk).update(confirmed_at=None)
    return site.commitment.token


def token_to_reply(site):
    CommitmentOffer.objects.filter(pk=site.commitment.pk).update(confirmed_at=timezone.now())
    return site.commitment.manage_token


def token_to_confirm(site):
    message = uuid.uuid4()
    SignatureFactory(pledge=site.pledge, message_id=message)
    return confirmation_token(message)


def token_to_manage(site):
    link = uuid.uuid4()
    signature = SignatureFactory(pledge=site.pledge, confirmed=True)
    fields = {"pledge": site.pledge, "signature": signature, "email": signature.email, "created_at": timezone.now()}
    ManageLink.objects.create(pk=link, token_hash=token_hash(manage_token(link)), **fields)
    return manage_token(link)


def token_to_add(site):
    message = uuid.uuid4()
    SignatureFactory(pledge=site.pledge, message_id=message, confirmed=True)
    return confirmation_token(message)


def token_to_manage_the_second(site):
    token = token_to_manage(site)
    first = ManageLink.opened_by(token, timezone.now()).signature
    SignatureFactory(pledge=site.pledge, confirmed=True, email_hash=second_hash(first.email_hash))
    return token


def token_to_unsubscribe(site):
    signature = SignatureFactory(pledge=site.pledge)
    return suppression_token(signature.pk, signature.email)


def token_to_stop_news(site):
    return unsubscribing.token("news.subscribers", SubscriberFactory().pk)


def token_to_cancel(site):
    declaration = DeclarationFactory(donation__fund=site.fund)
    return token(str(declaration.pk), DECLARATION)


def token_to_read(site):
    link = StatementLink(email="a@example.org", tax_year=2026, created_at=timezone.now())
    link.token_hash = token_hash(link.token)
    link.save()
    return link.token


def attendee(site, **values):
    """Return an attendee of the protest's next date."""
    protest = Protest.objects.filter(takes_names=True).first() or ProtestFactory(slug="coming", takes_names=True)
    on = protest.next_date(timezone.now() + timedelta(days=1)).on
    return AttendeeFactory(protest=protest, on=on, name="Ada", **values)


def token_to_sign_in(site):
    user = make_organiser(f"user-{uuid.uuid4().hex[:20]}")
    return link_for(user, "").strip("/").rpartition("/")[2]


def token_to_become_contact(site):
    community, address = CommunityFactory(), f"{uuid.uuid4()}@example.org"
    ContactChange.ask(address, timezone.now(), community=community, contact_name="Ada", contact_role="Chair")
    return community.contact_changes.get().token


TOKENS = {
    "communities:confirm": lambda site: CommunityFactory(pending=True, asked_at=timezone.now()).token,
    "communities:manage": lambda site: CommunityFactory(listed=True).manage_token,
    "communities:contact": token_to_become_contact,
    "communities:unsubscribe": lambda site: never_token(CommunityFactory(pending=True)),
    "protests:coming-never": lambda site: never_token(attendee(site, email=f"{uuid.uuid4()}@example.org")),
    "pledges:confirm": token_to_confirm,
    "pledges:confirm-add": token_to_add,
    "pledges:manage": token_to_manage,
    "pledges:manage-add": token_to_manage,
    "pledges:manage-second": token_to_manage_the_second,
    "pledges:unsubscribe": token_to_unsubscribe,
    "businesses:confirm": token_to_confirm_a_commitment,
    "businesses:manage": token_to_reply,
    "businesses:unsubscribe": lambda site: never_token(site.commitment),
    "news:confirm": lambda site: SubscriberFactory(confirmed_at=None).token,
    "news:never": lambda site: never_token(SubscriberFactory()),
    "news:unsubscribe": token_to_stop_news,
    "news:unsubscribe-for-good": token_to_stop_news,
    "fundraising:gift-aid": token_to_cancel,
    "fundraising:statement": token_to_read,
    "protests:coming-confirm": lambda site: attendee(site, confirmed_at=None).token,
    "protests:coming-drop-out": lambda site: attendee(site).manage_token,
    "accounts:sign-in": token_to_sign_in,
    "draft": lambda site: make_token(site.pledge),
}


def newest(model, **filters):
    """Return the slug of the published object that changed last."""
    return model.objects.published().filter(**filters).order_by("-updated_at").values_list("slug", flat=True).first()


KINDS = cycle(["docx", "odt", "pdf", "txt", "eml", "docx", "txt", "zzz"])
VALUES = {
    ("pledges", "slug"): lambda site: newest(Pledge),
    ("thank-you", "slug"): lambda site: newest(Pledge),
    ("letters", "slug"): lambda site: newest(Letter),
    ("letters", "kind"): lambda site: next(KINDS),
    ("protests", "slug"): lambda site: newest(Protest),
    ("communities", "kind"): lambda site: next(KINDS),
    ("businesses", "slug"): lambda site: newest(Brand),
    ("businesses", "kind"): lambda site: next(KINDS),
    ("fundraising", "slug"): lambda site: newest(Appeal),
    ("fundraising", "pk"): lambda site: site.payment.donation_id,
    ("mail-events", "provider"): lambda site: "postmark",
    ("media", "key"): lambda site: site.picture.key,
    ("media", "name"): lambda site: site.picture.share_name,
    ("mfa_remove_webauthn", "pk"): lambda site: "1",
    ("page", "slug"): lambda site: newest(Page),
    ("update", "slug"): lambda site: newest(Update),
    ("updates-of-year", "year"): lambda site: Update.objects.published().first().posted_on.year,
    ("page-download", "slug"): lambda site: newest(Page, downloadable=True),
    ("page-download", "kind"): lambda site: next(KINDS),
    ("", "provider"): lambda site: "postmark",  # as sent without the trailing slash
}
