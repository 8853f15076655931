"""Mailings in the admin: written by one organiser, approved by a second, and followed by both."""

import os
import uuid
from datetime import timedelta

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.test import Client
from django.utils import timezone

from campaign.accounts.models import OrganiserAddress
from campaign.approvals.models import ApprovalRequest
from campaign.audit.models import AuditEntry
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.mailings.models import Delivery, Mailing, TestMessage
from campaign.pages.models import SiteSettings
from campaign.places.models import Constituency
from campaign.versions.models import Version
from tests.accounts.organisers import begin_session, make_established, sign_in, sign_in_as
from tests.editing.filled_in import filled_in
from tests.factories import PledgeFactory, SignatureFactory
from tests.mailings.drafts import button, make_draft, make_site, text

State = Mailing.State
LIST = "/admin/mailings/mailing/"


@pytest.fixture
def site(db):
    return make_site()


@pytest.fixture
def ruth(client, site):
    """Sign in the organiser who writes the mailings."""
    return sign_in(client, username="ruth")


@pytest.fixture
def second(site):
    """Return the signed-in client of a second organiser, who may approve."""
    browser = Client()
    begin_session(browser, make_established("grace"))
    return browser


@pytest.fixture
def signers(site):
    """Create three signers who asked for news, and one who didn't."""
    pledge = PledgeFactory()
    for name in ("a", "b", "c"):
        SignatureFactory(pledge=pledge, confirmed=True, updates=True, email=f"{name}@example.org")
    SignatureFactory(pledge=pledge, confirmed=True, email="d@example.org")
    return pledge


def path(mailing, end):
    return f"{LIST}{mailing.pk}/{end}/"


def ask(client, mailing, people=3, **planned):
    """Press *Send…*, then enter the number and a reason; return the last response."""
    begun = client.post(path(mailing, "send"), planned, follow=True)
    return client.post(begun.redirect_chain[-1][0], {"ask": "1", "number": people, "reason": "March"}, follow=True)


def approve(client):
    request = ApprovalRequest.objects.latest("pk")
    return client.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", {"approve": "1"}, follow=True)


def step(client, mailing, name, **more):
    return client.post(path(mailing, "step"), {"step": name} | more, follow=True)


def state_of(mailing):
    return Mailing.objects.get(pk=mailing.pk).state


def in_state(state, **fields):
    """Return a mailing that was submitted and then reached this state."""
    mailing = make_draft()
    number = mailing.keep(None, "").number
    Mailing.objects.filter(pk=mailing.pk).update(state=state, version=number, **fields)
    return Mailing.objects.get(pk=mailing.pk)


# --- Writing


def test_an_organiser_writes_a_mailing_of_blocks(client, ruth):
    form = client.get(f"{LIST}add/")
    assert form.context["adminform"].form["subject"].value() == "The news that you asked for"
    blocks = {
        "TOTAL_FORMS": "1",
        "0-html": "<p>Hello <script>x</script>there.</p>",
        "0-region": "main",
        "0-ordering": "10",
    }
    own = {f"mailings_mailtext_set-{name}": value for name, value in blocks.items()}
    client.post(f"{LIST}add/", filled_in(form, audience="everybody") | own | {"_continue": "1"})

    [mailing] = Mailing.objects.all()
    [block] = mailing.blocks()
    assert (mailing.state, block.html) == (State.DRAFT, "<p>Hello there.</p>")


def test_the_audiences_are_one_list_with_plain_names(client, ruth, signers):
    page = client.get(f"{LIST}add/").content.decode()

    assert "Everybody who asked for news" in page
    assert "Subscribers: people who asked for news without signing" in page


def test_a_region_and_a_constituency_at_once_are_refused(client, ruth):
    place = Constituency.objects.create(code="E14001612", name="York Central", nation="E")
    mailing = make_draft()
    form = filled_in(client.get(path(mailing, "change")), region="London", constituency=place.pk)
    answer = client.post(path(mailing, "change"), form | {"_continue": "1"})

    assert "Choose a region or a constituency, not both." in answer.content.decode()


def test_an_audience_that_no_longer_exists_stays_chosen_until_somebody_chooses_another(client, ruth):
    mailing = make_draft(audience="protests.coming:99")
    answer = client.post(path(mailing, "change"), filled_in(client.get(path(mailing, "change"))) | {"_continue": "1"})

    assert answer.status_code == 302
    assert "an audience that no longer exists" in client.get(path(mailing, "change")).content.decode()
    assert "Nobody would get it." in client.get(path(mailing, "send")).content.decode()


