"""`check_mail`, with a real DNS server and a real mail server on loopback."""

import base64
import io

import pytest
from aiosmtpd.smtp import AuthResult
from cryptography.hazmat.primitives.asymmetric import ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.core.management import CommandError, call_command

from campaign.mail.envelope import sealed_address
from tests.certificates import certificate, server_context, trust
from tests.checkouts import free_port
from tests.mail.checking.dnsserver import dns_server
from tests.mail.conftest import Inbox, use
from tests.mailserver import mail_server

RUTH = "ruth@example.org"
PASSWORD = "hunter2"  # noqa: S105
API = "anymail.backends.postmark.EmailBackend"


def rsa_key(bits):
    public = rsa.generate_private_key(65537, bits).public_key()
    raw = public.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    text = f"v=DKIM1; k=rsa; p={base64.b64encode(raw).decode()}"
    return " ".join(f'"{text[start : start + 200]}"' for start in range(0, len(text), 200))


def ed25519_key():
    raw = ed25519.Ed25519PrivateKey.generate().public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return f'"v=DKIM1; k=ed25519; p={base64.b64encode(raw).decode()}"'


RECORDS = {
    ("campaign.example", "TXT"): ['"v=spf1 include:spf.mail.example ~all"', '"something=else"'],
    ("spf.mail.example", "TXT"): ['"v=spf1 ip4:192.0.2.7 -all"'],
    ("s1._domainkey.campaign.example", "TXT"): [rsa_key(2048)],
    ("_dmarc.campaign.example", "TXT"): ['"v=DMARC1; p=none; rua=mailto:dmarc@campaign.example"'],
    ("campaign.example", "MX"): ["10 mx.campaign.example."],
}


def let_in(server, session, envelope, mechanism, data):
    is_right = data.password == PASSWORD.encode()
    return AuthResult(success=is_right, handled=is_right)


@pytest.fixture(autouse=True)
def site(settings, monkeypatch, tmp_path):
    """Set up a site that sends from campaign.example and trusts the tests' certificates."""
    settings.DEFAULT_FROM_EMAIL = "Action <noreply@campaign.example>"
    settings.BOUNCE_ADDRESS = "bounces@campaign.example"
    settings.EMAIL_HOST_USER = settings.EMAIL_HOST_PASSWORD = ""
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    settings.EMAIL_TIMEOUT = 2
    trust(monkeypatch, tmp_path / "mail.pem")


@pytest.fixture
def check():
    """Return a function that runs the command and returns its lines, and whether its exit code is 0."""

    def run(*arguments, records=RECORDS, **changes):
        out = io.StringIO()
        with dns_server(records | changes) as server:
            try:
                call_command("check_mail", *arguments, "--dns", server, stdout=out)
            except CommandError:
                return out.getvalue(), False
        return out.getvalue(), True

    return run


@pytest.fixture
def encrypted(settings, tmp_path):
    """Return a function that starts a mail server with STARTTLS, a password and a certificate that lasts that long."""

    def run(**options):
        path = certificate(tmp_path / "mail.pem", **options)
        settings.EMAIL_USE_TLS, settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = True, "site", PASSWORD
        return mail_server(Inbox(), tls_context=server_context(path), authenticator=let_in, auth_required=True)

    return run


def wrong_lines(report):
    return [line for line in report.splitlines() if line.startswith("✗")]


def test_a_good_set_up_passes_and_the_test_message_arrives(check, encrypted, settings):
    with encrypted() as inbox:
        use(settings, inbox.port)
        report, passes = check(RUTH)

    assert (passes, wrong_lines(report)) == (True, [])
    assert "valid for 89 days" in report
    [envelope] = inbox.received
    assert (envelope.mail_from, envelope.rcpt_tos) == ("bounces@campaign.example", [RUTH])
    text = envelope.content.decode()
    assert "From: Action <noreply@campaign.example>" in text
    assert sealed_address(text, [RUTH]) == RUTH
    assert "look for spf=pass, dkim=pass and dmarc=pass" in report


