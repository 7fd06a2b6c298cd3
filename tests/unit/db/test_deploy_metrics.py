"""The dashboard and the alert rules in deploy/ ask only for what /metrics serves."""

import json
import re

import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from apps.kernel import clock as kernel_clock
from apps.ledger.services import note_heartbeat
from apps.vigilance.domain.findings import KINDS
from apps.vigilance.metrics import measurements
from ivig_monitor.launch.places import ROOT

pytestmark = pytest.mark.django_db
NAME = re.compile(r"\bivig_[a-z_]+\b")


@pytest.fixture
def served():
    note_heartbeat(kind="beat", wall_now=kernel_clock.wall_now())
    text = measurements(now=kernel_clock.now(), wall_now=kernel_clock.wall_now()).decode()
    families = list(text_string_to_metric_families(text))
    assert all(family.documentation for family in families)
    return {sample.name for family in families for sample in family.samples}


def test_the_dashboard_shows_what_is_served(served):
    dashboard = json.loads((ROOT / "deploy/grafana/ivig-monitor.json").read_text(encoding="utf-8"))
    asked = {
        name
        for panel in dashboard["panels"]
        for one in panel["targets"]
        for name in NAME.findall(one["expr"])
    }
    assert asked and asked <= served
    assert len({panel["id"] for panel in dashboard["panels"]}) == len(dashboard["panels"])


def test_the_alert_rules_ask_for_what_is_served_and_say_what_to_do(served):
    rules = yaml.safe_load((ROOT / "deploy/prometheus/alerts.yml").read_text(encoding="utf-8"))
    found = [rule for group in rules["groups"] for rule in group["rules"]]
    assert {name for rule in found for name in NAME.findall(rule["expr"])} <= served
    assert all(rule["annotations"]["summary"] and rule["annotations"]["description"] for rule in found)
    assert len({rule["alert"] for rule in found}) == len(found)
    assert yaml.safe_load((ROOT / "deploy/prometheus/prometheus.yml").read_text(encoding="utf-8"))[
        "rule_files"
    ]


def test_the_handbook_explains_every_finding():
    handbook = (ROOT / "docs/operations.md").read_text(encoding="utf-8")
    assert [code for code in KINDS if f"`{code}`" not in handbook] == []
