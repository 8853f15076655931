"""`compose.yaml` and the image, as far as a test can try them without an engine that starts containers."""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from tests.checkouts import HERE
from tests.deploy.test_installer import SHARED

COMPOSE = ("docker compose", "docker-compose", "podman-compose")
# Debian's image of the Containerfile is made from a bare root if there is one, because a test needs no registry then.
ROOTS = os.environ.get("HUB_ROOTS")
ENVIRONMENT = "HOST=hub.example\nOWNER_PASSWORD=theirs\nSITE_PASSWORD=ours\nTLS=/etc/tls\n"
# Without a kernel that lets buildah make namespaces, and without an overlay.
BUILDAH = {"BUILDAH_ISOLATION": "chroot", "STORAGE_DRIVER": "vfs"}
CHECK = """
set -e
[ "$(id -u)" = 980 ]
if touch /srv/campaign-hub/written 2>/dev/null; then exit 1; fi
for file in deploy/site.env deploy/.env; do [ ! -e "$file" ]; done
touch /var/lib/campaign-hub/written /var/lib/campaign-hub-backups/written /run/campaign-hub/written
export SECRET_KEY=x FIELD_KEYS=x SITE_URL=https://hub.example EMAIL_URL=smtp://localhost DATABASE_URL=postgres://a/b
python manage.py check
test -s var/static/staticfiles.json
gunicorn --version && age --version && pg_dump --version
"""
pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("installer")]


def run(*command, **options):
    return subprocess.run(command, capture_output=True, text=True, check=False, **options)  # noqa: S603 - our own commands


@pytest.fixture
def folder(tmp_path):
    """Return a copy of the checkout's deploy/ with the two files that docs/operators/containers.md asks for."""
    shutil.copytree(HERE / "deploy", tmp_path / "deploy")
    example = (HERE / ".env.example").read_text().splitlines()
    lines = [line for line in example if not line.startswith("DATABASE_URL")]
    (tmp_path / "deploy/site.env").write_text("\n".join(lines))
    (tmp_path / "deploy/.env").write_text(ENVIRONMENT)
    return tmp_path


@pytest.mark.parametrize("program", COMPOSE)
def test_compose_reads_the_file_and_knows_every_variable(folder, program):
    command = program.split()
    ask = (["version"], ["config", "--help"])
    if not shutil.which(command[0]) or any(run(*command, *question).returncode for question in ask):
        pytest.skip(f"{program} doesn't run here, or has no `config`.")
    ran = run(*command, "-f", "deploy/compose.yaml", "config", cwd=folder)
    assert (ran.returncode, "not set" in ran.stderr) == (0, False), ran.stderr

    services = yaml.safe_load(ran.stdout)["services"]
    database = {name: service.get("environment", {}).get("DATABASE_URL") for name, service in services.items()}
    assert database.pop("migrate") == "postgres://campaign_hub_owner:theirs@database:5432/campaign_hub"
    assert database.pop("database") is database.pop("nginx") is None
    assert set(database.values()) == {"postgres://campaign_hub:ours@database:5432/campaign_hub"}


def test_each_variable_says_what_is_missing_without_it():
    """Debian 12's podman-compose doesn't read `${NAME:?}` without words."""
    variables = re.findall(r"\$\{(\w+):\?(.*?)\}", (HERE / "deploy/compose.yaml").read_text())

    assert {name for name, _words in variables} == {"HOST", "OWNER_PASSWORD", "SITE_PASSWORD", "TLS"}
    assert {words for _name, words in variables} == {"is missing in .env"}


@pytest.mark.skipif(os.environ.get("PROVE") != "1", reason="It takes minutes: run it with `make prove`.")
@pytest.mark.skipif(os.geteuid() != 0 or not shutil.which("buildah"), reason="It needs root and buildah.")
def test_the_image_can_be_built_and_runs_the_site_s_commands_as_its_own_user(tmp_path):
    environment = os.environ | BUILDAH

    def buildah(*arguments):
        places = ["--root", tmp_path / "images", "--runroot", tmp_path / "run"]
        ran = run("unshare", "--mount", "buildah", *places, *arguments, env=environment)  # so that it leaves no mounts
        assert ran.returncode == 0, ran.stdout[-4000:] + ran.stderr[-4000:]
        return ran.stdout

    if ROOTS:
        container = buildah("from", "scratch").strip()
        buildah("add", "--quiet", container, bare_root(tmp_path), "/")
        buildah("commit", "--quiet", container, "docker.io/library/debian:trixie-slim")
    files = run("git", "-C", HERE, "ls-files", "-z").stdout.split("\0")
    for name in filter(None, files):
        target = tmp_path / "checkout" / name
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(HERE / name, target, follow_symlinks=False)
    for name in ("site.env", ".env"):
        (tmp_path / "checkout/deploy" / name).write_text("SECRET_KEY=not in the image")
    checkout = tmp_path / "checkout"
    options = ["--pull-never" if ROOTS else "--pull", "--network", "host", "--tag", "campaign-hub"]
    buildah("build", "--quiet", *options, "--file", checkout / "deploy/Containerfile", checkout)

    container = buildah("from", "--pull-never", "localhost/campaign-hub").strip()
    assert "no issues" in buildah("run", "--network", "host", container, "--", "sh", "-c", CHECK)


def bare_root(folder):
    """Return a copy of a bare Debian root, with what it needs of this machine to fetch packages."""
    root = folder / "root"
    subprocess.run(["cp", "-a", Path(ROOTS) / "bare-trixie", root], check=True)  # noqa: S603, S607
    for path in filter(Path.exists, map(Path, SHARED)):
        shutil.copy(path, f"{root}{path}")
    return root
