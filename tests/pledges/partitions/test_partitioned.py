"""A partitioned table of signatures: signers and organisers notice nothing, and nothing is less safe."""

import re
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.contrib.postgres.operations import AddConstraintNotValid, ValidateConstraint
from django.db import IntegrityError, connection, migrations, models, transaction
from django.db.migrations.loader import MigrationLoader
from django.test import Client
from django.utils import timezone

from campaign.mail.models import Message
from campaign.mail.outbox import send_waiting
from campaign.privacy import crypto
from pledges.counting.publishing import publish_counts
from pledges.models import ManageLink, Reason, Signature
from pledges.models.manage_link import manage_token
from pledges.models.signatures.add_index import AddSignatureIndex
from tests.accounts.organisers import sign_in
from tests.databases import ONE_TABLE
from tests.factories import PledgeFactory, SignatureFactory
from tests.pledges.conftest import ANSWERS, post_and_agree

THREADS = 6
PARTITION_OF = "SELECT tableoid::regclass::text FROM pledges_signature WHERE id = %s"

pytestmark = [ONE_TABLE, pytest.mark.usefixtures("divided")]


def value(sql, *values):
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchone()[0]


def at_once(work, count=THREADS):
    """Call `work` in several threads, each with a connection of its own; return what each call returned."""
    together = threading.Barrier(count)

    def run(number):
        try:
            together.wait(30)
            return work(number)
        finally:
            connection.close()

    with ThreadPoolExecutor(count) as pool:
        return list(pool.map(run, range(count)))


def link_to(signature):
    key = uuid.uuid4()
    values = {"id": key, "pledge": signature.pledge, "signature": signature, "email": signature.email}
    token_hash = crypto.token_hash(manage_token(key))
    return ManageLink.objects.create(**values, token_hash=token_hash, created_at=timezone.now())


@contextmanager
def refused():
    """Expect the transaction inside the `with` block to be refused when it commits."""
    with pytest.raises(IntegrityError, match="refers to"), transaction.atomic():
        yield


def test_somebody_signs_confirms_changes_and_withdraws(mailoutbox):
    pledge, client = PledgeFactory(), Client()
    answers = ANSWERS | {"visibility": "public", "shown_name": "Ruth F."}
    for name in ("Ruth", "Ruth Feldman"):
        post_and_agree(client, pledge.get_absolute_url(), answers | {"name": name})
    send_waiting()
    path = re.search(r"https?://[^/]+(/pledges/confirm/\S+)", mailoutbox[-1].body)[1]
    assert client.post(path).status_code == 302
    while publish_counts():
        pass
    assert "Ruth F." in client.get(f"{pledge.get_absolute_url()}signatories/").content.decode()
    signature = pledge.signatures.get()
    assert (signature.name, signature.public_number) == ("Ruth Feldman", 1)
    assert [change.new for change in signature.changes.all()] == ["confirmed"]

    client.post(f"{pledge.get_absolute_url()}my-signature/", {"email": ANSWERS["email"]})
    send_waiting()
    path = re.search(r"https?://[^/]+(/pledges/manage/\S+)", mailoutbox[-1].body)[1]
    client.post(path, {"name": "R. Feldman", "visibility": "private", "reason": ""})
    signature.refresh_from_db()
    assert (signature.name, signature.public_name) == ("R. Feldman", "")
    client.post(path, {"withdraw": "1"})
    signature.refresh_from_db()
    assert (signature.state, signature.name) == ("withdrawn", None)
    assert not ManageLink.objects.filter(signature=signature).exists()


def test_one_address_that_signs_at_once_makes_one_signature_and_one_message():
    pledge = PledgeFactory()
    before = Message.objects.count()
    statuses = at_once(lambda number: Client().post(pledge.get_absolute_url(), ANSWERS).status_code)

    assert statuses == [302] * THREADS
    assert pledge.signatures.count() == 1
    assert Message.objects.count() == before + 1


def test_simultaneous_publishing_gives_each_signature_a_number_of_its_own():
    pledge = PledgeFactory()
    SignatureFactory.create_batch(120, pledge=pledge, public=True)

    def publish(_number):
        while publish_counts([pledge.pk]):
            pass

    at_once(publish)
    numbers = pledge.signatures.order_by("public_number").values_list("public_number", flat=True)
    assert list(numbers) == list(range(1, 121))
    assert len({value(PARTITION_OF, signature.pk) for signature in pledge.signatures.all()}) > 1


@pytest.mark.parametrize("double", ["id", "token_hash", "public_number", "email_hash"])
def test_a_second_one_with_the_same_value_is_refused_in_its_partition(double):
    first = SignatureFactory(public=True, public_number=1)
    partition = value(PARTITION_OF, first.pk)
    others = SignatureFactory.create_batch(40, pledge=first.pledge, public=True)
    second = next(one for one in others if value(PARTITION_OF, one.pk) == partition)
    with pytest.raises(IntegrityError, match="duplicate key"), transaction.atomic():
        Signature.objects.filter(pk=second.pk).update(**{double: getattr(first, double)})


def test_nothing_can_refer_to_a_signature_that_does_not_exist():
    unknown = SignatureFactory.build(pledge=PledgeFactory())
    with refused():
        link_to(unknown)
    with refused():
        Reason.objects.create(signature=unknown, pledge=unknown.pledge, text="It matters.", written_at=timezone.now())
    link = link_to(SignatureFactory())
    with refused():
        ManageLink.objects.filter(pk=link.pk).update(signature=unknown.pk)


