"""Update a body's stored members from a list, without losing anything unless that is allowed."""

from collections import defaultdict
from dataclasses import dataclass, field
from itertools import chain

from actions.letters.mp_importers import Member, MemberList, comparable, words
from actions.letters.recipients import Body, Recipient
from campaign.places.models import Constituency

MAX_SHOWN = 10
MEMBERS_LICENCE = "Contains Parliamentary information licensed under the Open Parliament Licence v3.0"


def store(body: Body, found: MemberList, *, drop: bool) -> list[str]:
    """Store the list's members, matched by seat and name, and return the lines of a report.

    Without `drop`, no member is deleted and no detail is cleared. Addresses entered by hand don't change. Members
    removed by an organiser stay removed until the list names somebody else for the seat.
    """
    update = compare(body, found, drop=drop)
    update.save(found.details)
    return update.report(found.problems)


def compare(body: Body, found: MemberList, *, drop: bool) -> "Update":
    """Return the changes that `store` would make."""
    update = Update(drop)
    stored = defaultdict[tuple[str, frozenset[str]], list[Recipient]](list)
    for one in body.members.all():
        stored[_person(one.area_code, one.display_name)].append(one)
    for member in found.members:
        same = stored[_person(member.area_code, member.display_name)]
        if same:
            update.match(same.pop(), member, found.details)
        else:
            in_seat = [key for key in stored if body.is_commons and key[0] == member.area_code]
            update.add(body, member, [one for key in in_seat for one in stored.pop(key)])
    for one in chain.from_iterable(stored.values()):
        update.absent(one)
    return update


def listed(title: str, names: list[str], limit: int = MAX_SHOWN) -> str:
    """Return a line such as "Vacant seats (2): Aldershot; Bath."."""
    more = f"; and {len(names) - limit} more" if len(names) > limit else ""
    return f"{title} ({len(names)}): {'; '.join(names[:limit]) or 'none'}{more}."


def vacant_seats(body: Body) -> list[str]:
    """Return the names of the constituencies without a member."""
    taken = body.members.filter(is_removed=False).values("area_code")
    return list(Constituency.objects.exclude(pk__in=taken).values_list("name", flat=True))


def without_address(body: Body) -> list[str]:
    """Return the names of the members whose e-mail address we don't know."""
    return list(map(str, body.members.filter(email="", email_override="", is_removed=False)))


@dataclass
class Update:
    """The changes that an import makes."""

    drop: bool
    new: list[Recipient] = field(default_factory=list)
    known: list[Recipient] = field(default_factory=list)
    gone: list[Recipient] = field(default_factory=list)
    losses: list[str] = field(default_factory=list)
    still_removed: list[str] = field(default_factory=list)

    def match(self, one: Recipient, member: Member, details: list[str]) -> None:
        """Update a stored member from the list."""
        if one.is_removed:
            self.still_removed.append(str(one))
            return
        # Keep our titles if the list has none.
        if not _words(member.display_name) < _words(one.display_name):
            one.display_name = member.display_name
        for detail in details:
            new = getattr(member, detail)
            if not new and getattr(one, detail):
                self.losses.append(f"{one} ({one.area_code}): {detail.replace('_', ' ')}")
            if new or self.drop:
                setattr(one, detail, new)
        self.known.append(one)

    def add(self, body: Body, member: Member, in_seat: list[Recipient]) -> None:
        """Add a new member; replace the member in that seat only if deletion is allowed."""
        sitting = [one for one in in_seat if not one.is_removed]
        self.losses += [_whole(one, f"replaced by {member.display_name}") for one in sitting]
        if self.drop or not sitting:
            self.gone += in_seat
            self.new.append(Recipient(body=body, **vars(member)))

    def absent(self, one: Recipient) -> None:
        """Delete a member missing from the list, if deletion is allowed."""
        if one.is_removed:
            return
        self.losses.append(_whole(one, "not in the list"))
        self.gone += [one] if self.drop else []

    def save(self, details: list[str]) -> None:
        """Make the changes; `details` are those that the list has."""
        Recipient.objects.filter(pk__in=[one.pk for one in self.gone]).delete()
        Recipient.objects.bulk_create(self.new)
        Recipient.objects.bulk_update(self.known, ["display_name", *details])

    def report(self, problems: list[str]) -> list[str]:
        """Return the lines of the report."""
        by_hand = sum(bool(one.email_override) for one in self.known)
        lines = [
            f"{len(self.new) + len(self.known)} members, {len(self.new)} of them new; "
            f"{by_hand} e-mail addresses entered by hand were kept."
        ]
        if problems:
            lines.append(listed("Left out as unusable", problems))
        if self.still_removed:
            lines.append(listed("Removed by an organiser, and not brought back", self.still_removed))
        if self.losses and self.drop:
            lines.append(listed("Dropped", self.losses, len(self.losses)))
        elif self.losses:
            lines.append(listed("Kept; --drop would delete them", self.losses))
        return lines


def _person(area_code: str, name: str) -> tuple[str, frozenset[str]]:
    """Return the key that identifies a person. Without a seat, it includes titles: Lord Smith is not Lady Smith."""
    return area_code, words(name) if area_code else _words(name)


def _words(name: str) -> frozenset[str]:
    return frozenset(comparable(name).split())


def _whole(one: Recipient, reason: str) -> str:
    by_hand = ", with an e-mail address entered by hand" if one.email_override else ""
    return f"{one} ({one.area_code}), {reason}{by_hand}"
