"""Mailings in the admin: what organisers see and can do once a mailing has been submitted."""

from datetime import timedelta

from django.test import Client
from django.utils import timezone

from campaign.mail.models import SuppressedAddress
from campaign.mailings.models import Mailing
from tests.accounts.organisers import sign_in_as
from tests.editing.filled_in import filled_in
from tests.mailings.admin.steps import LIST, State, approve, ask, deliver, in_state, path, state_of, step
from tests.mailings.drafts import make_draft


def test_a_submitted_mailing_cannot_be_changed(client, ruth, signers):
    mailing = make_draft()
    form = filled_in(client.get(path(mailing, "change")), subject="Too late")
    ask(client, mailing)
    answer = client.post(path(mailing, "change"), form | {"_continue": "1"})

    assert "This mailing has been submitted, so you can’t change it." in answer.content.decode()
    assert Mailing.objects.get().subject == "What you asked for"
    kept = client.post(path(mailing, "keep"), form)
    restored = client.post(f"{LIST}{mailing.pk}/restore/1/")
    assert (kept.status_code, restored.status_code, client.get(path(mailing, "send")).status_code) == (403, 403, 403)
    assert client.post(path(mailing, "delete"), {"post": "yes"}).status_code == 403


def test_a_mailing_can_be_copied_into_a_new_draft(client, ruth):
    mailing = in_state(State.SENT)
    client.post(path(mailing, "copy"))

    copy = Mailing.objects.latest("pk")
    assert (copy.state, copy.version, copy.subject) == (State.DRAFT, None, mailing.subject)
    assert [block.html for block in copy.blocks()] == ["<p>It is time to write.</p>"]
    assert len(mailing.blocks()) == 1


def test_organisers_pause_resume_and_stop_a_mailing(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now())
    states = []
    for name in ("pause", "resume", "pause"):
        step(client, mailing, name)
        states.append(state_of(mailing))
    assert states == [State.PAUSED, State.SENDING, State.PAUSED]

    asked = step(client, mailing, "stop")
    assert "pause it instead" in asked.content.decode()
    assert state_of(mailing) == State.PAUSED
    step(client, mailing, "stop", really="1")
    assert state_of(mailing) == State.STOPPED


def test_steps_are_posts_that_need_permission_to_send(client, ruth, site):
    mailing = in_state(State.SENDING)
    officer = Client()
    sign_in_as(officer, "Data officer")

    assert client.get(path(mailing, "step")).status_code == 405
    assert officer.post(path(mailing, "step"), {"step": "pause"}).status_code == 403
    assert client.post(path(mailing, "step"), {"step": "delete"}).status_code == 403
    assert state_of(mailing) == State.SENDING


def test_a_planned_mailing_is_called_off_directly_and_a_waiting_one_through_its_request(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    step(client, mailing, "withdraw")
    assert state_of(mailing) == State.WAITING
    approve(second)
    step(client, mailing, "withdraw")

    assert state_of(mailing) == State.DRAFT


def test_a_halted_mailing_is_resumed_by_two_organisers(client, ruth, second):
    mailing = in_state(State.HALTED, started_at=timezone.now(), halted_because="spam")
    page = client.get(path(mailing, "change")).content.decode()
    assert "marked it as spam" in page
    assert "one organiser asks to resume it and another approves" in page
    begun = step(client, mailing, "resume").redirect_chain[-1][0]
    assert state_of(mailing) == State.HALTED
    client.post(begun, {"ask": "1", "reason": "The subject misled them."})
    assert approve(client).status_code == 403
    approve(second)

    assert state_of(mailing) == State.SENDING


def test_the_progress_page_shows_numbers_but_never_people(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now())
    deliver(mailing, sent=4, queued=6, refused=1, unknown=2, skipped=1)
    page = client.get(path(mailing, "change")).content.decode()

    assert "8 of 14 messages have been dealt with." in page
    assert 'value="8"' in page
    assert "2 messages a minute were sent" in page
    assert "will take about 3 minutes" in page
    assert "will take about 3 minutes" in page


def test_nobody_waits_for_a_mailing_that_was_stopped(client, ruth):
    mailing = in_state(State.STOPPED, started_at=timezone.now(), finished_at=timezone.now())
    deliver(mailing, sent=1, queued=2)
    page = client.get(path(mailing, "change")).content.decode()

    assert "Not sent, because the mailing was stopped" in page
    assert ">Waiting<" not in page


def test_a_problem_with_the_mail_server_is_explained(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now(), problem="TimeoutError")

    assert "The mail server took too long to answer" in client.get(path(mailing, "change")).content.decode()


def test_no_finishing_time_is_given_while_nothing_is_sent(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now())
    deliver(mailing, queued=1)

    assert "We can’t say how long the rest will take" in client.get(path(mailing, "change")).content.decode()


def test_the_desk_lists_mailings_that_wait_for_an_organiser(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    halted = in_state(State.HALTED, started_at=timezone.now(), halted_because="bounces")
    deliver(halted, unknown=2)
    desk = second.get("/admin/").content.decode()

    assert "A mailing to 3 people is waiting for approval." in desk
    assert "The site has halted a mailing, because too many addresses don’t exist." in desk
    assert "Nobody knows whether messages reached 2 people." in desk
    assert "Write to supporters" in desk


def test_the_desk_says_how_many_addresses_were_suppressed_lately(client, ruth):
    SuppressedAddress.objects.bounced("a@example.org")
    SuppressedAddress.objects.filter(reason="bounced").update(since=timezone.localdate() - timedelta(days=8))
    assert "We have stopped writing to" not in client.get("/admin/").content.decode()

    for address in ("b@example.org", "c@example.org"):
        SuppressedAddress.objects.bounced(address)
    SuppressedAddress.objects.reported_as_spam("d@example.org")
    desk = client.get("/admin/").content.decode()
    assert "We have stopped writing to 2 addresses in the last seven days, because they don’t exist." in desk
    assert "1 person has marked our news as spam in the last seven days, and gets no more." in desk
    for reason, number in {"bounced": 3, "spam": 1}.items():
        url = f"/admin/mail/suppressedaddress/?reason__exact={reason}"
        assert f'href="{url}"' in desk
        assert client.get(url).context["cl"].result_count == number


def test_only_roles_that_write_mailings_may_send_them(client, site, signers):
    mailing, seen = make_draft(), {}
    for role in ("Editor", "Events", "Supporter care", "Data officer", "Treasurer"):
        browser = Client()
        sign_in_as(browser, role)
        seen[role] = browser.get(path(mailing, "change")).status_code, browser.get(path(mailing, "send")).status_code

    allowed, viewers, nobody = (200, 200), (200, 403), (403, 403)
    assert list(seen.values()) == [allowed, allowed, viewers, viewers, nobody]
