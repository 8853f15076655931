"""Publishing a pledge whose words have changed, under the next number or as a correction that visitors see."""

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.utils import timezone

from campaign.versions.models import Version
from campaign.versions.problems import NotReadyError
from pledges.forms.wording import WordingForm
from pledges.models import Demand, PaperSheet, Pledge
from tests.factories import OrganiserFactory, PledgeFactory, SignatureFactory

HOUR = timedelta(hours=1)


@pytest.fixture
def signed(db):
    return SignatureFactory(pledge=PledgeFactory(statement="We have sean enough of all this, so we say so.")).pledge


def live(pledge):
    return Pledge.objects.published().get(pk=pledge.pk)


@pytest.mark.parametrize("state", ["pending", "confirmed", "held", "rejected", "withdrawn"])
def test_words_are_locked_by_a_signature_in_any_state(state, reword, refused, db):
    pledge = SignatureFactory(state=state).pledge
    reword(pledge, "We have seen far too much.")
    problem = refused(pledge.publish)

    assert problem.field_id == "id_statement"
    assert live(pledge).statement == "We have seen enough."


def test_signatures_on_paper_also_lock_the_words(reword, refused, db):
    pledge = PledgeFactory()
    PaperSheet.objects.create(pledge=pledge, signatures=12)
    reword(pledge, demand="Wait.")

    assert refused(pledge.publish).field_id == "id_demands-0-text"


def test_an_added_demand_is_refused_with_an_error_beside_it(signed, refused):
    Demand.objects.create(pledge=signed, text="Wait.", order=9)

    assert refused(signed.publish).field_id == "id_demands-2-text"


def test_changes_to_the_title_or_line_breaks_are_published_without_a_question(signed, reword):
    signed.title, signed.statement = "Another title", signed.statement.replace(" so ", "\r\nso ")
    signed.save()
    signed.publish()

    assert (live(signed).title, live(signed).wording) == ("Another title", 1)


def test_other_words_get_the_next_number_even_before_anybody_signs(reword, db):
    """Somebody may still have a page with the old words open."""
    pledge = PledgeFactory()
    reword(pledge, "We have seen far too much.")
    pledge.publish()

    assert (live(pledge).wording, live(pledge).wording_since.date()) == (2, timezone.now().date())
    assert pledge.in_wording(1).statement == "We have seen enough."


def test_a_new_wording_gets_the_next_number_and_starts_without_corrections(signed, reword):
    reword(signed, "We have seen enough of all this, so we say so.")
    signed.publish_correction("Misspelt.")
    reword(signed, demand="Wait.")
    signed.publish_new_wording()

    assert (live(signed).wording, live(signed).corrections) == (2, [])
    assert [(one.wording, len(one.corrections_made)) for one in signed.wordings(9, 9)] == [(2, 0), (1, 1)]


def test_a_correction_keeps_the_number_and_shows_its_reason_day_and_words(signed, reword):
    reword(signed, "We have seen enough of all this, so we say so.")
    signed.publish_correction(" Misspelt. ", OrganiserFactory())
    [correction] = live(signed).corrections_made

    assert (live(signed).wording, live(signed).statement[:13]) == (1, "We have seen ")
    assert (correction.day, correction.reason) == (timezone.localdate(), "Misspelt.")
    assert correction.changes == [("We have sean enough of", "We have seen enough of")]


def test_a_correction_requires_a_reason_and_must_not_be_a_new_wording(signed, reword, refused):
    reword(signed, "We have seen enough of all this, so we say so.")
    assert "reason" in refused(signed.publish_correction, "  ").text
    reword(signed, "We have not seen enough of all this, so we say so.")
    assert "new wording" in refused(signed.publish_correction, "Misspelt.").text

    assert live(signed).corrections == []


def test_many_small_corrections_cannot_replace_the_words(signed, reword, refused):
    for statement in (
        "We have seen enough of all this, so we say so.",
        "We have sean enough of all this, so we say so!",
    ):
        reword(signed, statement)
        signed.publish_correction("Misspelt.")
    assert len(live(signed).corrections) == 2
    reword(signed, "Wee have seen enough of all this, so we say so.")

    assert "1 of the words" in refused(signed.publish_correction, "Misspelt.").text


def test_restoring_an_older_draft_neither_loses_corrections_nor_reuses_numbers(signed, reword):
    reword(signed, "We have seen enough of all this, so we say so.")
    signed.publish_correction("Misspelt.")
    reword(signed, demand="Wait.")
    signed.publish_new_wording()
    Pledge.objects.filter(pk=signed.pk).update(wording=1, wording_since=None, corrections=[])
    signed.refresh_from_db()
    signed.publish()

    assert live(signed).wording == 2
    reword(signed, demand="Ask.")
    signed.publish_new_wording()
    assert [one.wording for one in signed.wordings(9, 9)] == [3, 2, 1]
    assert len(signed.in_wording(1).corrections) == 1