def test_the_form_warns_about_what_a_locked_phone_shows(client, ruth):
    mailing = make_draft(subject="Persecution of the Uyghurs: what we did about it in the last month, and next")
    page = client.get(path(mailing, "change")).content.decode()

    assert "A locked phone shows “Persecution” to anybody" in page
    assert "The subject has 76 characters." in page
    assert "A locked phone shows “" not in client.get(path(make_draft(), "change")).content.decode()


def test_the_list_shows_each_state_and_progress_with_one_count(client, ruth, django_assert_max_num_queries):
    for number in range(3):
        mailing = in_state(State.SENDING, started_at=timezone.now())
        deliver(mailing, sent=number, queued=1)
    with django_assert_max_num_queries(16):
        page = client.get(LIST).content.decode()

    assert "being sent" in page
    assert "2 of 3 people" in page


# --- Preview and test


def test_the_preview_is_a_page_by_itself_that_may_have_styles_and_nothing_else(client, ruth):
    mailing = make_draft(text("<p>Read this</p>"))
    page = client.get(path(mailing, "preview"))
    frame = client.get(path(mailing, "preview/page"))
    plain = client.get(path(mailing, "preview/text"))

    assert "frame-src 'self'" in page["Content-Security-Policy"]
    for shown in (frame, plain):
        assert "Read this" in shown.content.decode()
        assert shown["Content-Security-Policy"].startswith("default-src 'none'; style-src 'unsafe-inline'; frame-anc")
        assert shown["X-Frame-Options"] == "SAMEORIGIN"
        assert "[[" not in shown.content.decode()


def test_the_preview_shows_text_that_has_not_been_saved(client, ruth):
    mailing = make_draft()
    typed = filled_in(client.get(path(mailing, "change")), subject="Not saved yet")
    shown = client.post(path(mailing, "preview"), typed)
    frame = client.get(shown["Location"].replace("preview/", "preview/text/"))

    assert "Not saved yet" in frame.content.decode()
    assert Mailing.objects.get().subject == "What you asked for"


def test_a_test_goes_to_nobody_but_the_organiser_who_asked(client, ruth, signers):
    OrganiserAddress.objects.create(organiser=ruth, email="ruth@example.org")
    OrganiserAddress.objects.create(organiser=User.objects.create(username="other"), email="other@example.org")
    mailing = make_draft()
    form = filled_in(client.get(path(mailing, "change")), subject="A new subject")
    answer = client.post(path(mailing, "change"), form | {"_test": "1"}, follow=True)
    send_waiting()

    assert "A test is on its way to your own address." in answer.content.decode()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["ruth@example.org"], "[Test] A new subject")
    assert message.alternatives[0].mimetype == "text/html"
    assert "[[" not in message.body + message.alternatives[0].content
    assert "Persecution" not in message.from_email


def test_an_organiser_without_an_address_and_one_who_has_had_ten_tests_get_none(client, ruth):
    mailing = make_draft()
    assert "no e-mail address" in send_test(client, mailing).content.decode()
    OrganiserAddress.objects.create(organiser=ruth, email="ruth@example.org")
    TestMessage.objects.bulk_create(
        TestMessage(mailing=mailing, organiser=ruth, asked_at=timezone.now()) for _number in range(10)
    )

    assert "You have had 10 tests within an hour." in send_test(client, mailing).content.decode()
    assert not Message.objects.exists()


def send_test(client, mailing):
    form = filled_in(client.get(path(mailing, "change")))
    return client.post(path(mailing, "change"), form | {"_test": "1"}, follow=True)


# --- Asking and approving


def test_a_second_organiser_approves_and_the_mailing_is_planned(client, ruth, second, signers):
    mailing = make_draft(subject="What you asked for")
    page = client.get(path(mailing, "send")).content.decode()
    assert "<strong>3</strong> people at this moment" in page
    ask(client, mailing)
    assert state_of(mailing) == State.WAITING
    request = ApprovalRequest.objects.get()
    shown = second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert "Subject: What you asked for" in shown
    assert "Who gets it: Everybody who asked for news" in shown
    assert path(mailing, "preview") in shown
    assert "@example.org" not in shown
    approve(second)

    sent = Mailing.objects.get()
    assert (sent.state, sent.version) == (State.SCHEDULED, Version.objects.of(Mailing, mailing.pk).get().number)
    assert timedelta(minutes=4) < sent.send_at - timezone.now() <= timedelta(minutes=5)
    acts = list(AuditEntry.objects.filter(model="mailings.mailing").values_list("act", flat=True))
    assert acts == ["steer_mailing", "steer_mailing"]


