"""Walk 6: the next course comes four weeks later. Each course is followed up for itself, the patient is asked once."""

from collections import Counter
from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal

import pytest

from apps.courses.domain import PatientProfile
from apps.followups.models import FollowUpCheck
from apps.followups.timeline import follow_up_timeline
from apps.safety.models import AdverseEvent
from tests.builders import NOW, Hospital
from tests.flow.walking import DAY, HOLDS, HOUR, Phone, Walk
from tests.standing_clock import StandingClock

AGAIN = NOW + 28 * DAY


def profile(on: date) -> PatientProfile:
    """70 years, heart and kidneys well, blood group O."""
    return PatientProfile(
        weight_kg=Decimal(60), weighed_on=on, blood_group="O", iga="normal", prior_ivig="before",
        prior_product="kiovig", prior_given_on=on - 28 * DAY,
    )  # fmt: skip


@pytest.mark.django_db
def test_a_repeat_course_four_weeks_later(hospital: Hospital, clock: StandingClock) -> None:
    walk = Walk(hospital, clock)
    patient = walk.admit(date(1955, 5, 17))
    first = walk.order(patient, profile(NOW.date()), days=2, setting="day_care_admission")
    for day in (1, 2):
        ended_first = walk.infuse(first, day=day, at=NOW + (day - 1) * DAY)
    link = walk.written(f"courses/{first.pk}/self-report-link/", {"language": "en"})

    # Every check is answered in its time, but for the visit on day 21: she did not come, and that stays open.
    _answer_all(walk, first.pk, until=AGAIN - DAY, but_for={"efficacy_visit"})
    assert walk.statuses(first) == {
        **dict.fromkeys(walk.statuses(first), "done"),
        **dict.fromkeys((*HOLDS, "lot_look_back", "thrombosis_call"), "planned"),
        "efficacy_visit": "overdue",
    }
    before = _rows(first.pk)

    # The second course: five days, and everything that follows counts from its own doses.
    second = walk.order(patient, profile(AGAIN.date()), now=AGAIN, days=5, setting="day_care_admission")
    ended = walk.infuse(second, day=1, at=AGAIN)
    assert _rows(first.pk) == before, "nothing of the first course moves for it"
    mine = walk.checks(second, status="planned")
    assert mine["day_7_call"].opens_at == ended + 144 * HOUR
    assert mine["serology_hold"].closes_at == ended + 60 * DAY
    for day in (2, 3):
        _answer_all(walk, second.pk, until=AGAIN + (day - 1) * DAY - HOUR)
        ended = walk.infuse(second, day=day, at=AGAIN + (day - 1) * DAY)

    # The first course's call on day 30 lies inside the second's days: its window opened. She opens the first
    # course's link hours after a dose of the second, and is short of breath: within a day of a dose that is an
    # emergency, whichever course asks; and it is told of the dose she just had.
    clots = walk.check(first, "thrombosis_call")
    assert AGAIN < clots.opens_at < clots.due_at < AGAIN + 4 * DAY
    walk.to(ended + 4 * HOUR)
    form = Phone(link["url"])
    assert form.send({"hard_to_breathe": "yes"})["urgency"] == "emergency"
    (event,) = walk.physician.get("adverse-events/").json()
    assert (event["onset_class"], event["minutes_since_start"]) == ("delayed", _minutes(ended) + 240)
    assert AdverseEvent.objects.get().course_id == second.pk

    # It is asked when its day comes, once, and answered; then the second course goes on.
    _answer_all(walk, second.pk, until=clots.due_at)
    assert walk.waiting().count("thrombosis_call") == 1
    assert walk.check(first, "thrombosis_call").status == "due"
    walk.answer_well(clots)
    assert [alert for alert in walk.alerts(f"check:{clots.pk}") if "overdue" in alert[0]] == []
    for day in (4, 5):
        at = max(AGAIN + (day - 1) * DAY, clock.now)
        _answer_all(walk, second.pk, until=at)
        ended = walk.infuse(second, day=day, at=at)
    _answer_all(walk, second.pk, until=ended + 12 * HOUR)

    # Nothing doubled: of each rule one check waits or is open for the patient, but for what belongs to each course.
    waits = FollowUpCheck.objects.filter(patient=patient, status__in=["planned", "due", "overdue"])
    doubled = {code for code, number in Counter(waits.values_list("code", flat=True)).items() if number > 1}
    assert doubled == {*HOLDS, "lot_look_back", "efficacy_visit"}
    assert walk.check(first, "efficacy_visit").status == "overdue"
    assert walk.check(second, "efficacy_visit").anchored_at == ended
    assert walk.check(first, "lot_look_back").status == "planned"

    # For the patient there is one answer to each question: until when, by the course that holds longest.
    guard = walk.nurse.get(f"patients/{patient.pk}/serology-guard/", test="antibody").json()
    assert (guard["course_id"], guard["until"]) == (second.pk, _z(ended + 60 * DAY))
    assert guard["sample_before"] == _z(NOW), (
        "at the second course the first one's antibodies were still there"
    )
    vaccines = walk.nurse.get(f"patients/{patient.pk}/vaccine-release/").json()["vaccines"]
    assert {one["blocked_until"] for one in vaccines} == {"2027-04-03", "2027-03-03"}
    shown = follow_up_timeline(patient.pk)
    assert sorted(timeline.course_id for timeline in shown) == [first.pk, second.pk]

    # The first course's holds run out on their own day; the second's go on, and the guard with them.
    walk.to(ended_first + 61 * DAY)
    assert (walk.statuses(first)["serology_hold"], walk.statuses(second)["serology_hold"]) == (
        "done",
        "planned",
    )
    assert (
        walk.nurse.get(f"patients/{patient.pk}/serology-guard/", test="antibody").json()["misleads"] is True
    )
    walk.to(ended + 61 * DAY)
    assert (
        walk.nurse.get(f"patients/{patient.pk}/serology-guard/", test="antibody").json()["misleads"] is False
    )


def _minutes(ended: datetime) -> int:
    """How long an infusion took that began at eight."""
    return int((ended - ended.replace(hour=NOW.hour, minute=0)).total_seconds() // 60)


def _answer_all(walk: Walk, course_id: int, *, until: datetime, but_for: Iterable[str] = ()) -> None:
    """Answer what falls due, when it falls due."""
    while True:
        open_ones = FollowUpCheck.objects.filter(course_id=course_id).exclude(kind__in=["hold", "look_back"])
        due = open_ones.filter(status__in=["due", "overdue"]).exclude(code__in=but_for).first()
        if due is not None:
            walk.answer_well(due) if due.kind == "call" else walk.found_well(due)
            continue
        waiting = open_ones.filter(status="planned", due_at__lte=until).order_by("due_at").first()
        if waiting is None:
            break
        walk.to(waiting.due_at)
    walk.to(until)


def _rows(course_id: int) -> list[dict[str, object]]:
    return list(FollowUpCheck.objects.filter(course_id=course_id).order_by("pk").values())


def _z(moment: datetime) -> str:
    text: str = moment.isoformat().replace("+00:00", "Z")
    return text
