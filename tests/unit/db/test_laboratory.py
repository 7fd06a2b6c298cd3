"""Laboratory results as they are recorded and corrected, and what follows: alerts, events, adverse events."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from apps.alerts.models import Alert
from apps.alerts.services import acknowledge_alert
from apps.kernel.errors import ConflictError, DomainError, ForbiddenError
from apps.laboratory.models import LabResult
from apps.laboratory.services import ResultEntry, correct_result, enter_in_error, record_results
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import (
    NOW,
    admit_patient,
    finish,
    give,
    measure,
    order_course,
    running_session,
    start_day,
)

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.fixture
def patient(hospital):
    return admit_patient(hospital)


@pytest.fixture
def treated(hospital, patient):
    """A creatinine of 80 and a hemoglobin of 130 from the day before, then five days of immunoglobulin."""
    measure(hospital, patient.pk, "creatinine", "80", "µmol/L", at=NOW - DAY)
    measure(hospital, patient.pk, "hemoglobin", "13.0", "g/dL", at=NOW - DAY)
    give(hospital, order_course(hospital, patient))
    return patient


def alerts():
    """(code, priority, state) of every laboratory alert, the oldest first."""
    found = Alert.objects.filter(subject__startswith="laboratory:").order_by("pk")
    return [(alert.code, alert.priority, alert.state) for alert in found]


def events(name):
    return list(Event.objects.filter(name=name).order_by("pk"))


def entry(**changes):
    standard = {"analyte": "creatinine", "value": Decimal(90), "unit": "µmol/L", "taken_at": NOW}
    return ResultEntry(**(standard | changes))


def correct(hospital, row, value, **changes):
    return correct_result(
        performer=hospital.nurse,
        result_id=row.pk,
        entry=entry(value=Decimal(value), **({"taken_at": row.taken_at} | changes)),
        reason="typed wrongly",
        now=row.taken_at + timedelta(hours=1),
    )


def test_a_result_keeps_what_was_typed_beside_the_canonical_unit(hospital, patient):
    row = measure(hospital, patient.pk, "creatinine", "1.1", "mg/dL", comparator=">")
    row.refresh_from_db()
    assert (row.value, row.unit, row.comparator) == (Decimal("1.1"), "mg/dL", ">")
    assert (row.canonical_value, row.canonical_unit) == (Decimal("97.24"), "µmol/L")
    assert (row.status, row.source, row.recorded_by) == ("final", "manual", hospital.nurse)
    (event,) = events("laboratory.result.recorded")
    assert event.payload["value"] == "1.1" and event.payload["patient_id"] == patient.pk
    assert event.ward_id == hospital.ward.pk and event.occurred_at == NOW


def test_several_results_are_recorded_all_or_none(hospital, patient):
    good, other = entry(), entry(analyte="hemoglobin", unit="g/L", place="results.1")
    with pytest.raises(DomainError) as refused:
        record_results(
            performer=hospital.nurse,
            patient_id=patient.pk,
            entries=[good, entry(value=Decimal(12), analyte="hemoglobin", unit="g/L", place="results.1")],
            now=NOW,
        )
    assert refused.value.extra["field"] == "results.1.value" and "g/dL" in str(refused.value)
    assert not LabResult.objects.exists() and not events("laboratory.result.recorded")
    rows = record_results(performer=hospital.nurse, patient_id=patient.pk, entries=[good, other], now=NOW)
    assert [row.analyte for row in rows] == ["creatinine", "hemoglobin"]


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"unit": ""}, "unit_needed"),
        ({"unit": "mmol/L"}, "unit_unknown"),
        ({"value": None}, "result_missing"),
        ({"analyte": "kreatinin"}, "analyte_unknown"),
        ({"value": Decimal("1.1")}, "result_implausible"),
        ({"value": Decimal(1800)}, "result_unusual"),
        ({"taken_at": NOW + timedelta(minutes=1)}, "result_in_future"),
        ({"taken_at": NOW - timedelta(days=365 * 60)}, "result_before_birth"),
        ({"analyte": "dat", "value": None, "choice": "maybe"}, "choice_unknown"),
        ({"analyte": "dat", "value": None}, "result_missing"),
        (
            {"analyte": "urine_output", "value": Decimal(300), "unit": "mL", "period_h": Decimal(6)},
            "weight_needed",
        ),
        ({"analyte": "urine_output", "value": Decimal(1), "unit": "mL/kg/h"}, "period_needed"),
    ],
)
def test_what_cannot_be_is_refused(hospital, patient, change, code):
    with pytest.raises(DomainError) as refused:
        record_results(performer=hospital.nurse, patient_id=patient.pk, entries=[entry(**change)], now=NOW)
    assert refused.value.code == code
    assert not LabResult.objects.exists()


def test_nothing_at_all_is_no_entry(hospital, patient):
    with pytest.raises(DomainError) as refused:
        record_results(performer=hospital.nurse, patient_id=patient.pk, entries=[], now=NOW)
    assert refused.value.code == "results_missing"


def test_two_results_of_the_same_moment_do_not_stand_beside_each_other(hospital, patient):
    measure(hospital, patient.pk, "creatinine", "90", "µmol/L")
    with pytest.raises(ConflictError) as refused:
        measure(hospital, patient.pk, "creatinine", "91", "µmol/L")
    assert refused.value.code == "result_there_already"


def test_rows_are_kept_as_they_were_entered(hospital, patient):
    row = measure(hospital, patient.pk, "creatinine", "90", "µmol/L")
    for change in ({"canonical_value": Decimal(60)}, {"taken_at": NOW - DAY}, {"note": "other"}):
        with pytest.raises(DatabaseError), transaction.atomic():
            LabResult.objects.filter(pk=row.pk).update(**change)
    with pytest.raises(DatabaseError), transaction.atomic():
        LabResult.objects.filter(pk=row.pk).delete()


def test_urine_in_ml_is_counted_per_kg_of_the_newest_course(hospital, patient):
    order_course(hospital, patient, weight_kg="60")
    row = measure(hospital, patient.pk, "urine_output", "180", "mL", period_h=Decimal(6))
    assert (row.canonical_value, row.weight_kg) == (Decimal("0.5"), Decimal(60))


def test_creatinine_that_doubles_on_day_3_is_an_alert_and_an_adverse_event(hospital, treated):
    measure(hospital, treated.pk, "creatinine", "160", "µmol/L", at=NOW + 2 * DAY + timedelta(hours=8))
    assert alerts() == [("aki", "high", "raised")]
    alert = Alert.objects.get(code="aki")
    assert (alert.patient_id, alert.ward_id) == (treated.pk, hospital.ward.pk)
    assert "KDIGO" in alert.source and alert.params["ratio"] == {"number": "2.00"}
    (event,) = events("laboratory.finding.suspected")
    assert event.payload["effect"] == "acute_renal_failure" and event.payload["level"] == "stage_2"
    adverse = AdverseEvent.objects.get()
    assert adverse.session_id == event.payload["session_id"]
    assert (adverse.term, adverse.patient_id, adverse.product_code) == (
        "acute_renal_failure",
        treated.pk,
        "kiovig",
    )
    assert adverse.lots and "2 times the baseline of 80" in adverse.note.replace("2.00", "2")
    assert adverse.onset_at == NOW + 2 * DAY + timedelta(hours=8)


def test_a_worse_stage_brings_the_same_adverse_event_up_to_date(hospital, treated):
    at = NOW + 4 * DAY + timedelta(hours=8)
    measure(hospital, treated.pk, "creatinine", "130", "µmol/L", at=at)
    assert alerts() == [("aki", "medium", "raised")]
    measure(hospital, treated.pk, "creatinine", "170", "µmol/L", at=at + DAY)
    assert alerts() == [("aki", "high", "raised")]
    assert "stage 2" in AdverseEvent.objects.get().note
    measure(hospital, treated.pk, "creatinine", "250", "µmol/L", at=at + 2 * DAY)
    assert Alert.objects.get(code="aki").params["stage"] == {"number": "3"}
    assert "stage 3" in AdverseEvent.objects.get().note


def test_what_goes_on_over_the_days_of_a_course_is_one_adverse_event(hospital, patient):
    measure(hospital, patient.pk, "creatinine", "80", "µmol/L", at=NOW - DAY)
    course = order_course(hospital, patient)
    give(hospital, course, days=2)
    at = NOW + 2 * DAY - timedelta(hours=2)
    measure(hospital, patient.pk, "creatinine", "130", "µmol/L", at=at)
    (adverse,) = AdverseEvent.objects.all()
    finish(hospital, start_day(hospital, course, day=3, now=NOW + 2 * DAY).pk)
    measure(hospital, patient.pk, "creatinine", "165", "µmol/L", at=at + DAY)
    finish(hospital, start_day(hospital, course, day=4, now=NOW + 3 * DAY).pk)
    measure(hospital, patient.pk, "creatinine", "125", "µmol/L", at=at + 2 * DAY)
    (still,) = AdverseEvent.objects.all()
    assert (still.pk, still.onset_at, still.session_id) == (adverse.pk, at, adverse.session_id)
    assert "stage 2" in still.note and "stage 1" in adverse.note
    assert [event.payload["level"] for event in events("laboratory.finding.suspected")] == [
        "stage_1",
        "stage_2",
    ]


def test_the_next_course_s_finding_is_an_event_of_its_own(hospital, treated):
    measure(hospital, treated.pk, "creatinine", "130", "µmol/L", at=NOW + 5 * DAY)
    measure(hospital, treated.pk, "creatinine", "82", "µmol/L", at=NOW + 20 * DAY)
    again = order_course(hospital, treated, now=NOW + 28 * DAY)
    finish(hospital, start_day(hospital, again, now=NOW + 28 * DAY).pk)
    measure(hospital, treated.pk, "creatinine", "135", "µmol/L", at=NOW + 30 * DAY)
    assert sorted(AdverseEvent.objects.values_list("course_id", flat=True))[-1] == again.pk
    assert AdverseEvent.objects.count() == 2


def test_without_an_infusion_there_is_an_alert_but_no_adverse_event(hospital, patient):
    measure(hospital, patient.pk, "creatinine", "80", "µmol/L", at=NOW)
    measure(hospital, patient.pk, "creatinine", "160", "µmol/L", at=NOW + DAY)
    assert alerts() == [("aki", "high", "raised")]
    (event,) = events("laboratory.finding.suspected")
    assert event.payload["session_id"] is None
    assert not AdverseEvent.objects.exists()


def test_hemolysis_on_day_7_opens_an_event_of_its_own(hospital, treated):
    at = NOW + 11 * DAY
    measure(hospital, treated.pk, "hemoglobin", "108", "g/L", at=at)
    assert alerts() == [("hemolysis", "medium", "raised")]
    measure(hospital, treated.pk, "dat", "positive", at=at, now=at + timedelta(hours=2))
    assert alerts() == [("hemolysis", "high", "raised")]
    assert AdverseEvent.objects.get().term == "hemolysis"


def test_a_fall_on_day_1_raises_a_low_alert_and_opens_nothing(hospital, patient):
    measure(hospital, patient.pk, "hemoglobin", "130", "g/L", at=NOW - DAY)
    give(hospital, order_course(hospital, patient), days=1)
    measure(hospital, patient.pk, "hemoglobin", "118", "g/L", at=NOW + DAY)
    assert alerts() == [("hemolysis", "low", "raised")]
    assert not AdverseEvent.objects.exists() and not events("laboratory.finding.suspected")


def test_a_mistaken_result_takes_its_alert_and_its_adverse_event_back(hospital, treated):
    at = NOW + 2 * DAY + timedelta(hours=8)
    row = measure(hospital, treated.pk, "creatinine", "160", "µmol/L", at=at)
    enter_in_error(
        performer=hospital.physician,
        result_id=row.pk,
        reason="another patient's",
        now=at + timedelta(hours=1),
    )
    row.refresh_from_db()
    assert (row.status, row.status_reason, row.status_changed_by) == (
        "entered_in_error",
        "another patient's",
        hospital.physician,
    )
    assert alerts() == [("aki", "high", "resolved")]
    assert len(events("laboratory.finding.withdrawn")) == 1
    assert AdverseEvent.objects.get().status == "entered_in_error"


def test_suspected_again_after_it_was_withdrawn_it_is_there_again(hospital, treated):
    at = NOW + 2 * DAY + timedelta(hours=8)
    row = measure(hospital, treated.pk, "creatinine", "160", "µmol/L", at=at)
    enter_in_error(performer=hospital.nurse, result_id=row.pk, reason="mixed up", now=at + timedelta(hours=1))
    measure(hospital, treated.pk, "creatinine", "170", "µmol/L", at=at + timedelta(hours=2))
    adverse = AdverseEvent.objects.get()
    assert adverse.status == "new" and "170" in adverse.note
    assert [state for *_, state in alerts()] == ["resolved", "raised"]


def test_a_correction_replaces_and_the_series_is_judged_again(hospital, treated):
    at = NOW + 2 * DAY + timedelta(hours=8)
    row = measure(hospital, treated.pk, "creatinine", "250", "µmol/L", at=at)
    right = correct(hospital, row, "125")
    row.refresh_from_db()
    assert (row.status, right.replaces_id, right.status) == ("corrected", row.pk, "final")
    # Stage 3 became stage 1: what was as urgent rested on the wrong number alone.
    assert alerts() == [("aki", "high", "resolved"), ("aki", "medium", "raised")]
    assert "stage 1" in AdverseEvent.objects.get().note
    (event,) = events("laboratory.result.corrected")
    assert event.payload["replaces"] == row.pk and event.payload["reason"] == "typed wrongly"


def test_a_corrected_baseline_changes_what_later_results_tell(hospital, treated):
    measure(hospital, treated.pk, "creatinine", "130", "µmol/L", at=NOW + 4 * DAY + timedelta(hours=8))
    assert alerts() == [("aki", "medium", "raised")]
    baseline = LabResult.objects.get(analyte="creatinine", taken_at=NOW - DAY)
    correct(hospital, baseline, "110")
    assert alerts() == [("aki", "medium", "resolved")]


def test_a_late_entry_is_judged_in_its_place(hospital, treated):
    at = NOW + 6 * DAY
    measure(hospital, treated.pk, "creatinine", "90", "µmol/L", at=at)
    assert alerts() == []
    # Taken two days before, typed a day after: the newest value still says nothing, but it was found.
    measure(hospital, treated.pk, "creatinine", "170", "µmol/L", at=at - 2 * DAY, now=at + DAY)
    assert alerts() == [("aki", "high", "raised")]


def test_a_taken_alert_goes_when_the_newest_results_are_well_again(hospital, treated):
    at = NOW + 6 * DAY
    measure(hospital, treated.pk, "sodium", "121", "mmol/L", at=at)
    alert = Alert.objects.get(code="hyponatremia")
    acknowledge_alert(performer=hospital.nurse, alert_id=alert.pk, now=at)
    measure(hospital, treated.pk, "creatinine", "80", "µmol/L", at=at + timedelta(hours=2))
    assert alerts() == [("hyponatremia", "high", "acknowledged")]
    measure(hospital, treated.pk, "sodium", "137", "mmol/L", at=at + DAY)
    assert alerts() == [("hyponatremia", "high", "resolved")]
    assert AdverseEvent.objects.get().status == "new"


def test_marking_asks_for_a_reason_and_is_done_once(hospital, patient):
    row = measure(hospital, patient.pk, "creatinine", "90", "µmol/L")
    with pytest.raises(DomainError) as refused:
        enter_in_error(performer=hospital.nurse, result_id=row.pk, reason=" ", now=NOW)
    assert refused.value.code == "error_reason_needed"
    enter_in_error(performer=hospital.nurse, result_id=row.pk, reason="mixed up", now=NOW)
    with pytest.raises(ConflictError) as again:
        correct(hospital, row, "91")
    assert again.value.code == "result_in_error"


def test_a_correction_stays_with_its_analyte(hospital, patient):
    row = measure(hospital, patient.pk, "creatinine", "90", "µmol/L")
    with pytest.raises(DomainError) as refused:
        correct(hospital, row, "130", analyte="hemoglobin", unit="g/L")
    assert refused.value.code == "analyte_differs"


@pytest.mark.parametrize("role", ["safety_officer", "administrator"])
def test_only_the_bedside_enters_results(hospital, patient, role):
    with pytest.raises(ForbiddenError):
        record_results(performer=getattr(hospital, role), patient_id=patient.pk, entries=[entry()], now=NOW)


def test_a_running_infusion_is_the_last_one(hospital):
    session = running_session(hospital)
    measure(hospital, session.patient_id, "neutrophils", "400", "/µL", at=NOW + timedelta(hours=1))
    (event,) = events("laboratory.finding.suspected")
    assert (event.payload["session_id"], event.payload["level"]) == (session.pk, "severe")
    assert alerts() == [("neutropenia", "high", "raised")]
