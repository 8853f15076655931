"""Tokens for the links in messages: a new one for each request, since some can be used only once."""

import uuid
from datetime import timedelta

from django.utils import timezone

from actions.businesses.models import CommitmentOffer
from actions.communities.models import ContactChange
from actions.fundraising.models import StatementLink
from actions.fundraising.models.declarations import DECLARATION
from campaign.accounts.sign_in.links import link_for
from campaign.confirming.never import never_token
from campaign.editing.previews import make_token
from campaign.mailings import unsubscribing
from campaign.privacy.crypto import token, token_hash
from pledges.mailboxes import second_hash
from pledges.models import ManageLink
from pledges.models.manage_link import manage_token, suppression_token
from pledges.signing.tokens import confirmation_token
from tests.accounts.organisers import make_organiser
from tests.actions.communities.factories import CommunityFactory
from tests.actions.factories import AttendeeFactory, DeclarationFactory, ProtestFactory
from tests.factories import SignatureFactory
from tests.news.factories import SubscriberFactory


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
    """Create a protest, and return somebody who is coming to its next date."""
    protest = ProtestFactory(takes_names=True)
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