def test_while_a_wording_is_scheduled_no_other_words_can_be_published(signed, reword, refused):
    reword(signed, demand="Wait.")
    version = signed.publish_new_wording(live_at=timezone.now() + HOUR)
    assert (live(signed).wording, signed.in_wording(2)) == (1, None)
    reword(signed, demand="Wait longer.")
    for publish in (signed.publish, signed.publish_new_wording):
        assert "Call them off" in refused(publish).text
    assert "Call them off" in refused(signed.publish_correction, "Misspelt.").text

    version.cancel(OrganiserFactory(), timezone.now())
    signed.publish_new_wording()
    assert live(signed).wording == 2


def test_a_scheduled_wording_can_be_brought_forward(signed, reword):
    reword(signed, demand="Wait.")
    signed.publish_new_wording(live_at=timezone.now() + HOUR)
    signed.publish()

    assert live(signed).wording == 2
    assert live(signed).wording_since <= timezone.now()


@pytest.mark.parametrize(
    ("answers", "errors"),
    [
        ({}, ["change"]),
        ({"change": "other"}, ["change"]),
        ({"change": "slip"}, ["reason"]),
        ({"change": "slip", "reason": "x" * 201}, ["reason"]),
        ({"change": "slip", "reason": "Misspelt."}, []),
        ({"change": "new"}, []),
    ],
)
def test_the_form_asks_for_a_choice_and_for_a_reason(signed, reword, answers, errors):
    reword(signed, "We have seen enough of all this, so we say so.")

    assert list(WordingForm(signed, answers).errors) == errors


def test_the_form_publishes_as_chosen_and_refuses_more_than_a_slip(signed, reword):
    pledges, grace = admin.site.get_model_admin(Pledge), OrganiserFactory(username="grace")
    assert pledges.publish_form(signed) is None
    reword(signed, demand="Wait.")
    form = pledges.publish_form(signed)
    assert "new wording" in form(signed, {"change": "slip", "reason": "A slip."}).errors["change"][0]

    chosen = form(signed, {"change": "new"})
    assert chosen.is_valid()
    assert chosen.publish(grace, note="Asked for by the members.").author == "grace"
    assert live(signed).wording == 2
    assert pledges.publish_form(signed) is None


def at_once(*calls):
    """Run calls at the same time, each with its own connection; return the results, or the errors raised."""

    def run(call):
        try:
            return call()
        except NotReadyError as error:
            return error
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return [each.result() for each in [pool.submit(run, call) for call in calls]]


def wait_for_locks(number):
    """Wait until this many connections are waiting for a lock."""
    waiting = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
    for _ in range(500):
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_stat_clear_snapshot()")
            cursor.execute(waiting)
            if cursor.fetchone()[0] == number:
                return
        time.sleep(0.02)
    raise AssertionError("They aren't waiting.")


@pytest.mark.django_db(transaction=True)
def test_only_one_of_two_simultaneous_corrections_is_recorded(reword):
    pledge = SignatureFactory(pledge=PledgeFactory(statement="We have sean enough of all this, so we say so.")).pledge
    reword(pledge, "We have seen enough of all this, so we say so.")
    same = Pledge.objects.get(pk=pledge.pk), Pledge.objects.get(pk=pledge.pk)
    calls = [
        lambda row=row, reason=reason: row.publish_correction(reason)
        for row, reason in zip(same, ("Misspelt.", "A slip."), strict=True)
    ]
    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
        published = pool.submit(at_once, *calls)
        wait_for_locks(2)
    published.result()

    last, first, _original = (one.content["fields"]["corrections"] for one in Version.objects.of(Pledge, pledge.pk))
    assert last == first
    assert len(first) == 1


@pytest.mark.django_db(transaction=True)
def test_a_demand_saved_during_publishing_does_not_get_into_the_same_wording():
    pledge = PledgeFactory()
    demand = pledge.demands.first()

    def rewrite():
        demand.text = "Wait."
        demand.save()

    with ThreadPoolExecutor(1) as pool, transaction.atomic():
        Pledge.objects.select_for_update(no_key=True).get(pk=pledge.pk)
        saved = pool.submit(at_once, rewrite)
        wait_for_locks(1)
        pledge.publish()
    saved.result()

    texts = {
        (one.content["fields"]["wording"], one.content["parts"]["demands"][0]["fields"]["text"])
        for one in Version.objects.of(Pledge, pledge.pk)
    }
    assert texts == {(1, "Ask.")}
