"""The documents match the code: its environment variables and their defaults, and links that lead somewhere."""

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import django.contrib.admin
import pytest
from django.core.management import get_commands, load_command_class

from campaign.checks import RENAMED
from tests.checkouts import HERE

EXAMPLE = (HERE / ".env.example").read_text()
NAMES = re.findall(r"^#?([A-Z_]+)=", EXAMPLE, re.MULTILINE)
PYTHON_READS = r"\benv(?:iron\.get|iron|\.\w+)?[(\[]\s*\"([A-Z_]+)\""
SHELL_READS = r"\$\{([A-Z_]+):"
DOCUMENTS = [HERE / "README.md", HERE / "CHANGELOG.md", *sorted((HERE / "docs").rglob("*.md"))]
FOR_OPERATORS = [HERE / "docs" / f"{name}.md" for name in ("operators", "many-machines", "monitoring")]
FOR_OPERATORS += sorted([*(HERE / "docs/operators").glob("*.md"), *(HERE / "docs/runbooks").glob("*.md")])
LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)#?([^)\s]*)\)")
DUMP = """
import json, re
from campaign import settings
shown = {name: repr(value) for name, value in vars(settings).items() if name.isupper()}
print(json.dumps({name: re.sub(" at 0x[0-9a-f]+", "", value) for name, value in shown.items()}))
"""


def variables_read():
    """Return the names of the environment variables that the site and the programs of deploy/ read."""
    sources = [path for part in ("campaign", "pledges", "actions") for path in (HERE / part).rglob("*.py")]
    read = {name for path in sources for name in re.findall(PYTHON_READS, path.read_text())}
    programs = [HERE / "deploy" / name for name in ("backup", "restore")]
    return read | {name for path in programs for name in re.findall(SHELL_READS, path.read_text())}


def test_the_example_lists_each_variable_that_is_read_once():
    assert sorted(NAMES) == sorted(variables_read())


def test_the_operators_guide_mentions_each_variable():
    guide = (HERE / "docs" / "operators.md").read_text()

    assert [name for name in NAMES if f"`{name}" not in guide] == []


def test_no_document_mentions_an_old_variable():
    documents = [path for path in DOCUMENTS if path.name != "CHANGELOG.md"]

    assert [(path.name, old) for path in documents for old in RENAMED if f"`{old}`" in path.read_text()] == []


def loaded(text, folder):
    """Return the variables that a shell has after it has read `text`."""
    path = folder / "hub.env"
    path.write_text(text)
    command = ["sh", "-c", 'set -a; . "$0"; exec env -0', path]
    lines = subprocess.run(command, env={"PATH": os.environ["PATH"]}, capture_output=True, text=True, check=True)  # noqa: S603
    found = dict(line.split("=", 1) for line in lines.stdout.split("\0") if line)
    return {name: value for name, value in found.items() if name in NAMES}


def as_systemd_reads(text):
    """Return the variables of an EnvironmentFile (systemd.exec(5)): quotes are removed, and nothing is expanded."""
    pairs = (line.split("=", 1) for line in text.splitlines() if line and line[0] not in "#;")
    return {name: "".join(shlex.split(value)) for name, value in pairs}


def test_a_shell_and_systemd_read_the_example_alike(tmp_path):
    for text in (EXAMPLE, re.sub(r"^#(?=[A-Z_]+=)", "", EXAMPLE, flags=re.MULTILINE)):
        assert loaded(text, tmp_path) == as_systemd_reads(text)


def settings_with(text, folder):
    """Return the settings (name to repr) of a site with the variables of `text`."""
    environment = loaded(text, folder) | {"SECRET_KEY": "x", "FIELD_KEYS": "x", "PATH": os.environ["PATH"]}
    command = [sys.executable, "-c", DUMP]
    ran = subprocess.run(command, env=environment, cwd=HERE, capture_output=True, text=True, check=True)  # noqa: S603
    return json.loads(ran.stdout)