def test_a_signature_that_something_refers_to_can_only_be_deleted_with_it():
    signature = link_to(SignatureFactory()).signature
    with refused():
        Signature.objects.filter(pk=signature.pk)._raw_delete("default")
    signature.delete()
    assert not ManageLink.objects.filter(signature_id=signature.pk).exists()


def test_a_link_that_is_stored_while_its_signature_is_deleted_is_refused():
    signature = SignatureFactory()
    deleted, stored = threading.Event(), threading.Event()

    def delete_or_link(number):
        if number:
            assert deleted.wait(30)
            with refused():
                link_to(signature)
                stored.set()
        else:
            with transaction.atomic():
                Signature.objects.get(pk=signature.pk).delete()
                deleted.set()
                assert stored.wait(30)

    at_once(delete_or_link, 2)
    assert not ManageLink.objects.filter(signature_id=signature.pk).exists()


def test_erasing_moves_signatures_and_keeps_what_refers_to_them():
    pledge = PledgeFactory()
    links = [link_to(signature) for signature in SignatureFactory.create_batch(12, pledge=pledge, confirmed=True)]
    before = [value(PARTITION_OF, link.signature_id) for link in links]
    with transaction.atomic():
        assert pledge.signatures.all().erase_personal_data() == 12

    assert [value(PARTITION_OF, link.signature_id) for link in links] != before
    assert ManageLink.objects.filter(pk__in=[link.pk for link in links], signature__country="").count() == 12


def test_somebody_who_withdraws_while_signatures_are_erased_is_asked_to_try_again():
    pledge = PledgeFactory()
    links = [link_to(one) for one in SignatureFactory.create_batch(8, pledge=pledge, confirmed=True)]
    erased, responses = threading.Event(), []

    def erase_or_withdraw(number):
        if number:
            assert erased.wait(30)
            responses.append(withdraw(links[number - 1]))
        else:
            with transaction.atomic():
                pledge.signatures.all().erase_personal_data()
                erased.set()
                threading.Event().wait(1)

    at_once(erase_or_withdraw, len(links) + 1)
    statuses = {response.status_code for response in responses}
    assert 503 in statuses
    assert statuses <= {200, 503}
    assert all("Retry-After" in response for response in responses if response.status_code == 503)
    for link in links:
        assert withdraw(link).status_code in (200, 404)
    assert set(pledge.signatures.values_list("state", flat=True)) == {"withdrawn"}


def withdraw(link):
    client = Client(raise_request_exception=False)
    return client.post(f"/pledges/manage/{manage_token(link.pk)}/", {"withdraw": "1"})


def test_organisers_find_and_open_signatures():
    signature = SignatureFactory(confirmed=True)
    client = Client()
    sign_in(client)
    for query in ("", f"?q={signature.email}", "?state__exact=confirmed", "?o=-2"):
        assert client.get(f"/admin/pledges/signature/{query}").status_code == 200
    found = client.get(f"/admin/pledges/signature/?q={signature.email}").content.decode()
    assert f"/admin/pledges/signature/{signature.pk}/change/" in found
    page = client.get(f"/admin/pledges/signature/{signature.pk}/change/")
    assert (page.status_code, signature.name in page.content.decode()) == (200, True)


def operations():
    """Return what later migrations of the table may do."""
    long = models.CheckConstraint(condition=models.Q(messages__lt=1000), name="few_messages")
    return [
        migrations.AddField("signature", "remark", models.CharField(max_length=9, null=True)),
        migrations.AddField("signature", "mark", models.BooleanField(default=False, db_default=False)),
        AddSignatureIndex(
            "signature", models.Index(fields=["remark"], condition=~models.Q(remark=None), name="marked")
        ),
        AddConstraintNotValid("signature", long),
        ValidateConstraint("signature", "few_messages"),
    ]


def test_later_migrations_go_forwards_and_backwards():
    state = MigrationLoader(connection).project_state()
    done = []
    for operation in operations():
        after = state.clone()
        operation.state_forwards("pledges", after)
        with connection.schema_editor(atomic=False) as editor:
            operation.database_forwards("pledges", editor, state, after)
        done.append((operation, state, after))
        state = after
    assert value("SELECT indisvalid FROM pg_index WHERE indexrelid = 'marked'::regclass")
    assert value("SELECT count(*) FROM pg_inherits WHERE inhparent = 'marked'::regclass") == 3
    assert PledgeFactory()
    for operation, before, after in reversed(done):
        with connection.schema_editor(atomic=False) as editor:
            operation.database_backwards("pledges", editor, after, before)
    assert value("SELECT count(*) FROM pg_class WHERE relname ~ '^marked'") == 0


def test_only_links_and_reasons_refer_to_signatures_and_nothing_else_is_unique():
    """Anything more needs a trigger or an index in each partition: see docs/adr/0027-partitions.md."""
    related = {field.related_model for field in Signature._meta.related_objects if field.field.db_constraint}
    unique = {field.name for field in Signature._meta.fields if field.unique}

    assert related == {ManageLink, Reason}
    assert unique == {"id", "token_hash"}
    names = {one.name for one in Signature._meta.constraints if isinstance(one, models.UniqueConstraint)}
    assert names == {"one_signature_an_address", "one_place_in_the_list"}
