"""Living a patient's days through the services, at times that have already passed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from apps.accounts.selectors import Staff
from apps.courses.domain import CourseOrder, PatientProfile
from apps.courses.selectors import assess_order
from apps.courses.services import open_course
from apps.infusions import services as infusions
from apps.infusions.domain import Consciousness, RespiratoryEffort, Vitals
from apps.infusions.selectors import SessionRecord, access_session
from apps.infusions.services.observing import ObservationEntry
from apps.infusions.services.reacting import Symptom
from apps.infusions.services.vials import VialEntry
from ivig_monitor.demo.afterwards import Aftercare

_FAR_AHEAD = datetime(9000, 1, 1, tzinfo=UTC)
ADULT: dict[str, Any] = {
    "systolic_mmhg": 124,
    "diastolic_mmhg": 78,
    "pulse_per_min": 74,
    "respiratory_rate_per_min": 14,
    "spo2_percent": 98,
    "temperature_c": Decimal("36.7"),
    "oxygen_l_per_min": Decimal(0),
    "consciousness": Consciousness.ALERT,
}
CHILD: dict[str, Any] = ADULT | {
    "systolic_mmhg": 104,
    "diastolic_mmhg": 64,
    "pulse_per_min": 88,
    "respiratory_rate_per_min": 22,
    "capillary_refill_s": Decimal(2),
    "respiratory_effort": RespiratoryEffort.NORMAL,
}
_DRIFTING = {"systolic_mmhg": -1, "diastolic_mmhg": -1, "pulse_per_min": 1}


def vitals_at(at: datetime, usual: dict[str, Any], **changes: Any) -> Vitals:
    """A quiet set of vital signs that drifts a little with the minute."""
    values = usual | changes
    for sign, direction in _DRIFTING.items():
        values[sign] += direction * (at.minute % 5)
    return Vitals(effective_at=at, **values)


class Story:
    """One patient's course as their physician and nurse would have entered it."""

    def __init__(self, *, patient_id: int, physician: Staff, nurse: Staff, usual: dict[str, Any]) -> None:
        self.patient_id, self.physician, self.nurse = patient_id, physician, nurse
        self.usual = usual
        self.course_id = 0
        self.session: SessionRecord | None = None
        self.day_volume_ml = Decimal(0)

    def order(
        self,
        *,
        at: datetime,
        weight_kg: str = "70",
        days: int = 5,
        product: str = "kiovig",
        blood_group: str = "O",
        regimen: tuple[str, str] = ("nel_cidp", "initial"),
        dose_mg_per_kg: int = 2000,
    ) -> None:
        """Open a course; `regimen` is the code of an indication and of its regimen."""
        order = CourseOrder(
            indication_code=regimen[0],
            regimen_code=regimen[1],
            product_code=product,
            profile=PatientProfile(
                weight_kg=Decimal(weight_kg), weighed_on=at.date(), blood_group=blood_group, iga="normal"
            ),
            dose_mg_per_kg=Decimal(dose_mg_per_kg),
            days=days,
            starts_on=at.date(),
            setting="inpatient",
        )
        assessment = assess_order(
            user=self.physician, patient_id=self.patient_id, order=order, today=at.date()
        )
        course = open_course(
            performer=self.physician,
            patient_id=self.patient_id,
            order=order,
            answers={finding.code: "Seen for the demo" for finding in assessment.findings},
            signature=None,
            now=at,
        )
        self.course_id = course.pk
        self.day_volume_ml = course.infusion_days.first().volume_ml

    def start(
        self,
        *,
        at: datetime,
        day: int = 1,
        lot: str = "LOT-A1204",
        vials_ml: tuple[str, ...] = (),
        next_lot: str = "",
    ) -> None:
        """Start a day's infusion with a baseline taken two minutes before; the whole day hangs unless told.

        With `next_lot` the second vial and those after it are of that lot.
        """
        self.session = infusions.start_session(
            performer=self.nurse,
            course_id=self.course_id,
            day_number=day,
            baseline=vitals_at(at - timedelta(minutes=2), self.usual),
            vials=[
                VialEntry((place and next_lot) or lot, date(at.year + 1, 12, 31), Decimal(volume_ml))
                for place, volume_ml in enumerate(vials_ml or (self.day_volume_ml,))
            ],
            now=at,
        )

    def run(self, *, until: datetime, highest_step: int = 99) -> None:
        """Observe on time and confirm each step a minute after it was due."""
        while True:
            session = self._running
            step_at = session.step_due_at if session.step_index < highest_step else None
            dues = [at for at in (step_at, session.observation_due_at, session.finish_at) if at]
            at = min(dues)
            if at + timedelta(minutes=1) > until or at == session.finish_at:
                return
            self.observe(at=at)
            if at == step_at:
                self.session = infusions.confirm_step(
                    performer=self.nurse,
                    session_id=session.pk,
                    version=self._running.version,
                    now=at + timedelta(minutes=1),
                )

    def observe(self, *, at: datetime, **changes: Any) -> None:
        """One set of vital signs."""
        observation = infusions.record_observation(
            performer=self.nurse,
            session_id=self._running.pk,
            entry=ObservationEntry(vitals=vitals_at(at, self.usual, **changes)),
            now=at,
        )
        self.session = observation.session

    def react(self, *, at: datetime, term: str, severity: str, action: str, note: str) -> int:
        """A reaction, acted upon. Returns its number."""
        reaction = infusions.record_reaction(
            performer=self.nurse,
            session_id=self._running.pk,
            symptoms=[Symptom(term, severity)],
            onset_at=at,
            action=action,
            note=note,
            now=at,
        )
        return reaction.pk

    def gave(self, *, at: datetime, code: str, detail: str, reaction_id: int) -> None:
        """What was done or given for a reaction."""
        infusions.record_intervention(
            performer=self.nurse,
            session_id=self._running.pk,
            code=code,
            detail=detail,
            given_at=at,
            reaction_id=reaction_id,
            now=at,
        )

    def passed(self, *, at: datetime, reaction_id: int, note: str = "") -> None:
        """The physician said that a reaction has passed."""
        self.session = infusions.resolve_reaction(
            performer=self.physician,
            session_id=self._running.pk,
            reaction_id=reaction_id,
            now=at,
            note=note,
        )

    def watched(self, *, at: datetime) -> None:
        """Vital signs for as long as they are asked for after the infusion; what is late is taken at `at`."""
        while (due_at := self._refreshed().observation_due_at) is not None:
            self.observe(at=max(due_at, at))

    def finish(self, *, watch: bool = True) -> datetime:
        """Run to the end, complete, and watch until it is over. Returns when the infusion ended."""
        self.run(until=_FAR_AHEAD)
        session = self._running
        assert session.finish_at is not None
        self.session = infusions.complete_session(
            performer=self.nurse,
            session_id=session.pk,
            version=session.version,
            reason="",
            now=session.finish_at,
        )
        while watch and (due_at := self._running.observation_due_at) is not None:
            self.observe(at=due_at)
        return session.finish_at

    def given_before(
        self,
        *,
        last_day_at: datetime,
        days: int = 2,
        given: int | None = None,
        product: str = "octagam_10",
        **order: Any,
    ) -> Aftercare:
        """The days of a course that lie behind, at the same hour each; `given` of them, where not all."""
        given = given or days
        first_day_at = last_day_at - timedelta(days=given - 1)
        self.order(
            at=first_day_at - timedelta(hours=2), days=days, product=product, **{"weight_kg": "66"} | order
        )
        for day in range(1, given + 1):
            self.start(at=first_day_at + timedelta(days=day - 1), day=day, lot="LOT-A1204")
            self.finish()
        return self.aftercare()

    def aftercare(self) -> Aftercare:
        """What becomes of the patient after the infusions."""
        return Aftercare(self.patient_id, self.course_id, nurse=self.nurse, physician=self.physician)

    def _refreshed(self) -> SessionRecord:
        self.session = access_session(self.nurse, self._running.pk)
        return self.session

    @property
    def _running(self) -> SessionRecord:
        assert self.session is not None
        return self.session
