"""Walk 1: a low-risk single dose. She is asked what everybody is asked, no more; silence is never taken for health."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from apps.alerts.models import Alert
from apps.courses.domain import PatientProfile
from apps.guidelines.selectors import current_guidelines
from apps.ledger.models import Event
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Hospital
from tests.flow.walking import DAY, HOLDS, HOUR, LOOK_BACK, Walk
from tests.standing_clock import StandingClock

# What everybody is asked, in hours after the end: opens, due, closes (clinical facts 8, FU-2, FU-6, FU-7).
CALLS = {
    "aseptic_meningitis_call": (24, 24, 48),
    "day_7_call": (144, 168, 216),
    "day_14_call": (312, 336, 408),
}
NOT_FOR_HER = {
    "lungs_6h", "lungs_12h",  # at home
    "lungs_call",  # heart and kidneys are well, and she is neither old nor an infant
    "in_course_observation", "in_course_kidney_lab", "in_course_hemoglobin_lab",  # one day only
    "hemoglobin_lab", "hemolysis_lab",  # blood group O, 0.4 g/kg
    "renal_function_lab", "kidney_lab_day_7",  # no risk for the kidneys
    "efficacy_visit",  # neither CIDP nor MMN
    "thrombosis_call",  # no risk of clots
}  # fmt: skip


@pytest.mark.django_db
def test_a_low_risk_single_dose(hospital: Hospital, clock: StandingClock) -> None:
    walk = Walk(hospital, clock)
    patient = walk.admit(date(1990, 5, 17))
    profile = PatientProfile(
        weight_kg=Decimal(60), weighed_on=NOW.date(), blood_group="O", iga="normal", prior_ivig="before"
    )
    course = walk.order(
        patient,
        profile,
        indication_code="nel_low_dose",
        regimen_code="low_dose",
        dose_mg_per_kg=Decimal(400),
        days=1,
        setting="day_care_admission",
    )
    ended = walk.infuse(course)

    # Planned is what everybody is asked, and nothing else.
    planned = walk.checks(course)
    assert set(planned) == {*CALLS, *HOLDS, *LOOK_BACK}
    assert {rule.code for rule in current_guidelines().follow_up_rules} == {*planned, *NOT_FOR_HER}
    for code, hours in CALLS.items():
        window = planned[code].opens_at, planned[code].due_at, planned[code].closes_at
        assert window == tuple(ended + hour * HOUR for hour in hours), code
        assert planned[code].reasons == [] and planned[code].source

    # Antibodies mislead for 60 days, anti-HBc for 90; measles waits 12 months (EU), the others 8 (ACIP, 0.4 g/kg).
    assert planned["serology_hold"].closes_at == ended + 60 * DAY
    assert planned["serology_hold_anti_hbc"].closes_at == ended + 90 * DAY
    assert planned["measles_vaccine_hold"].closes_at == datetime(2027, 3, 1, 23, tzinfo=UTC)
    assert planned["varicella_vaccine_hold"].closes_at == datetime(2026, 11, 1, 23, tzinfo=UTC)
    assert planned["lot_look_back"].closes_at is None

    # Before its time nothing is asked; at its time it is, and only then.
    walk.to(ended + 23 * HOUR)
    assert walk.waiting() == []
    for code, (_, due, _) in CALLS.items():
        walk.to(ended + due * HOUR)
        assert walk.waiting() == [code]
        answered = walk.answer_well(planned[code])
        assert (answered["status"], answered["outcome"]) == ("done", "no_effect")
        assert walk.waiting() == []

    # Three weeks on nothing is open but what only runs out, and what never does.
    walk.to(ended + 21 * DAY)
    assert walk.statuses(course) == {
        **dict.fromkeys(CALLS, "done"),
        **dict.fromkeys(HOLDS | LOOK_BACK, "planned"),
    }
    assert not Alert.objects.exclude(state="resolved").exists()
    assert not AdverseEvent.objects.exists()

    # The holds run out by themselves, each on its day, and ask nobody; the lots stay traceable.
    guard = f"patients/{patient.pk}/serology-guard/"
    assert walk.nurse.get(guard, test="antibody").json()["misleads"] is True
    walk.to(ended + 61 * DAY)
    assert walk.nurse.get(guard, test="antibody").json()["misleads"] is False
    assert walk.nurse.get(guard, test="anti_hbc").json()["misleads"] is True
    walk.to(ended + 370 * DAY)
    runs_out = Event.objects.filter(name="followup.hold.ended").order_by("pk")
    assert [(event.payload["code"], event.occurred_at.date()) for event in runs_out] == [
        ("serology_hold", date(2026, 5, 1)),
        ("serology_hold_anti_hbc", date(2026, 5, 31)),
        ("varicella_vaccine_hold", date(2026, 11, 1)),
        ("measles_vaccine_hold", date(2027, 3, 1)),
    ]
    assert walk.checks(course, status="planned").keys() == LOOK_BACK
    assert walk.waiting() == [] and not walk.alerts("check:")
