"""The command `update_data`: MPs from Parliament's Members API."""

import threading
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from actions.letters.recipients import Recipient
from campaign.places.models import Edition
from campaign.public_data.models import DataUpdate
from tests.public_data.standin import members

SEARCH = "/api/Members/Search"


def update():
    out = StringIO()
    call_command("update_data", only="mps", stdout=out)
    return out.getvalue()


def refused():
    """Run the update, which must fail and change nothing; return its report."""
    before = list(Recipient.objects.order_by("pk").values())
    with pytest.raises(CommandError, match="Not updated: mps"):
        update()
    assert list(Recipient.objects.order_by("pk").values()) == before
    return DataUpdate.objects.first().report


def test_members_are_fetched_with_seat_party_address_and_page(few_seats):
    report = update()

    assert Recipient.objects.count() == 45
    one = Recipient.objects.get(external_id="1")
    assert (one.display_name, one.salutation, one.party) == ("Ms Jane Doeb", "Ms Doeb", "Independent")
    assert one.area_code == "E14001063"
    assert one.email == "jane.1.mp@parliament.uk"
    assert one.page_url == "https://members.parliament.uk/member/1"
    assert "45 members, 45 of them new" in report
    edition = Edition.objects.get(pk="mps")
    assert edition.rows == 45
    assert "Parliament" in edition.licence
    assert edition.edition


def test_one_request_is_sent_at_a_time(few_seats):
    at_once, most, lock = 0, 0, threading.Lock()

    def count(handler):
        nonlocal at_once, most
        with lock:
            at_once += 1
            most = max(most, at_once)
        with lock:
            at_once -= 1

    few_seats.respond["/api/"] = count
    update()

    assert most == 1
    assert len(few_seats.asked) == 3 + 45


def test_an_address_in_parliament_is_found_under_another_office_and_others_are_left_out(few_seats):
    few_seats.contacts = {
        1: [{"typeId": 4, "email": "jane@parliament.uk"}],
        2: [{"typeId": 4, "email": "jane@example.org"}],
        3: [{"typeId": 1, "email": None}],
        4: [],
    }
    report = update()

    addresses = dict(Recipient.objects.filter(external_id__in="1234").values_list("external_id", "email"))
    assert addresses == {"1": "jane@parliament.uk", "2": "", "3": "", "4": ""}
    assert "Without an e-mail address (3)" in report


def test_a_few_vacant_seats_are_reported(few_seats):
    few_seats.members = members(42)

    assert "Vacant seats (3)" in update()


def test_many_vacant_seats_are_refused(few_seats):
    update()
    few_seats.members = members(34)

    assert "there are 34 members for 45 seats" in refused().lower()


def test_more_vacant_seats_than_by_elections_explain_are_refused(few_seats, monkeypatch):
    monkeypatch.setattr("actions.letters.parliament.MAX_VACANT", 2)
    few_seats.members = members(42)

    assert "3 seats have no member" in refused()


def test_a_by_election_replaces_the_member(few_seats):
    update()
    few_seats.members[1] |= {"nameDisplayAs": "Mr John Roe", "nameAddressAs": "Mr Roe"}
    report = update()

    assert Recipient.objects.get(area_code="E14001063").display_name == "Mr John Roe"
    assert "replaced by Mr John Roe" in report


def test_an_address_entered_by_hand_is_kept(few_seats):
    update()
    Recipient.objects.filter(external_id="1").update(email_override="ada@example.org")
    update()

    assert Recipient.objects.get(external_id="1").address == "ada@example.org"


def test_losing_many_addresses_waits_for_an_organiser(few_seats, django_user_model):
    update()
    before = list(Recipient.objects.order_by("pk").values())
    few_seats.contacts = {number: [] for number in range(1, 12)}
    report = update()

    assert DataUpdate.objects.first().state == "held"
    assert "These would be lost (11)" in report
    assert list(Recipient.objects.order_by("pk").values()) == before

    assert DataUpdate.objects.first().accept(django_user_model.objects.create_user("ada"))
    update()
    assert DataUpdate.objects.first().state == "done"
    assert Recipient.objects.filter(email="").count() == 11


def test_losing_many_members_waits_for_an_organiser(few_seats):
    update()
    for number in range(1, 12):
        few_seats.members[number]["nameDisplayAs"] = "Mr John Roe"
    report = update()

    assert DataUpdate.objects.first().state == "held"
    assert "New members: 11." in report


def test_members_without_a_name_leave_their_seats_vacant_and_are_reported(few_seats):
    few_seats.members[1]["nameDisplayAs"] = ""

    assert "Member 1: there is no usable name" in update()


@pytest.mark.parametrize(
    "answer",
    [
        {"items": None, "totalResults": 45},
        {"items": [], "totalResults": 45},
        {"items": [], "totalResults": 0},
        {"items": [{"value": {"id": 1}}, {"value": {"id": 1}}], "totalResults": 2},
        {"items": [], "totalResults": 10_000_000},
        ["something", "else"],
    ],
)
def test_answers_of_another_shape_are_refused(few_seats, answer):
    few_seats.respond[SEARCH] = lambda handler: handler.send_json(answer) or True

    refused()


def test_an_error_of_the_service_is_tried_three_times(few_seats):
    few_seats.respond[SEARCH] = lambda handler: handler.send(b"", status=503) or True

    assert "answered with the error 503" in refused()
    assert len(few_seats.asked) == 3


def test_a_busy_moment_in_the_middle_is_waited_out(few_seats):
    answers = iter([429])

    def busy_once(handler):
        if next(answers, None):
            handler.send(b"", status=429, Retry_After="1")
            return True
        return False

    few_seats.respond["/api/Members/20/Contact"] = busy_once
    update()

    assert Recipient.objects.count() == 45


def test_an_answer_that_is_cut_off_is_refused(few_seats):
    few_seats.respond[SEARCH] = lambda handler: handler.send(b"{", "application/json", length=100) or True

    assert "gave no complete answer in time" in refused()
