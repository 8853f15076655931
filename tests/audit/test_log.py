"""The audit log records every act of an organiser, without anything that anybody has typed."""

from io import StringIO

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Group
from django.core.management import call_command
from django.utils import timezone

from campaign.accounts.models import OrganiserAddress
from campaign.approvals.models import ApprovalRequest
from campaign.audit.acts import Act
from campaign.audit.log import record
from campaign.audit.models import AuditEntry
from campaign.privacy.holdings import held_about
from pledges.approvals.signatures import REJECT
from tests.accounts.organisers import code, give_authenticator, log_in, make_organiser, sign_in
from tests.factories import PageFactory, PledgeFactory, SignatureFactory

LIST = "/admin/audit/auditentry/"


def entries():
    return list(AuditEntry.objects.order_by("pk").values_list("act", "actor_name", "model", "title"))


def fill(page):
    """Return the fields of a change form as a browser would post them unchanged, but without parts."""
    form = page.context["adminform"].form
    values = {name: "" if value is None else value for name, value in form.initial.items()}
    values = {name: value for name, value in values.items() if value is not False}
    values |= {name: page.context[name] for name in ("edition", "form_id")}
    for inline in page.context["inline_admin_formsets"]:
        prefix = inline.formset.prefix
        values |= {f"{prefix}-TOTAL_FORMS": "0", f"{prefix}-INITIAL_FORMS": "0"}
    return values


def test_a_change_in_the_admin_records_the_names_of_fields_but_no_values(client, organiser):
    page = PageFactory(title="Who we are")
    url = f"/admin/pages/page/{page.pk}/change/"
    client.post(url, fill(client.get(url)) | {"summary": "Ruth Feldman says so."})
    page.refresh_from_db()
    assert page.summary == "Ruth Feldman says so."

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.actor, entry.actor_name) == (Act.CHANGE, organiser.pk, "ada")
    assert (entry.model, entry.object_id, entry.title) == ("pages.page", str(page.pk), "Who we are")
    assert entry.detail == {"fields": ["summary"]}
    assert "Ruth" not in str(AuditEntry.objects.values())
    assert not LogEntry.objects.exists()  # one log, not two


def test_a_deletion_is_recorded_and_pages_can_only_be_deleted_one_at_a_time(client, organiser):
    page = PageFactory(title="Old news")
    client.post("/admin/pages/page/", {"action": "delete_selected", "_selected_action": page.pk, "post": "yes"})
    assert entries() == []
    client.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})

    assert entries() == [("delete", "ada", "pages.page", "Old news")]


def test_an_entry_is_rolled_back_with_its_act(client, organiser, monkeypatch):
    page = PageFactory()
    monkeypatch.setattr("campaign.pages.models.Page.delete", lambda self: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        client.post(f"/admin/pages/page/{page.pk}/delete/", {"post": "yes"})

    assert entries() == []


def test_a_change_of_state_records_the_number_of_signatures_but_no_reason_or_signer(client, organiser):
    signatures = SignatureFactory.create_batch(2, state="held", confirmed_at=timezone.now(), name="Ruth Feldman")
    keys = [str(signature.pk) for signature in signatures]
    action = {"action": "count", "_selected_action": keys, "reason": "Ruth rang us."}
    client.post("/admin/pledges/signature/", action)

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.model, entry.object_id) == (Act.CHANGE_STATE, "pledges.signature", "")
    assert entry.detail == {"state": "confirmed", "count": 2}


def test_each_step_of_an_approval_is_recorded_without_its_reason(organiser, grace):
    signature = SignatureFactory(confirmed=True)
    draft = ApprovalRequest.draft(REJECT, organiser, about=signature.pledge, signatures=[str(signature.pk)])
    ApprovalRequest.objects.filter(pk=draft.pk).update(needs_second=True)
    draft.submit(1, "Ruth Feldman rang.", timezone.now())

    (entry,) = AuditEntry.objects.all()
    assert (entry.act, entry.actor_name, entry.object_id) == (Act.REQUEST, "ada", str(draft.pk))
    assert entry.detail == {"kind": "pledges.reject", "state": "done", "people": 1}
    assert "Ruth" not in str(AuditEntry.objects.values())


