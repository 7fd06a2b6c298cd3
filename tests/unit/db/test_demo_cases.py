"""The demo's four cases: each keeps every rule, is written as E2B(R3), reads back as it was, and goes on paper."""

import os
from datetime import timedelta

import pytest
from django.db import transaction
from django.test import override_settings

from apps.alerts.models import Alert
from apps.cases.cioms import cioms_form
from apps.cases.domain.versions import Kind
from apps.cases.models import Case, CaseVersion
from apps.cases.selectors import build_icsr, faults_of
from apps.guidelines.services import load_guidelines
from apps.icsr.domain import Batch, E2bTime, message_of
from apps.icsr.services import batch_bytes, read_batch
from apps.icsr.xml.schemas import faults_of_schema
from apps.ledger.models import Event, Timer
from apps.meddra.models import MeddraVersion
from apps.patients.models import Patient
from apps.safety.models import AdverseEvent
from ivig_monitor.demo.cases import seed_cases
from ivig_monitor.demo.ward import seed
from ivig_monitor.demo_site import DEMO_SITE
from tests.builders import NOW

pytestmark = pytest.mark.django_db
SCHEMAS = os.environ.get("IVIG_E2B_SCHEMAS", "")


def site():
    return {name: value.split(",") if name == "CASE_REGIMES" else value for name, value in DEMO_SITE.items()}


@pytest.fixture(scope="module")
def told(django_db_setup, django_db_blocker):
    """The demo, told once: each test looks at it within a savepoint of its own."""
    with django_db_blocker.unblock(), override_settings(**site()), transaction.atomic():
        load_guidelines(now=NOW)
        assert seed(now=NOW) is True
        yield
        transaction.set_rollback(True)


@pytest.fixture
def seeded(told, settings):
    for name, value in site().items():
        setattr(settings, name, value)


def named(*names):
    return [patient for patient in Patient.objects.all() if patient.name in names]


def versions():
    return list(CaseVersion.objects.select_related("case__ward").order_by("case_id", "number"))


def written(version):
    message = message_of(build_icsr(version), sender="DEMO", receiver="RECEIVER")
    batch = Batch(number="1", sender="DEMO", receiver="RECEIVER", sent=E2bTime.of(NOW))
    return batch_bytes(batch, [message])


def test_what_became_of_each(seeded):
    told = {}
    for version in versions():
        term = build_icsr(version).reactions[0].translation
        told.setdefault((version.case_id, term), []).append(version.kind)
    assert sorted((term, kinds) for (_, term), kinds in told.items()) == [
        ("Anaphylaxis", ["initial"]),
        ("Anaphylaxis", ["initial", "nullification"]),
        ("Aseptic meningitis", ["initial"]),
        ("Hemolysis", ["initial", "follow_up"]),
    ]
    nullified = Case.objects.get(state="nullified")
    assert nullified.same_as is not None and nullified.same_as.state == "open"
    assert all(case.report_id.startswith("NO-DEMO-") for case in Case.objects.all())


def test_each_version_keeps_every_rule(seeded):
    for version in versions():
        assert faults_of(version, now=NOW) == (), version


def test_each_is_written_and_reads_back_as_it_was(seeded):
    for version in versions():
        [message] = read_batch(written(version)).messages
        assert message.message.report == build_icsr(version), version


@pytest.mark.skipif(not SCHEMAS, reason="IVIG_E2B_SCHEMAS names no directory")
def test_each_is_valid_by_the_schemas(seeded):
    for version in versions():
        assert faults_of_schema(written(version), SCHEMAS) == (), version


def test_the_shock_came_with_the_second_of_two_lots(seeded):
    [first, *_] = versions()
    [drug] = build_icsr(first).drugs
    assert [row.lot for row in drug.dosages] == ["LOT-A1204", "LOT-B7731"]
    assert all(row.dose and row.dose > 0 for row in drug.dosages)
    form = cioms_form(build_icsr(first), kind=Kind.INITIAL, version=1, now=NOW)
    assert form.seriousness == {"life_threatening"} and form.abated == {"yes"}


def test_the_meninges_followed_thirty_hours_after_the_end(seeded):
    [event] = AdverseEvent.objects.filter(term="aseptic_meningitis", patient__in=named("Demo Syrin"))
    assert event.infusion_ended_at is not None
    assert event.onset_at - event.infusion_ended_at == timedelta(hours=30)


def test_the_hemolysis_tells_more_in_its_second_version(seeded):
    first, second = (one for one in versions() if build_icsr(one).reactions[0].translation == "Hemolysis")
    assert [build_icsr(one).reactions[0].outcome for one in (first, second)] == ["3", "2"]
    assert len(build_icsr(second).tests) > len(build_icsr(first).tests)


def test_the_terminology_is_invented(seeded):
    assert [version.number for version in MeddraVersion.objects.all()] == ["98.1"]


def test_nothing_lies_in_the_future_and_no_old_alarm_is_left_on_the_ward(seeded, clock):
    assert not Event.objects.filter(recorded_at__gt=NOW).exists()
    while clock.fire():
        pass
    assert not Timer.objects.filter(state="failed").exists()
    reviewed = AdverseEvent.objects.filter(status="reviewed")
    assert reviewed.count() == 4
    left = Alert.objects.filter(patient__in=named("Demo Lind", "Demo Syrin"), state="raised")
    assert [alert.code for alert in left] == []


def test_without_a_described_site_the_demo_has_no_case(seeded, settings):
    settings.CASE_COUNTRY = ""
    before = Case.objects.count()
    seed_cases({}, physician=None, officer=None, now=NOW)
    assert Case.objects.count() == before
