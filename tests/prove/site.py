"""A site with a row of every kind, and values for the parameters in its URLs; `tests.prove.tokens` makes the tokens."""

import uuid
from datetime import date
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
from actions.communities.models import PlannedStep, Report
from actions.fundraising.models import (
    Appeal,
    Claim,
    ClaimLine,
    Discrepancy,
    Dispute,
    DonationSettings,
    Refund,
    VisitCount,
)
from actions.letters.models import DownloadCount, Letter, SentCount
from actions.protests.models import Protest
from campaign.approvals.models import ApprovalRequest
from campaign.joint_publishing.models import JointKind
from campaign.links.models import CheckedLink, Redirect
from campaign.mail.models import SuppressedAddress
from campaign.pages.models import Page, Update
from campaign.public_data.models import DataUpdate
from campaign.public_names.models import Hiding
from campaign.sealing.models import RestoreTest
from campaign.search.indexing import update_index
from campaign.subject_access.models import SubjectAccess
from campaign.tags.models import Tag
from pledges.approvals.exports import EXPORT
from pledges.approvals.signatures import WITHDRAW
from pledges.models import BulkInvalidation, Export, LostMailbox, Pledge, Reason
from tests.accounts.organisers import make_organiser
from tests.actions.communities.factories import CommunityFactory
from tests.actions.factories import (
    AppealFactory,
    BrandFactory,
    DeclarationFactory,
    FundFactory,
    OwnLetterFactory,
    PaymentFactory,
    RecipientFactory,
)
from tests.factories import (
    LONG_AGO,
    MessageFactory,
    SignatureFactory,
    UpdateFactory,
    make_document,
    make_picture,
    make_sector,
)
from tests.mailings.drafts import button, card, make_draft, quotation, text
from tests.prove.tokens import TOKENS, attendee

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
        assert make, f"Define {parameter} for the URL of {view} in tests/prove (site.py or tokens.py)."
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
        RestoreTest.objects.create(public_key="x", box="sealed:AAAA", phrase_hash=b"x" * 32)
        DataUpdate.objects.create(source="postcodes", state="held", report="Nothing was changed yet.")
        make_document()
        UpdateFactory(about=f"pledges.pledge:{self.pledge.pk}", picture=self.picture, author="Ada")
        update_index()


def commit(brand):
    """Return a confirmed commitment that a company has sent."""
    now, fields = timezone.now(), {"level": Level.FULL, "words": "We will.", "domain": "example.org"}
    CommitmentOffer.ask("ada@example.org", now, brand=brand, name="Ada", role="Buyer", **fields)
    return CommitmentOffer.objects.confirm(now)


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
    ("updates-of-year", "year"): lambda site: LONG_AGO.year,
    ("page-download", "slug"): lambda site: newest(Page, downloadable=True),
    ("page-download", "kind"): lambda site: next(KINDS),
    ("", "provider"): lambda site: "postmark",  # as sent without the trailing slash
}
