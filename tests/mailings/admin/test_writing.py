"""Mailings in the admin: writing, previewing and testing them."""

from django.contrib.auth.models import User
from django.core import mail
from django.utils import timezone

from campaign.accounts.models import OrganiserAddress
from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.mailings.models import Mailing, TestMessage
from campaign.pages.models import SiteSettings
from campaign.places.models import Constituency
from tests.editing.filled_in import filled_in
from tests.mailings.admin.steps import LIST, State, deliver, in_state, path
from tests.mailings.drafts import make_draft, text


def test_an_organiser_writes_a_mailing_in_blocks(client, ruth):
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


def test_audiences_are_one_list_with_plain_names(client, ruth, signers):
    page = client.get(f"{LIST}add/").content.decode()

    assert "Everybody who asked for news" in page
    assert "Subscribers: people who asked for news without signing" in page


def test_choosing_both_a_region_and_a_constituency_is_refused(client, ruth):
    place = Constituency.objects.create(code="E14001612", name="York Central", nation="E")
    mailing = make_draft()
    form = filled_in(client.get(path(mailing, "change")), region="London", constituency=place.pk)
    answer = client.post(path(mailing, "change"), form | {"_continue": "1"})

    assert "Choose a region or a constituency, not both." in answer.content.decode()


def test_an_audience_that_no_longer_exists_stays_selected_until_it_is_changed(client, ruth):
    mailing = make_draft(audience="protests.coming:99")
    answer = client.post(path(mailing, "change"), filled_in(client.get(path(mailing, "change"))) | {"_continue": "1"})

    assert answer.status_code == 302
    assert "a group that no longer exists" in client.get(path(mailing, "change")).content.decode()
    assert "Nobody would get it." in client.get(path(mailing, "send")).content.decode()


def test_the_form_warns_about_what_a_locked_phone_shows(client, ruth):
    mailing = make_draft(subject="Persecution of the Uyghurs: what we did about it in the last month, and next")
    page = client.get(path(mailing, "change")).content.decode()

    assert "A locked phone shows “Persecution” to anybody" in page
    assert "The subject is 76 characters long." in page
    assert "A locked phone shows “" not in client.get(path(make_draft(), "change")).content.decode()


def test_the_form_does_not_warn_about_common_words_of_the_tagline(client, ruth):
    SiteSettings.objects.update(tagline="Write to your MP, and ask brands about cotton")
    SiteSettings.objects.get().publish()
    page = client.get(path(make_draft(subject="A date to write about in your diary"), "change")).content.decode()

    assert "A locked phone shows “" not in page
    assert "shows “Cotton” to" in client.get(path(make_draft(subject="Cotton"), "change")).content.decode()


def test_the_list_shows_state_and_progress_with_one_counting_query(client, ruth, django_assert_max_num_queries):
    for number in range(3):
        mailing = in_state(State.SENDING, started_at=timezone.now())
        deliver(mailing, sent=number, queued=1)
    with django_assert_max_num_queries(16):
        page = client.get(LIST).content.decode()

    assert "being sent" in page
    assert "2 of 3 people" in page


def test_the_preview_is_a_separate_page_that_may_load_nothing_but_styles(client, ruth):
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


def test_the_preview_shows_unsaved_text(client, ruth):
    mailing = make_draft()
    typed = filled_in(client.get(path(mailing, "change")), subject="Not saved yet")
    shown = client.post(path(mailing, "preview"), typed)
    frame = client.get(shown["Location"].replace("preview/", "preview/text/"))

    assert "Not saved yet" in frame.content.decode()
    assert Mailing.objects.get().subject == "What you asked for"


def test_a_test_goes_only_to_the_organiser_who_asked(client, ruth, signers):
    OrganiserAddress.objects.create(organiser=ruth, email="ruth@example.org")
    OrganiserAddress.objects.create(organiser=User.objects.create(username="other"), email="other@example.org")
    mailing = make_draft()
    form = filled_in(client.get(path(mailing, "change")), subject="A new subject")
    answer = client.post(path(mailing, "change"), form | {"_test": "1"}, follow=True)
    send_waiting()

    assert "A test is on its way to your address." in answer.content.decode()
    [message] = mail.outbox
    assert (message.to, message.subject) == (["ruth@example.org"], "[Test] A new subject")
    assert message.alternatives[0].mimetype == "text/html"
    assert "[[" not in message.body + message.alternatives[0].content
    assert "Persecution" not in message.from_email


def test_no_test_is_sent_without_an_address_or_after_ten_in_an_hour(client, ruth):
    mailing = make_draft()
    assert "no e-mail address" in send_test(client, mailing).content.decode()
    OrganiserAddress.objects.create(organiser=ruth, email="ruth@example.org")
    TestMessage.objects.bulk_create(
        TestMessage(mailing=mailing, organiser=ruth, asked_at=timezone.now()) for _number in range(10)
    )

    assert "You have sent yourself 10 tests within an hour." in send_test(client, mailing).content.decode()
    assert not Message.objects.exists()


def send_test(client, mailing):
    form = filled_in(client.get(path(mailing, "change")))
    return client.post(path(mailing, "change"), form | {"_test": "1"}, follow=True)
