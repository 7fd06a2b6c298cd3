"""A patient's weeks after immunoglobulin, walked in one process: time passes from timer to timer, people answer."""

import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import count
from typing import Any

from django.test import Client

from apps.alerts.models import Alert
from apps.courses.domain import PatientProfile
from apps.courses.selectors import CourseRecord
from apps.followups.models import FollowUpCheck
from apps.infusions import services as infusions
from apps.infusions.selectors import access_session
from apps.ledger.models import Event, Timer
from apps.patients.selectors import PatientRecord
from apps.patients.services import register_patient
from tests.builders import (
    NOW,
    Door,
    Hospital,
    approve,
    course_order,
    observe,
    signed_by,
    start_day,
    vitals,
)
from tests.standing_clock import StandingClock

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# After infusions, and before live vaccines and antibody tests: what only runs out, and what never does.
HOLDS = {"serology_hold", "serology_hold_anti_hbc", "measles_vaccine_hold", "varicella_vaccine_hold"}
LOOK_BACK = {"lot_look_back"}

_numbers = count(1)


@dataclass(frozen=True, slots=True)
class Walk:
    """The hospital, its clock, and the doors of those who do the following up."""

    hospital: Hospital
    clock: StandingClock

    @property
    def nurse(self) -> Door:
        """The nurse's door."""
        return Door(self.hospital.nurse)

    @property
    def physician(self) -> Door:
        """The physician's door."""
        return Door(self.hospital.physician)

    # Time.

    def to(self, moment: datetime) -> datetime:
        """Let time pass: each timer is fired at the minute at which it falls due, as the clockwork does it.

        What nobody in the story took within a day the nurse takes: a high alert would call again each hour.
        """
        while (due := self._next(moment)) is not None:
            if self._take_alerts(raised_before=due - timedelta(days=1)):
                continue  # what was due may have been their next call
            assert self.clock.fire(max(due, self.clock.now)), "A timer is due and nobody takes it."
        if moment > self.clock.now:
            self.clock.set(moment)
        return moment

    def _next(self, moment: datetime) -> datetime | None:
        waiting = Timer.objects.filter(state=Timer.State.PENDING, due_at__lte=moment)
        return waiting.order_by("due_at").values_list("due_at", flat=True).first()

    def _take_alerts(self, *, raised_before: datetime) -> bool:
        waiting = Alert.objects.filter(
            state=Alert.State.RAISED, audience=Alert.Audience.WARD, raised_at__lt=raised_before
        )
        numbers = list(waiting.values_list("pk", flat=True))
        for number in numbers:
            self.written(f"alerts/{number}/acknowledge/", {})
        return bool(numbers)

    # Before and during.

    def admit(self, birth_date: date, *, now: datetime = NOW) -> PatientRecord:
        """A patient born on that day."""
        number = next(_numbers)
        return register_patient(
            performer=self.hospital.nurse,
            ward_id=self.hospital.ward.pk,
            name=f"Walk {number}",
            birth_date=birth_date,
            sex="female",
            medical_record_number=f"WALK-{number}",
            bed=str(number),
            now=now,
        )

    def order(
        self, patient: PatientRecord, profile: PatientProfile, *, now: datetime = NOW, **changes: Any
    ) -> CourseRecord:
        """An approved course, signed by two."""
        order = course_order(profile=profile, **({"starts_on": now.date()} | changes))
        signature = signed_by(self.hospital.nurse)
        return approve(self.hospital, patient, order, signature=signature, now=now)

    def infuse(
        self,
        course: CourseRecord,
        *,
        day: int = 1,
        at: datetime = NOW,
        signs: Mapping[str, Any] | None = None,
    ) -> datetime:
        """Give one day of a course, vital signs and steps on the minute. Returns when the infusion ended.

        The watch after it is kept too; the clock stands where it is over.
        """
        self.to(at)
        nurse, quiet = self.hospital.nurse, dict(signs or {})
        baseline = vitals(at - timedelta(minutes=2), **quiet)
        number = start_day(self.hospital, course, day=day, now=at, baseline=baseline).pk
        while True:
            session = access_session(nurse, number)
            assert session.finish_at is not None
            asked = [due for due in (session.step_due_at, session.observation_due_at) if due is not None]
            due = min(asked, default=session.finish_at)
            if due >= session.finish_at:
                break
            self.to(due)
            observe(self.hospital, number, due, **quiet)
            if session.step_due_at == due:
                infusions.confirm_step(performer=nurse, session_id=number, version=session.version, now=due)
        ended = self.to(session.finish_at)
        session = access_session(nurse, number)
        infusions.complete_session(
            performer=nurse, session_id=number, version=session.version, reason="", now=ended
        )
        while (due := access_session(nurse, number).observation_due_at) is not None:
            self.to(due)
            observe(self.hospital, number, due, **quiet)
        return ended

    # What is planned and what came of it.

    def checks(self, course: CourseRecord, **conditions: Any) -> dict[str, FollowUpCheck]:
        """The checks of a course that stand, by code, those before an infusion day by code and day.

        None waits twice; of those that were answered after each day, the last one.
        """
        found = FollowUpCheck.objects.filter(course_id=course.pk, **conditions).exclude(status="superseded")
        named: dict[str, FollowUpCheck] = {}
        for check in found.order_by("pk"):
            before_a_day = check.code.startswith("in_course")
            name = f"{check.code}:{check.day_number}" if before_a_day else check.code
            assert name not in named or named[name].status == "done", f"{name} waits twice"
            named[name] = check
        return named

    def check(self, course: CourseRecord, code: str) -> FollowUpCheck:
        """One of them."""
        return self.checks(course)[code]

    def statuses(self, course: CourseRecord) -> dict[str, str]:
        """Their statuses by code."""
        return {code: check.status for code, check in self.checks(course).items()}

    def waiting(self) -> list[str]:
        """The codes on the nurse's worklist, in its order."""
        return [check["code"] for check in self.nurse.get("follow-ups/").json()]

    def alerts(self, subject: str) -> list[tuple[str, str, str]]:
        """(code, priority, state) of every alert about a subject or kind of subject, the oldest first."""
        found = Alert.objects.filter(subject__startswith=subject).order_by("pk")
        return [(alert.code, alert.priority, alert.state) for alert in found]

    def told(self, name: str, subject: str = "") -> list[dict[str, Any]]:
        """The payloads of the events of a name, the oldest first."""
        found = Event.objects.filter(name=name, subject__startswith=subject).order_by("pk")
        return [dict(event.payload) for event in found]

    # Acts.

    def answer_well(self, check: FollowUpCheck) -> dict[str, Any]:
        """The nurse calls, reads every question of the script, and each is answered with no."""
        script = self.nurse.get(f"follow-ups/{check.pk}/script/").json()
        codes = [symptom["code"] for question in script["questions"] for symptom in question["symptoms"]]
        return self.written(f"follow-ups/{check.pk}/answers/", {"answers": dict.fromkeys(codes, "no")})

    def found_well(self, check: FollowUpCheck) -> dict[str, Any]:
        """The nurse looks at the patient or at the results, and nothing speaks for an effect."""
        return self.written(f"follow-ups/{check.pk}/outcomes/", {"outcome": "no_effect", "note": "Well."})

    def measure(self, patient: PatientRecord, *results: tuple[str, str, str]) -> dict[str, Any]:
        """Results as they come from the laboratory now: (analyte, value, unit); without a unit one in words."""
        entries = [
            {"analyte": analyte, "value": value, "unit": unit}
            if unit
            else {"analyte": analyte, "choice": value}
            for analyte, value, unit in results
        ]
        body = {"taken_at": self.clock.now.isoformat(), "results": entries}
        return self.written(f"patients/{patient.pk}/laboratory/", body)

    def send_home(self, course: CourseRecord, note: str) -> dict[str, Any]:
        """The nurse discharges the patient, having looked at what is still open."""
        matters = self.nurse.get(f"courses/{course.pk}/open-matters/").json()
        seen = [matter["key"] for matter in matters]
        return self.written(f"courses/{course.pk}/discharges/", {"note": note, "seen": seen})

    def written(self, path: str, body: Mapping[str, Any], door: Door | None = None) -> dict[str, Any]:
        """The JSON of a POST that must succeed."""
        answer = (door or self.nurse).post(path, body)
        assert answer.status_code in (200, 201), f"{path}: {answer.status_code} {answer.content.decode()}"
        content: dict[str, Any] = answer.json()
        return content


class Phone:
    """What a patient holds: a link and nothing else."""

    def __init__(self, address: str) -> None:
        self.client = Client(enforce_csrf_checks=True)
        self.path = "/r/" + address.partition("/r/")[2]

    def page(self, query: str = "") -> str:
        """The form as it opens."""
        answer = self.client.get(self.path + query)
        assert answer.status_code == 200, answer.status_code
        return answer.content.decode()

    def send(self, answers: Mapping[str, str], *, complete: bool = False) -> dict[str, Any]:
        """Answers as the page sends them, one by one or all at once."""
        body = {"key": str(uuid.uuid4()), "answers": dict(answers), "complete": complete}
        answer = self.client.post(self.path + "answers/", body, content_type="application/json")
        assert answer.status_code == 200, answer.content.decode()
        said: dict[str, Any] = answer.json()
        return said