def test_a_server_that_uses_tls_from_the_start_passes(check, settings, tmp_path):
    context = server_context(certificate(tmp_path / "mail.pem"))
    settings.EMAIL_USE_SSL = True
    with mail_server(Inbox(), ssl_context=context) as inbox:
        use(settings, inbox.port)
        report, passes = check()

    assert (passes, wrong_lines(report)) == (True, [])
    assert "The connection is encrypted" in report


@pytest.mark.parametrize(
    ("changes", "line"),
    [
        ({("campaign.example", "TXT"): []}, "✗ campaign.example has no SPF record."),
        ({("campaign.example", "TXT"): ['"v=spf1 -all"', '"v=spf1 ~all"']}, "✗ campaign.example has 2 SPF records"),
        ({("campaign.example", "TXT"): ['"v=spf1 +all"']}, "✗ The SPF record of campaign.example lets anybody"),
        ({("campaign.example", "TXT"): ['"v=spf1 mx"']}, "✗ The SPF record of campaign.example doesn't say"),
        ({("spf.mail.example", "TXT"): ['"v=spf1 include:spf.mail.example -all"']}, "needs 11 or more DNS look-ups"),
        ({("s1._domainkey.campaign.example", "TXT"): []}, "✗ No DKIM key was found for campaign.example under any"),
        ({("s1._domainkey.campaign.example", "TXT"): ['"v=DKIM1; p="']}, "s1 of campaign.example has been revoked"),
        ({("s1._domainkey.campaign.example", "TXT"): ['"v=DKIM1; p=!!!"']}, "s1 of campaign.example is damaged"),
        ({("s1._domainkey.campaign.example", "TXT"): ['"k=ed25519; p=AAAA"']}, "s1 of campaign.example is damaged"),
        ({("_dmarc.campaign.example", "TXT"): []}, "✗ campaign.example has no DMARC policy."),
        ({("_dmarc.campaign.example", "TXT"): ['"v=DMARC1"']}, "✗ The DMARC policy of campaign.example isn't valid"),
        ({("campaign.example", "MX"): ["0 ."]}, "✗ campaign.example says that it accepts no mail"),
        ({("campaign.example", "MX"): []}, "✗ campaign.example has no mail server"),
    ],
)
def test_a_wrong_record_is_reported_with_advice(check, settings, changes, line):
    settings.EMAIL_BACKEND = API
    report, passes = check(records=RECORDS | changes)

    [found] = wrong_lines(report)
    assert line in found
    assert found.endswith(".")
    assert not passes


def test_keys_of_both_kinds_are_accepted_and_every_given_selector_must_exist(check, settings):
    settings.EMAIL_BACKEND = API
    records = RECORDS | {("own._domainkey.campaign.example", "TXT"): [ed25519_key()]}

    assert check("--selector", "own", "--selector", "s1", records=records)[1]
    report, passes = check("--selector", "own", "--selector", "gone", records=records)
    assert "✗ campaign.example has no DKIM key under gone." in report
    assert not passes
    assert "under these names" in check("--selector", "gone")[0]


def test_the_policy_of_the_registered_domain_applies_to_its_subdomains(check, settings):
    settings.EMAIL_BACKEND = API
    settings.DEFAULT_FROM_EMAIL, settings.BOUNCE_ADDRESS = "a@news.action.org.uk", "b@action.org.uk"
    records = {
        ("action.org.uk", "TXT"): ['"v=spf1 redirect=spf.mail.example"'],
        ("spf.mail.example", "TXT"): ['"v=spf1 ip4:192.0.2.7 -all"'],
        ("s1._domainkey.news.action.org.uk", "TXT"): [ed25519_key()],
        ("_dmarc.action.org.uk", "TXT"): ['"v=DMARC1; p=reject"'],
        ("action.org.uk", "A"): ["192.0.2.7"],
    }
    report, passes = check(records=records)
    assert (passes, wrong_lines(report)) == (True, [])
    assert "– action.org.uk has no MX record" in report

    strict = records | {("_dmarc.action.org.uk", "TXT"): ['"v=DMARC1; p=reject; aspf=s"']}
    assert "SPF doesn't count for DMARC" in check(records=strict)[0]


