"""One network floods the forms while people on other networks use them."""

from urllib.parse import urlencode

import pytest

from actions.communities.models import Complaint
from campaign.complaints.models import ComplaintQuerySet
from tests.front import front
from tests.prove.faults import FAULT, PAGES
from tests.traffic import Traffic

FLOODERS, PEOPLE = 8, 2
COMPLAINT = {"about": "The club", "words": "It is not true.", "email": "ada@example.org"}
MAX_FROM_NETWORK, MAX_IN_ALL = ComplaintQuerySet.max_from_network, ComplaintQuerySet.max_in_all
pytestmark = FAULT


@pytest.fixture
def site(path, tmp_path):
    with front(tmp_path, "http") as site:
        yield site


def test_nobody_else_is_refused_while_one_network_floods_the_form(site, path, record_property):
    flood = Traffic(site.port, path, (), FLOODERS, source="127.0.0.9", pause=0)
    with flood, Traffic(site.port, path, PAGES, PEOPLE, source="127.0.0.10") as others:
        others.go_on(300)

    record_property("summary", f"{others}; flood: {flood}")
    assert (set(others.signing), set(others.reading)) == ({302}, {200})
    assert others.lost() == flood.lost() == set()
    assert set(flood.signing) == {302}  # any of them may be a person, so an organiser decides about a suspicious wave


def test_one_network_cannot_use_up_the_daily_limit_of_a_form_for_others(site):
    def complain(source):
        visitor = Traffic(site.port, "", source=source)
        return visitor.ask("POST", "/community/complain/", urlencode(COMPLAINT))[0]

    flood = [complain("127.0.0.9") for _number in range(MAX_IN_ALL + MAX_FROM_NETWORK)]

    assert flood == [302] * MAX_FROM_NETWORK + [200] * MAX_IN_ALL
    assert complain("127.0.0.10") == 302
    assert Complaint.objects.count() == MAX_FROM_NETWORK + 1
