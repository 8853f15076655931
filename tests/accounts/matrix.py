"""The matrix of roles: the table that docs/organisers/roles.md should contain, and the permissions that it promises."""

from django.contrib import admin
from django.contrib.auth.models import Permission
from django.utils.text import capfirst

from campaign.accounts.account_form import FURTHER_APPS
from campaign.roles import ROLES, is_everyday
from tests.checkouts import HERE

PAGE = HERE / "docs" / "organisers" / "roles.md"
VERBS = {"view": "see", "add": "add", "change": "change", "delete": "delete"}
ALL, NOTHING = "all", "–"
# Models whose pages require one special permission instead of Django's four.
GOVERNED = {
    "pledges.export": "pledges.export_signature",
    "pledges.lostmailbox": "pledges.handle_lostmailbox",
    "subject_access.subjectaccess": "subject_access.answer_subject_access",
    "fundraising.claim": "fundraising.claim_gift_aid",
    "fundraising.overclaim": "fundraising.claim_gift_aid",
    "public_names.hiding": "public_names.hide_names",
    "sealing.restoretest": "sealing.test_key",
}
FOR_OWNERS = "auth.user"
BY_KIND = "approvals.approvalrequest"  # open to everybody who may make at least one kind of request


def models():
    """Return the models in the admin whose pages require Django's four permissions."""
    others = {*GOVERNED, FOR_OWNERS, BY_KIND}
    return [model for model in admin.site._registry if model._meta.label_lower not in others]


def rights():
    """Return the special permissions, such as the permission to export."""
    found = Permission.objects.filter(content_type__app_label__in=FURTHER_APPS).select_related("content_type")
    return [one for one in found if not is_everyday(one.codename)]


def table():
    """Return the lines that the table on the page should contain."""
    names = [str(role.label) for role in ROLES]
    lines = [row("", names), row("---", ["---"] * len(names))]
    for model in models():
        app = model._meta.app_config.verbose_name
        label = f"{capfirst(app)}: {model._meta.verbose_name_plural}"
        lines.append(row(label, [cell(role, model._meta.app_label, model._meta.model_name) for role in ROLES]))
    for right in rights():
        name = f"{right.content_type.app_label}.{right.codename}"
        lines.append(row(right.name, ["yes" if name in role.permissions else NOTHING for role in ROLES]))
    return lines


def row(first, cells):
    return f"| {' | '.join([first, *cells])} |"


def cell(role, app, model):
    verbs = [word for verb, word in VERBS.items() if f"{app}.{verb}_{model}" in role.permissions]
    return ALL if len(verbs) == len(VERBS) else ", ".join(verbs) or NOTHING


def written():
    """Return the permissions that the table on the page promises, by the label of the role."""
    lines = [
        [part.strip() for part in line.strip("|").split("|")] for line in PAGE.read_text().splitlines() if "|" in line
    ]
    promised = {label: set() for label in lines[0][1:]}
    for (_label, *cells), names in zip(lines[2:], [*_everyday(), *_special()], strict=True):
        for label, text in zip(promised, cells, strict=True):
            promised[label] |= {names[word] for word in _words(text, names)}
    return promised


def _everyday():
    return [
        {word: f"{model._meta.app_label}.{verb}_{model._meta.model_name}" for verb, word in VERBS.items()}
        for model in models()
    ]


def _special():
    return [{"yes": f"{right.content_type.app_label}.{right.codename}"} for right in rights()]


def _words(text, names):
    return list(names) if text == ALL else [] if text == NOTHING else text.split(", ")
