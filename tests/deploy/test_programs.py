"""The programs and units of `deploy/`: quick checks that need neither Debian's packages nor root."""

import os
import re
import shutil
import subprocess
import sys

import pytest
import yaml

from tests.checkouts import HERE
from tests.test_docs import as_systemd_reads, loaded

DEPLOY = HERE / "deploy"
PROGRAMS = (
    "archive",
    "archiving",
    "backup",
    "base-backup",
    "configure",
    "hub",
    "install",
    "migrate",
    "recover",
    "restore",
    "rewind",
    "unarchive",
    "upgrade",
)
SETPRIV = """#!/bin/sh
for word; do case $word in --reuid=*) user=${word#*=} ;; esac; done
while case $1 in --*) true ;; *) false ;; esac; do shift; done
[ "$1" = test ] || echo "$user: $*, in $PWD, with $DATABASE_URL and $ERASURE_JOURNAL"
case "$*" in *fails*) exit 3 ;; esac
"""
ENCRYPT = """
import django; django.setup()
from campaign.privacy.crypto import decrypt, encrypt
assert decrypt(encrypt("Ruth", "x"), "x") == "Ruth"
"""


def run(*command, **environment):
    ran = subprocess.run(command, capture_output=True, text=True, check=False, env=os.environ | environment)  # noqa: S603
    return ran.returncode, ran.stdout, ran.stderr


@pytest.mark.skipif(not shutil.which("shellcheck"), reason="shellcheck is not installed.")
def test_the_programs_pass_shellcheck():
    paths = [DEPLOY / name for name in (*PROGRAMS, "lib.sh")]
    assert run("shellcheck", "--external-sources", "--source-path", HERE, "--exclude=SC2016", *paths) == (0, "", "")


def test_no_line_of_the_programs_is_longer_than_one_of_our_python():
    programs = (line for name in (*PROGRAMS, "lib.sh") for line in (DEPLOY / name).read_text().splitlines())
    assert [line for line in programs if len(line) > 120] == []


def units():
    """Yield each unit with its drop-ins, in which the paths of a server are replaced by some that exist here."""
    for path in sorted((DEPLOY / "systemd").glob("*.*")):
        if path.is_file():
            yield path


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="systemd is not installed.")
def test_systemd_accepts_each_unit(tmp_path):
    shutil.copytree(DEPLOY / "systemd", tmp_path, dirs_exist_ok=True)
    for path in tmp_path.rglob("*"):
        if path.is_file():
            text = re.sub(r"/srv/campaign-hub/(current|releases/%i)", str(HERE), path.read_text())
            path.write_text(re.sub(r"^User=.*|^SocketUser=.*", "", text, flags=re.MULTILINE))
    names = [tmp_path / path.name.replace("@", "@1234") for path in units()]
    (tmp_path / "campaign-hub-migrate@1234.service").symlink_to("campaign-hub-migrate@.service")
    status, _out, said = run("systemd-analyze", "verify", "--man=no", *names, SYSTEMD_UNIT_PATH=f"{tmp_path}:")
    assert (status, [line for line in said.splitlines() if "campaign-hub" in line]) == (0, [])


def test_no_service_takes_shared_memory_away_from_other_processes_of_its_user():
    """With `RemoveIPC=yes`, copying the database's files, which postgres does, broke PostgreSQL (systemd.exec(5))."""
    for path in (HERE / "deploy/systemd").rglob("*.*"):
        assert path.is_dir() or "RemoveIPC" not in path.read_text(), path


def test_each_long_running_service_is_restarted_by_the_programs():
    always = {path.name for path in units() if "Restart=always" in path.read_text()}
    named = set(re.findall(r"campaign-hub-\w+\.service", (DEPLOY / "lib.sh").read_text()))
    assert always <= named


def test_every_timer_starts_by_itself():
    timers = [path for path in units() if path.suffix == ".timer"]
    assert [path.name for path in timers if "WantedBy=timers.target" not in path.read_text()] == []


@pytest.fixture
def server(tmp_path):
    """Return a folder that stands for the server's root, with a release that is this checkout."""
    release = tmp_path / "srv/campaign-hub/releases/abc"
    release.parent.mkdir(parents=True)
    release.symlink_to(HERE)
    (tmp_path / "srv/campaign-hub/current").symlink_to(release)
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/campaign-hub.env").write_text("DATABASE_URL='the site; its own'\nSITE_URL=https://hub.example\n")
    (tmp_path / "etc/campaign-hub-owner.env").write_text("DATABASE_URL=the-owner\n")
    programs = tmp_path / "bin"
    programs.mkdir()
    for name, text in {"setpriv": SETPRIV, "id": "#!/bin/sh\necho 0\n"}.items():
        (programs / name).write_text(text)
        (programs / name).chmod(0o755)
    return tmp_path


def on(server):
    """Return the environment in which our programs take a folder for the whole server."""
    return {"HUB_ROOT": str(server), "PATH": f"{server}/bin:{os.environ['PATH']}"}


