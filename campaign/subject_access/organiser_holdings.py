"""The data that we hold about an organiser: the account, the invitation, and their acts in the admin."""

from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.contrib.auth.models import User

from campaign.accounts.models import Invitation
from campaign.audit.models import AuditEntry
from campaign.desk.models import ClosedTour
from campaign.email_addresses.canonical import canonical
from campaign.email_addresses.parsing import usable_address
from campaign.privacy.holdings import Entry, entries, holds


@holds
def account_entries(address: str) -> Iterator[Entry]:
    """Yield an entry for each row about organisers with this address, leaving out other people's names."""
    users = list(_keys_of_users(canonical(address)))
    yield from entries(User.objects.filter(pk__in=users), leave_out=["id", "password"])
    yield from entries(EmailAddress.objects.filter(user__in=users), leave_out=["id", "user"])
    yield from entries(Invitation.objects.filter(organiser__in=users), leave_out=["invited_by"])
    yield from entries(AuditEntry.objects.of_organisers(users), leave_out=["salt", "digest"])
    yield from entries(ClosedTour.objects.filter(user__in=users), leave_out=["user"])


def _keys_of_users(wanted: str) -> Iterator[int]:
    """Yield the primary keys of users with this canonical address. It reads them all, as there are few."""
    known = [*User.objects.values_list("pk", "email"), *User.objects.values_list("pk", "username")]
    for key, name in [*known, *EmailAddress.objects.values_list("user", "email")]:
        if "@" in name and canonical(usable_address(name)) == wanted:
            yield key