def test_the_example_shows_the_defaults(tmp_path):
    without_default = "ERASURE_JOURNAL|MEDIA_STORAGE|REPLICA_DATABASE_URL|STATE_DIRECTORY"
    spelt_out = re.sub(rf"^#(?=[A-Z_]+=)(?!{without_default})", "", EXAMPLE, flags=re.MULTILINE)

    assert settings_with(spelt_out, tmp_path) == settings_with(EXAMPLE, tmp_path)


def anchors(document):
    """Return the names by which links can point at a document's headings, as GitHub makes them."""
    headings = re.findall(r"^#+ (.*)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(HERE)))
def test_every_link_leads_to_a_file_and_a_heading(document):
    for path, anchor in LINK.findall(document.read_text()):
        target = (document.parent / path).resolve() if path else document
        assert target.exists(), path
        assert not anchor or anchor in anchors(target), f"{path}#{anchor}"


def test_the_organisers_index_lists_each_page_by_its_title():
    guide = HERE / "docs" / "organisers"
    index = (guide / "README.md").read_text()

    for page in set(guide.glob("*.md")) - {guide / "README.md"}:
        title = page.read_text().splitlines()[0].removeprefix("# ")
        assert f"- [{title}]({page.name})" in index


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: str(path.relative_to(HERE)))
def test_every_folder_and_module_that_is_named_exists(document):
    named = re.findall(r"`((?:actions|campaign|deploy|docs|pledges|templates|tests)/[\w./-]*)`", document.read_text())

    assert [name for name in named if not (HERE / name).exists() and not (HERE / f"{name}.py").exists()] == []


@pytest.mark.parametrize("document", FOR_OPERATORS, ids=lambda path: str(path.relative_to(HERE)))
def test_operators_are_shown_only_commands_that_exist_with_options_that_exist(document):
    commands = get_commands()
    verbs = re.findall(r"^  ([a-z |]+)\)", (HERE / "deploy/hub").read_text(), re.MULTILINE)
    for shown in map("".join, re.findall(r"`([^`]+)`|^    (\S.*)$", document.read_text(), re.MULTILINE)):
        if found := re.match(r"(?:sudo )?hub ([a-z]+)", shown):
            assert found[1] in " ".join(verbs).split(), shown
        found = re.search(r"(?:hub manage|manage\.py) ([a-z_]+[^|&;<>()]*)", shown)
        if found or (" " in shown and shown.split()[0] in commands):
            name, *arguments = shlex.split(found[1] if found else shown)
            load_command_class(commands[name], name).create_parser("", name).parse_args(arguments)


def test_every_name_in_the_glossary_is_in_the_code():
    rows = [line.split(" | ") for line in (HERE / "docs" / "glossary.md").read_text().splitlines()]
    named = {name for row in rows if len(row) > 2 for name in re.findall(r"`(\w+)", row[2])}
    modules = [path for part in ("actions", "campaign", "pledges") for path in (HERE / part).rglob("*.py")]
    used = {word for path in modules for word in [path.stem, *re.findall(r"\w+", path.read_text())]}

    assert named - used == set()


def words_on_screen():
    """Return, in lower case, the sources of the site and of the admin's own templates: all that a screen can show."""
    ours = [HERE / name for name in ("actions", "campaign", "pledges", "templates")]
    roots = [*ours, Path(django.contrib.admin.__file__).parent]
    files = [path for root in roots for path in root.rglob("*") if path.suffix in (".html", ".py")]
    return "\n".join(path.read_text() for path in files if "migrations" not in path.parts).lower()


def test_every_label_in_the_organisers_guide_and_the_runbooks_is_on_a_screen():
    """A label is in italics. *Accounts, Users* is two; *Add page* and *Recover deleted pages* are put together."""
    pages = [page for folder in ("organisers", "runbooks") for page in (HERE / "docs" / folder).glob("*.md")]
    italics = [text for page in pages for text in re.findall(r"(?<!\*)\*([^*\n]+)\*(?!\*)", page.read_text())]
    labels = {label.rstrip("…") for text in italics for label in re.split(r", (?=[A-Z])", text)}
    screens = words_on_screen()

    missing = {label for label in labels if re.sub("^(add|recover deleted) ", "", label.lower()) not in screens}
    assert not missing