def test_bounces_to_another_domain_do_not_count_for_dmarc(check, settings):
    settings.EMAIL_BACKEND = API
    settings.BOUNCE_ADDRESS = "bounces@other.example"

    assert "✗ Bounces go to other.example, but messages come from campaign.example" in check()[0]


@pytest.mark.parametrize(
    ("options", "line"),
    [
        ({"days": -1}, "isn't valid: certificate has expired"),
        ({"names": ["mail.other.example"]}, "isn't valid: IP address mismatch"),
        ({"days": 5}, "the certificate is valid for 4 days only. Have it renewed."),
    ],
)
def test_a_certificate_that_is_wrong_or_about_to_expire_is_reported(check, encrypted, settings, options, line):
    with encrypted(**options) as inbox:
        use(settings, inbox.port)
        report, passes = check()

    assert line in wrong_lines(report)[0]
    assert not passes


def test_a_wrong_password_is_reported_but_not_shown(check, encrypted, settings):
    with encrypted() as inbox:
        use(settings, inbox.port)
        for password in ("hunter3", "hünter3"):
            settings.EMAIL_HOST_PASSWORD = password
            report, passes = check()
            assert "✗ The mail server refuses our name or password" in report
            assert password not in report
            assert not passes


def test_a_server_without_encryption_is_reported(check, smtp, settings):
    settings.EMAIL_USE_TLS = True

    assert "✗ The mail server doesn't offer encryption (STARTTLS)." in check()[0]


def test_a_refused_sender_is_reported(check, smtp):
    smtp.sender_reply = "550 5.7.1 Not your address"
    report, passes = check()

    assert "✗ The mail server refuses bounces@campaign.example as the sender (550 5.7.1)." in report
    assert not passes


def test_a_refused_test_message_is_reported_without_its_address(check, smtp):
    smtp.refused[RUTH] = f"550 5.1.1 <{RUTH}> unknown"
    report, passes = check(RUTH)

    assert "✗ The test message was not accepted (SMTPRecipientsRefused 550 5.1.1)." in report
    assert RUTH not in report
    assert not passes


def test_without_a_network_each_problem_is_reported_in_one_line(settings, monkeypatch):
    monkeypatch.setattr("campaign.mail.checking.dns_records.LIFETIME", 0.3)
    use(settings, free_port())
    out = io.StringIO()
    with pytest.raises(CommandError, match="Problems to put right: 2"):
        call_command("check_mail", "--dns", f"127.0.0.1:{free_port()}", stdout=out)

    assert "✗ No DNS server answers." in out.getvalue()
    assert "can't be reached (ConnectionRefusedError). Check EMAIL_URL." in out.getvalue()


@pytest.mark.parametrize("server", ["nonsense", "127.0.0.1:none"])
def test_garbled_dns_answers_are_reported(settings, server):
    settings.EMAIL_BACKEND = API
    out = io.StringIO()
    with pytest.raises(CommandError):
        call_command("check_mail", "--dns", server, stdout=out)

    assert "✗ No DNS server answers." in out.getvalue()


def test_sending_through_a_providers_api_or_not_at_all_is_reported(check, settings):
    settings.EMAIL_BACKEND = API
    assert "– Mail goes through the API of a provider" in check()[0]
    settings.EMAIL_BACKEND = "campaign.mail.devmailbox.backend.EmailBackend"
    assert "✗ Mail goes only to the development mailbox" in check()[0]


def test_an_unusable_address_is_refused(check):
    with pytest.raises(CommandError, match="Enter an e-mail address"):
        call_command("check_mail", "nobody")
