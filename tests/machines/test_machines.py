"""The site on many machines: people and organisers are passed to and fro between them, and notice nothing."""

import re
import threading
import uuid
from contextlib import ExitStack
from email import message_from_bytes, policy

import pytest
from django.conf import global_settings
from django.core.management import call_command
from django.urls import reverse

from campaign.mailings.models import Delivery, Mailing
from campaign.media.models import Picture
from campaign.pages.models import Page
from pledges.models import Pledge, Signature
from tests.accounts.organisers import PASSWORD, code, give_authenticator, make_organiser
from tests.bench.load import database_url
from tests.checkouts import free_port, wait_until
from tests.front import NGINX, end, workers
from tests.machines.cluster import TWO_OF_EACH, Visitor, cluster
from tests.mail.conftest import Inbox
from tests.mailings.sending.conftest import make_mailing
from tests.mailserver import mail_server
from tests.media.uploads import picture
from tests.pledges.conftest import ANSWERS
from tests.pooler import PGBOUNCER, pooling
from tests.sizes import size

moto = pytest.importorskip("moto.server")
boto3 = pytest.importorskip("boto3")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.xdist_group("deploy"),
    pytest.mark.skipif(not (NGINX and PGBOUNCER), reason="nginx and pgbouncer are needed."),
    pytest.mark.django_db(transaction=True),
]


@pytest.fixture
def bucket():
    """Run an S3-compatible server with a bucket; yield the value for MEDIA_STORAGE."""
    server = moto.ThreadedMotoServer(ip_address="127.0.0.1", port=free_port(), verbose=False)
    server.start()
    address = f"http://127.0.0.1:{server._port}"
    keys = {"aws_access_key_id": "k", "aws_secret_access_key": "s", "region_name": "us-east-1"}
    boto3.client("s3", endpoint_url=address, **keys).create_bucket(Bucket="hub")
    yield f"s3://k:s@hub/media?endpoint={address}&region=us-east-1"
    server.stop()


@pytest.fixture
def inbox():
    with mail_server(Inbox()) as inbox:
        yield inbox


@pytest.fixture(params=["through a pool in transaction mode", *size([], ["directly"])])
def site(request, transactional_db, bucket, inbox, tmp_path):
    """Run two web machines, which reach the database directly or through a pool."""
    call_command("load_campaign")
    environment = {"MEDIA_STORAGE": bucket, "EMAIL_URL": inbox.url, "COUNT_MIN_CHANGES": "1"}
    environment |= {"ERASURE_JOURNAL": str(tmp_path / "erasures.log"), "DATABASE_URL": database_url()}
    with ExitStack() as stack:
        if request.param != "directly":
            environment["DATABASE_URL"] = stack.enter_context(pooling(tmp_path, size=4))
        yield stack.enter_context(cluster(tmp_path, **environment))


def link_in(inbox, kind):
    """Return the path of the newest link of this kind in a message, such as "confirm"."""
    for envelope in reversed(inbox.received):
        text = message_from_bytes(envelope.content, policy=policy.default).get_body(("plain",)).get_content()
        if found := re.search(rf"https?://[^/]+(/pledges/{kind}/\S+)", text):
            return found[1]
    return None


def test_people_sign_confirm_get_news_and_withdraw_on_alternating_machines(site, inbox):
    pledge, visitor, (one, other) = Pledge.objects.get(), Visitor(), site.ports
    path = pledge.get_absolute_url()
    assert visitor.post(one, path, ANSWERS | {"postcode": "", "updates": "on"})[0] == 302
    with workers(site, *TWO_OF_EACH):
        wait_until(lambda: link_in(inbox, "confirm"))
        link = link_in(inbox, "confirm")
        assert visitor.get(other, link)[0] == 200
        assert visitor.post(one, link, {})[0] == 302
        assert Signature.objects.get().state == Signature.State.CONFIRMED
        wait_until(lambda: '"count": 1,' in visitor.get(other, f"{path}count.json")[1])

        mailing = make_mailing()
        wait_until(lambda: Mailing.objects.get(pk=mailing.pk).state == Mailing.State.SENT)
        assert list(Delivery.objects.values_list("state", flat=True)) == [Delivery.State.SENT]

        assert visitor.post(other, f"{path}my-signature/", {"email": ANSWERS["email"]})[0] == 302
        wait_until(lambda: link_in(inbox, "manage"))
        manage = link_in(inbox, "manage")
        assert visitor.get(one, manage)[0] == 200
        assert visitor.post(other, manage, {"withdraw": "1"})[0] == 200
        assert visitor.get(one, manage)[0] == 404
        wait_until(lambda: (site.folder / "erasures.log").exists())
    assert "withdraw" in (site.folder / "erasures.log").read_text()
    assert site.manage("retention")