def test_a_planned_time_is_kept(client, ruth, second, signers):
    mailing = make_draft()
    tomorrow = timezone.localtime() + timedelta(days=1)
    ask(client, mailing, send_at_0=tomorrow.strftime("%Y-%m-%d"), send_at_1="09:30")
    approve(second)

    planned = timezone.localtime(Mailing.objects.get().send_at)
    assert (planned.date(), planned.strftime("%H:%M")) == (tomorrow.date(), "09:30")


def test_a_time_in_the_past_is_refused(client, ruth, signers):
    mailing = make_draft()
    answer = client.post(path(mailing, "send"), {"send_at_0": "2020-01-01", "send_at_1": "09:30"})

    assert "at least five minutes from now" in answer.content.decode()
    assert not ApprovalRequest.objects.exists()


def test_the_organiser_who_asked_cannot_approve(client, ruth, signers):
    mailing = make_draft()
    ask(client, mailing)

    assert approve(client).status_code == 403
    assert state_of(mailing) == State.WAITING


def test_a_newcomer_cannot_approve(client, ruth, signers):
    newcomer = Client()
    begin_session(newcomer, make_established("new", days=1))
    mailing = make_draft()
    ask(client, mailing)

    assert approve(newcomer).status_code == 403
    assert state_of(mailing) == State.WAITING


def test_a_wrong_number_is_refused(client, ruth, signers):
    mailing = make_draft()
    answer = ask(client, mailing, people=4)

    assert "This affects 3, not 4." in answer.content.decode()
    assert state_of(mailing) == State.DRAFT


def test_a_draft_that_has_changed_since_is_not_submitted(client, ruth, signers):
    mailing = make_draft()
    begun = client.post(path(mailing, "send"), {}, follow=True).redirect_chain[-1][0]
    form = filled_in(client.get(path(mailing, "change")), subject="Something else")
    client.post(path(mailing, "change"), form | {"_continue": "1"})
    answer = client.post(begun, {"ask": "1", "number": "3", "reason": "x"}, follow=True)

    assert "the draft has changed" in answer.content.decode()
    assert state_of(mailing) == State.DRAFT


