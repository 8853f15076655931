"""The alert rules of `deploy/alerts.yml`."""

import re
import shutil
import subprocess

import pytest
import yaml

import campaign.urls  # noqa: F401 - it registers `hub_ready`
from campaign.monitoring.metrics import MEASURES
from tests.checkouts import HERE
from tests.test_docs import anchors

PATH = HERE / "deploy" / "alerts.yml"
(GROUP,) = yaml.safe_load(PATH.read_text())["groups"]
RULES = GROUP["rules"]
PROMTOOL = shutil.which("promtool")
LABELS = {one.name: set(one.labels) for one in MEASURES}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule["alert"])
def test_a_rule_uses_metrics_that_exist_and_names_a_page_that_exists(rule):
    names = re.findall(r"\bhub_\w+", str(rule))
    for name, label in re.findall(r"(hub_\w+)\{(\w+)", rule["expr"]):
        assert label in LABELS[name]
    path, _hash, anchor = rule["annotations"]["runbook"].partition("#")

    assert set(names) <= LABELS.keys()
    assert names or "up{" in rule["expr"]
    assert rule.keys() <= {"alert", "expr", "for", "annotations"}
    assert rule["annotations"]["summary"].endswith(".")
    assert not anchor or anchor in anchors(HERE / path)
    assert (HERE / path).is_file()


def test_alerts_have_different_names():
    assert len({rule["alert"] for rule in RULES}) == len(RULES) >= 10


def test_each_runbook_is_in_the_index():
    folder = HERE / "docs" / "runbooks"
    index = (folder / "README.md").read_text()

    assert [path.name for path in folder.glob("*.md") if f"({path.name})" not in index] == ["README.md"]


def test_the_guide_lists_each_metric():
    guide = (HERE / "docs" / "monitoring.md").read_text()

    assert [name for name in LABELS if f"`{name}`" not in guide] == []


def test_only_metrics_about_people_wait_for_a_step():
    stepped = {one.name for one in MEASURES if one.stepped}

    assert stepped == {
        "hub_signings",
        "hub_held_for_review",
        "hub_outbox_waiting",
        "hub_outbox_oldest_seconds",
        "hub_outbox_finished",
        "hub_stripe_webhook_lag_seconds",
    }


@pytest.mark.skipif(not PROMTOOL, reason="promtool is not installed")
def test_prometheus_accepts_the_rules():
    ran = subprocess.run([PROMTOOL, "check", "rules", PATH], capture_output=True, text=True, check=False)  # noqa: S603

    assert ran.returncode == 0, ran.stderr