def test_an_organiser_signs_in_on_one_machine_and_works_on_both(site, settings):
    settings.PASSWORD_HASHERS = global_settings.PASSWORD_HASHERS  # as the machines have
    organiser, (one, other) = make_organiser(is_superuser=True), site.ports
    secret, browser, page = give_authenticator(organiser), Visitor(), Page.objects.first()
    login = {"login": "ada", "password": PASSWORD, "code": code(secret)}
    token = browser.token(one, "/accounts/login/")
    assert browser.post(other, "/accounts/login/", login | {"csrfmiddlewaretoken": token})[0] == 302
    assert browser.get(one, "/admin/")[0] == 200

    change = reverse("admin:pages_page_change", args=[page.pk])
    token, form = browser.token(one, change), str(uuid.uuid4())
    draft = {
        "csrfmiddlewaretoken": token,
        "edition": page.updated_at.isoformat(),
        "form_id": form,
        "title": "Half a tit",
    }
    assert browser.post(one, change.replace("change", "keep"), draft | {"title": "Half a tit"})[0] == 200
    assert "Half a tit" in browser.get(other, f"{change}?copy={form}")[1]

    answers = {"alternative_text": "Banners", "credit": "Ada", "title": "", "focus_x": "50", "focus_y": "50"}
    upload = multipart(answers | {"csrfmiddlewaretoken": token}, picture(size=(700, 350)))
    kind = {"Content_Type": "multipart/form-data; boundary=edge"}
    assert browser.post(other, "/admin/media/picture/add/", upload, **kind)[0] == 302
    assert Visitor().get(one, Picture.objects.get().thumbnail)[0] == 200


def multipart(answers, content):
    """Return a form with one file as multipart/form-data whose boundary is "edge"."""
    parts = [
        f'--edge\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}\r\n' for name, text in answers.items()
    ]
    head = (
        '--edge\r\nContent-Disposition: form-data; name="upload"; filename="x.png"\r\nContent-Type: image/png\r\n\r\n'
    )
    return "".join([*parts, head]).encode() + content + b"\r\n--edge--\r\n"


def test_wrong_passwords_are_counted_on_all_machines_together(site):
    secret, browser = give_authenticator(make_organiser()), Visitor()
    token = browser.token(site.ports[0], "/accounts/login/")
    for number in range(5):
        wrong = {"login": "ada", "password": "guess", "code": "", "csrfmiddlewaretoken": token}
        browser.post(site.ports[number % 2], "/accounts/login/", wrong)
    right = {"login": "ada", "password": PASSWORD, "code": code(secret), "csrfmiddlewaretoken": token}

    assert browser.post(site.ports[1], "/accounts/login/", right)[0] != 302


def test_one_of_two_machines_is_enough(site):
    path, done, failed = Pledge.objects.get().get_absolute_url(), threading.Event(), []

    def read():
        number = 0
        while not done.is_set():
            number += 1
            status, _page = Visitor().get(site.port, f"{path}?x={number}")  # not from the cache
            failed.extend([status] if status != 200 else [])

    reader = threading.Thread(target=read)
    reader.start()
    try:
        for number in range(2):
            end(site.web[number])
            answers = ANSWERS | {"postcode": "", "email": f"ruth{number}@example.org"}
            assert Visitor().post(site.port, path, answers)[0] == 302
            site.web[number] = site.start_web(number)
    finally:
        done.set()
        reader.join()
        for process in site.web:
            end(process)
    assert failed == []
    assert Signature.objects.count() == 2