def test_sign_ins_are_recorded_but_failed_ones_only_for_known_organisers(client, db):
    secret = give_authenticator(make_organiser())
    log_in(client, "000000")
    log_in(client, "000000", name="nobody")
    assert entries() == [("fail_sign_in", "ada", "auth.user", "ada")]

    log_in(client, code(secret))
    assert entries()[1:] == [("sign_in", "ada", "auth.user", "ada")]


def test_a_change_of_rights_is_recorded_as_a_separate_act(client, organiser, grace):
    url = f"/admin/auth/user/{grace.pk}/change/"
    client.post(url, {"username": "grace", "is_active": "on"})

    assert entries() == [("change_rights", "ada", "auth.user", "grace")]
    assert AuditEntry.objects.get().detail == {"fields": ["is_superuser"]}


@pytest.mark.parametrize(
    ("answers", "fields", "rights"),
    [
        ({"is_superuser": "on"}, ["is_active"], ["owner"]),
        (
            {"is_active": "on", "is_superuser": "on", "groups": "Supporter care"},
            ["groups"],
            ["owner", "supporter-care"],
        ),
    ],
)
def test_a_change_of_rights_is_recorded_with_the_new_rights(client, organiser, grace, answers, fields, rights):
    groups = {"groups": Group.objects.get(name=answers["groups"]).pk} if "groups" in answers else {}
    client.post(f"/admin/auth/user/{grace.pk}/change/", {"username": "grace"} | answers | groups)

    entry = AuditEntry.objects.get()
    assert (entry.act, entry.detail) == (Act.CHANGE_RIGHTS, {"fields": fields, "rights": rights})


def test_a_new_account_is_recorded_with_its_rights_and_its_link(client, organiser):
    events = Group.objects.get(name="Events")
    answers = {"username": "joan", "address": "joan@example.org", "groups": events.pk, "is_active": "on"}
    client.post("/admin/auth/user/add/", answers)

    acts = {entry.act: entry for entry in AuditEntry.objects.all()}
    assert acts.keys() == {Act.ADD, Act.CHANGE_RIGHTS, Act.MAKE_LINK}
    assert acts[Act.CHANGE_RIGHTS].detail == {"rights": ["events"]}
    assert {(entry.actor_name, entry.title) for entry in acts.values()} == {("ada", "joan")}
    assert "@" not in str(AuditEntry.objects.values())


@pytest.mark.parametrize("action", ["mail_link", "make_link"])
def test_making_a_sign_in_link_is_recorded_without_the_link(client, organiser, grace, action):
    OrganiserAddress.objects.create(organiser=grace, email="grace@example.org")
    client.post("/admin/auth/user/", {"action": action, "_selected_action": grace.pk})

    assert entries() == [("make_link", "ada", "auth.user", "grace")]
    assert AuditEntry.objects.get().detail == {}


def test_the_command_that_lets_an_organiser_in_is_recorded(db):
    call_command("organiser_sign_in", username="first", stdout=StringIO())
    assert entries() == [(act, "", "auth.user", "first") for act in ("add", "change_rights", "make_link")]

    call_command("organiser_sign_in", username="first", lost_phone=True, stdout=StringIO())
    assert [act for act, *_rest in entries()[3:]] == ["remove_factors", "make_link"]
    assert AuditEntry.objects.get(act="change_rights").detail == {"rights": ["owner"]}


def test_reordering_a_list_is_recorded(client, organiser):
    client.post("/admin/pages/page/order/", {"row": PageFactory().pk})

    assert entries() == [("change", "ada", "pages.page", "")]
    assert AuditEntry.objects.get().detail == {"fields": ["order"]}