def test_many_more_people_than_were_asked_about_need_a_new_request(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    for number in range(11):
        SignatureFactory(pledge=signers, confirmed=True, updates=True, email=f"more{number}@example.org")
    answer = approve(second)

    assert answer.status_code == 403
    request = ApprovalRequest.objects.get()
    page = second.get(f"/admin/approvals/approvalrequest/{request.pk}/change/").content.decode()
    assert "14 people would get it by now, not 3." in page


def test_a_refused_mailing_is_a_draft_again(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    request = ApprovalRequest.objects.get()
    second.post(f"/admin/approvals/approvalrequest/{request.pk}/change/", {"undo": "1"})

    assert state_of(mailing) == State.DRAFT


def test_an_old_request_does_not_approve_what_is_submitted_after_a_backup_was_restored(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    old = ApprovalRequest.objects.latest("pk")
    Mailing.objects.stop_restored()
    ask(second, mailing)
    second.post(f"/admin/approvals/approvalrequest/{old.pk}/change/", {"approve": "1"})
    assert state_of(mailing) == State.WAITING

    second.post(f"/admin/approvals/approvalrequest/{old.pk}/change/", {"undo": "1"})
    assert state_of(mailing) == State.WAITING


def test_what_is_missing_stops_the_request(client, ruth, signers):
    empty = Mailing.objects.create(subject="")
    SiteSettings.objects.update(publisher_address="")
    assert "This is still empty." in client.get(path(empty, "send")).content.decode()
    Mailing.objects.update(subject="News")
    page = client.get(path(empty, "send")).content.decode()

    assert "Before it can be sent" in page
    assert "There is no text yet." in page
    assert "a postal address, in the site settings" in page
    assert client.post(path(empty, "send"), {}).status_code == 200
    assert not ApprovalRequest.objects.exists()


def test_broken_links_and_a_telling_subject_are_shown_before_sending(client, ruth, signers):
    mailing = make_draft(text('<p><a href="/nowhere/">our page</a></p>'), button("Go", "/gone/"), subject="Persecution")
    page = client.get(path(mailing, "send")).content.decode()

    assert "there is no page at /nowhere/" in page
    assert "there is no page at /gone/" in page
    assert "A locked phone shows “Persecution”" in page


# --- Afterwards


def test_a_submitted_mailing_cannot_be_changed(client, ruth, signers):
    mailing = make_draft()
    form = filled_in(client.get(path(mailing, "change")), subject="Too late")
    ask(client, mailing)
    answer = client.post(path(mailing, "change"), form | {"_continue": "1"})

    assert "It has been submitted, so it can’t be changed." in answer.content.decode()
    assert Mailing.objects.get().subject == "What you asked for"
    kept = client.post(path(mailing, "keep"), form)
    restored = client.post(f"{LIST}{mailing.pk}/restore/1/")
    assert (kept.status_code, restored.status_code, client.get(path(mailing, "send")).status_code) == (403, 403, 403)
    assert client.post(path(mailing, "delete"), {"post": "yes"}).status_code == 403


def test_a_mailing_can_be_copied_to_a_new_draft(client, ruth):
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


def test_steps_are_posts_that_need_the_right_to_send(client, ruth, site):
    mailing = in_state(State.SENDING)
    officer = Client()
    sign_in_as(officer, "Data officer")

    assert client.get(path(mailing, "step")).status_code == 405
    assert officer.post(path(mailing, "step"), {"step": "pause"}).status_code == 403
    assert client.post(path(mailing, "step"), {"step": "delete"}).status_code == 403
    assert state_of(mailing) == State.SENDING


def test_a_planned_mailing_can_be_called_off_but_one_that_waits_only_on_the_request(client, ruth, second, signers):
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
    assert "two organisers have decided" in page
    begun = step(client, mailing, "resume").redirect_chain[-1][0]
    assert state_of(mailing) == State.HALTED
    client.post(begun, {"ask": "1", "reason": "The subject misled them."})
    assert approve(client).status_code == 403
    approve(second)

    assert state_of(mailing) == State.SENDING


def deliver(mailing, **counts):
    """Create deliveries of a mailing: so many in each state."""
    for state, count in counts.items():
        for _number in range(count):
            Delivery.objects.create(
                mailing=mailing,
                person=os.urandom(32),
                source="x",
                row=uuid.uuid4(),
                domain_hash=b"",
                state=state,
                done_at=timezone.now() if state == "sent" else None,
            )


def test_the_progress_page_says_how_far_it_has_got_and_never_whom_it_missed(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now())
    deliver(mailing, sent=4, queued=6, refused=1, unknown=2, skipped=1)
    page = client.get(path(mailing, "change")).content.decode()

    assert "8 of 14 people are done." in page
    assert 'value="8"' in page
    assert "2 were sent per minute" in page
    assert "takes about 3 minutes" in page
    assert "never tries again by itself" in page


def test_a_fault_of_the_mail_server_is_explained(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now(), problem="TimeoutError")

    assert "The mail server took too long to answer" in client.get(path(mailing, "change")).content.decode()


def test_a_speed_of_nothing_promises_nothing(client, ruth):
    mailing = in_state(State.SENDING, started_at=timezone.now())
    deliver(mailing, queued=1)

    assert "Nobody can say how long the rest will take" in client.get(path(mailing, "change")).content.decode()


def test_the_desk_names_what_waits_for_an_organiser(client, ruth, second, signers):
    mailing = make_draft()
    ask(client, mailing)
    halted = in_state(State.HALTED, started_at=timezone.now(), halted_because="bounces")
    deliver(halted, unknown=2)
    desk = second.get("/admin/").content.decode()

    assert "A message to 3 people waits for approval." in desk
    assert "The site has halted a mailing." in desk
    assert "Nobody knows whether messages reached 2 people." in desk
    assert "Write to supporters" in desk


def test_the_roles_that_write_may_send_and_others_may_not(client, site, signers):
    mailing, seen = make_draft(), {}
    for role in ("Editor", "Events", "Supporter care", "Data officer", "Treasurer"):
        browser = Client()
        sign_in_as(browser, role)
        seen[role] = browser.get(path(mailing, "change")).status_code, browser.get(path(mailing, "send")).status_code

    allowed, viewers, nobody = (200, 200), (200, 403), (403, 403)
    assert list(seen.values()) == [allowed, allowed, viewers, viewers, nobody]