def hub(server, *arguments, folder="/tmp"):  # noqa: S108 - any folder
    lib = (DEPLOY / "lib.sh").read_text().replace("env -i PATH=", f"env -i PATH={server}/bin:")
    for name in PROGRAMS:
        shutil.copy(DEPLOY / name, server / "bin" / f"{name}")
    (server / "bin/lib.sh").write_text(lib)
    command = ["env", "-C", folder, server / "bin/hub", *arguments]
    return run(*command, **on(server))


def test_hub_runs_commands_as_the_site_s_user_with_its_configuration(server):
    status, said, _error = hub(server, "manage", "check", "--deploy", "two words")

    assert status == 0
    assert re.fullmatch(
        r"campaign-hub: \S+/python \S+/manage\.py check --deploy two words, in /tmp, "
        r"with the site; its own and /var/lib/campaign-hub/erasures\.log\n",
        said,
    )


def test_hub_migrates_as_the_owner(server):
    status, said, _error = hub(server, "manage", "migrate", "--plan")

    assert status == 0
    assert re.match(r"campaign-hub-owner: \S+/deploy/migrate --plan, .* with the-owner and", said)


def test_hub_passes_exit_codes_through_and_explains_itself(server):
    assert hub(server, "manage", "fails")[0] == 3
    assert hub(server, "data", "update")[1].startswith("campaign-hub: ")
    assert "update_data" in hub(server, "data", "update")[1]
    for arguments in ((), ("nonsense",)):
        status, out, error = hub(server, *arguments)
        assert (status, "hub upgrade" in out + error) == (2, True)
    assert hub(server, "--help")[0] == 0
    assert hub(server, "restore")[0] == 1
    assert hub(server, "upgrade", "one", "two")[0] == 1


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (("--host", "hub.example"), "Debian 12 or 13"),
        (("--nonsense",), "--nonsense"),
        (("--host",), "needs a value"),
    ],
)
def test_install_says_what_is_wrong(server, options, complaint):
    (server / "etc/os-release").write_text("ID=plan9\nVERSION_ID=4\n")
    status, _out, error = run(
        DEPLOY / "install", *options, HUB_ROOT=str(server), PATH=f"{server}/bin:{os.environ['PATH']}"
    )
    assert (status, complaint in error) == (1, True), error


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        ((), "--host is missing"),
        (("--host", "https://hub.example"), "no https://"),
        (("--host", "hub.example"), "--self-signed to try"),
        (("--host", "hub.example", "--email", "a@b.example", "--self-signed"), "choose one"),
    ],
)
def test_install_says_which_option_is_wrong(server, options, complaint):
    (server / "etc/campaign-hub.env").unlink()
    (server / "etc/os-release").write_text("ID=debian\nVERSION_ID=13\n")
    status, _out, error = run(
        DEPLOY / "install", *options, HUB_ROOT=str(server), PATH=f"{server}/bin:{os.environ['PATH']}"
    )
    assert (status, complaint in error) == (1, True), error


def test_the_configuration_that_configure_writes_is_read_alike_and_has_good_keys(server):
    for name in ("campaign-hub.env", "campaign-hub-owner.env"):
        (server / "etc" / name).unlink()
    (server / "bin/pg_lsclusters").write_text("#!/bin/sh\necho 15 main 5433 online\n")
    (server / "bin/pg_lsclusters").chmod(0o755)
    assert run(DEPLOY / "configure", "hub.example", **on(server))[0] == 0

    path = server / "etc/campaign-hub.env"
    made = loaded(path.read_text(), server / "bin")
    assert made == as_systemd_reads(path.read_text())
    assert set(made) == {"SECRET_KEY", "FIELD_KEYS", "SITE_URL", "DATABASE_URL"}
    assert len(made["SECRET_KEY"]) >= 50
    assert re.fullmatch(r"postgres://campaign_hub:[\w-]{32}@127\.0\.0\.1:5433/campaign_hub", made["DATABASE_URL"])
    assert path.stat().st_mode & 0o077 == 0
    before = path.read_text()
    assert run(DEPLOY / "configure", "other.example", **on(server))[0] == 0
    assert path.read_text() == before
    environment = {"DEBUG": "0", "DJANGO_SETTINGS_MODULE": "campaign.settings", "ERASURE_JOURNAL": "", **made}
    environment["DJANGO_ALLOW_ASYNC_UNSAFE"] = ""  # which the tests set
    assert run(sys.executable, "-c", ENCRYPT, **environment)[2] == ""
    checked = run(sys.executable, "manage.py", "check", "--deploy", "--fail-level", "WARNING", **environment)
    assert checked[0] == 0, checked[2]


def test_the_compose_file_gives_only_migrations_the_owner_s_password():
    services = yaml.safe_load((DEPLOY / "compose.yaml").read_text())["services"]
    knows = {name for name, service in services.items() if "OWNER_PASSWORD" in str(service)}
    assert knows == {"database", "migrate"}
    ours = {name: service for name, service in services.items() if service["image"] == "campaign-hub"}
    assert all(service["depends_on"] for service in ours.values())
    commands = [path.read_text() for path in units() if "Restart=always" in path.read_text()]
    for command in ("send_mail", "send_news", "publish_counts"):
        assert any(command in text for text in commands)
        assert any(command in str(service.get("command")) for service in ours.values())