def test_downloading_the_payments_is_recorded(client, organiser):
    client.get("/admin/fundraising/payment/csv/")

    assert entries() == [("export", "ada", "fundraising.payment", "")]
    assert AuditEntry.objects.get().detail == {"format": "csv", "kind": "live"}


def test_entries_stay_when_the_account_is_deleted(organiser):
    gone = make_organiser("gone")
    record(gone, Act.SIGN_IN, gone)
    gone.delete()

    assert entries() == [("sign_in", "gone", "auth.user", "gone")]


@pytest.mark.parametrize(
    "detail",
    [
        {"note": "anything"},
        {"reason": "Ruth rang us."},
        {"reason": "Ruth"},
        {"fields": "title"},
        {"fields": ["Ruth Feldman"]},
        {"count": -1},
        {"count": "3"},
        {"people": True},
        {"state": "x" * 81},
        {"fields": ["title"] * 61},
    ],
)
def test_free_text_cannot_get_into_the_log(db, detail):
    with pytest.raises(ValueError, match="audit log"):
        record(None, Act.CHANGE, **detail)


def test_an_entry_about_a_signature_has_no_title(db):
    signature = SignatureFactory(public=True, name="Ruth Feldman")
    record(None, Act.CHANGE, signature)

    assert entries() == [("change", "", "pledges.signature", "")]


def test_the_log_is_filtered_and_searched_in_few_queries(client, organiser, grace, django_assert_max_num_queries):
    for number in range(60):
        record(grace if number % 2 else organiser, Act.CHANGE, PledgeFactory(title=f"Pledge {number}"))
    record(None, Act.CARRY_OUT, ApprovalRequest, kind="pledges.export")

    def shown(**query):
        with django_assert_max_num_queries(12):
            return {entry.pk for entry in client.get(LIST, query).context["cl"].result_list}

    assert len(shown()) == 61
    assert len(shown(by=str(grace.pk))) == 30
    assert len(shown(by="site")) == len(shown(act__exact="carry_out")) == 1
    assert len(shown(model="pledges.pledge")) == 60
    assert len(shown(q="pledge 7")) == 1
    assert len(shown(q="GRACE")) == 30
    assert len(shown(q=timezone.localdate().isoformat())) == 61
    assert shown(q=str(AuditEntry.objects.first().pk)) == {AuditEntry.objects.first().pk}
    assert not shown(q="2000-01-01") | shown(q="nothing like this") | shown(q="9" * 18)


def test_the_list_is_bounded(client, organiser, monkeypatch):
    monkeypatch.setattr("campaign.modeladmin.MAX_LISTED", 3)
    for _number in range(5):
        record(organiser, Act.CHANGE)

    assert client.get(LIST).context["cl"].result_count == 3


def test_nobody_can_add_change_or_delete_an_entry_in_the_admin(client, organiser):
    record(organiser, Act.ADD)
    key = AuditEntry.objects.get().pk
    for path in ("add/", f"{key}/delete/"):
        assert client.get(f"{LIST}{path}").status_code == 403
    assert client.post(f"{LIST}{key}/change/", {"title": "x"}).status_code == 403
    assert client.get(f"{LIST}{key}/change/").status_code == 200


def test_an_organisers_entries_are_part_of_the_answer_to_a_subject_access_request(organiser):
    organiser.email = "ada@example.org"
    organiser.save()
    record(organiser, Act.HIDE_NAME, SignatureFactory(), reason="abusive")

    found = [entry for entry in held_about("ada@example.org") if "audit" in entry.what.lower()]
    assert len(found) == 1
    assert ("Act", "hid a public name") in found[0].values


@pytest.mark.django_db(transaction=True)
def test_the_history_of_a_row_shows_its_entries_in_the_log(client):
    organiser = sign_in(client)
    signature = SignatureFactory(public=True)
    record(organiser, Act.HIDE_NAME, signature, reason="abusive")

    page = client.get(f"/admin/pledges/signature/{signature.pk}/history/").content.decode()
    assert "hid a public name" in page
    assert "reason: abusive" in page
