"""What the rules make of a patient's results after an entry: alerts raised and resolved, findings told.

The rules look at the whole series in order of the time the samples were taken, so that late, repeated and corrected
entries end where the right ones in the right order would have ended.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.alerts.standing import has_taken
from apps.guidelines.selectors import current_guidelines
from apps.kernel.text import fill_in_english
from apps.laboratory.domain.findings import CODES, URGENCY_RANK, Finding, current, judge
from apps.laboratory.rows import results_of, series_of, situation_of
from apps.ledger.services import actor_of, record_event
from apps.patients.selectors import PatientRecord

SUSPECTED = "laboratory.finding.suspected"
WITHDRAWN = "laboratory.finding.withdrawn"


def judged_now(patient: PatientRecord) -> tuple[Finding, ...]:
    """Every finding of a patient in order of time, by today's guidelines."""
    guidelines = current_guidelines()
    series = series_of(results_of(patient.pk), guidelines)
    return judge(series, guidelines=guidelines, situation=situation_of(patient))


def judge_again(
    patient: PatientRecord, *, before: Sequence[Finding], performer: Staff, now: datetime
) -> None:
    """Raise what is new, resolve what is gone, tell of findings that came or rested on a wrong entry alone."""
    guidelines = current_guidelines()
    series = series_of(results_of(patient.pk), guidelines)
    after = judge(series, guidelines=guidelines, situation=situation_of(patient))
    known = {finding.key for finding in before}
    mistaken = _resolve_mistaken(patient, before, after, performer=performer, now=now)
    for code in CODES:
        found = [finding for finding in after if finding.code == code]
        fresh = [finding for finding in found if code in mistaken or finding.key not in known]
        if fresh:
            _raise(patient, _speaker(fresh), now)
    _tell(patient, before, after, performer=performer, now=now)
    _resolve_quiet(patient, {finding.code for finding in current(after, series)}, now)


def _raise(patient: PatientRecord, finding: Finding, now: datetime) -> None:
    raise_alert(
        ward_id=patient.ward_id,
        patient_id=patient.pk,
        subject=_subject(patient),
        condition=Condition(
            code=finding.code,
            priority=Priority(finding.urgency),
            message=finding.message,
            params=finding.params,
            source=finding.source,
        ),
        now=now,
    )


def _tell(
    patient: PatientRecord,
    before: Sequence[Finding],
    after: Sequence[Finding],
    *,
    performer: Staff,
    now: datetime,
) -> None:
    """An event for each rule and course whose worst finding came, changed or went."""
    courses = {one.session_id: one.course_id for one in situation_of(patient).infusions}
    told, telling = _worst_of_courses(before, courses), _worst_of_courses(after, courses)
    for place, finding in telling.items():
        if place not in told or told[place].key != finding.key or told[place].params != finding.params:
            _record(SUSPECTED, patient, finding, performer=performer, now=now)
    for place, finding in told.items():
        if place not in telling:
            _record(WITHDRAWN, patient, finding, performer=performer, now=now)


def _worst_of_courses(
    found: Iterable[Finding], courses: Mapping[int, int]
) -> dict[tuple[str, int | None], Finding]:
    """For each rule and course the worst finding that opens an adverse event, and of these the first.

    What began between two days of a course and goes on after the next one is one effect, not one of each day.
    `courses` are those of the infusions, by number.
    """
    worst: dict[tuple[str, int | None], Finding] = {}
    for finding in found:
        course = None if finding.session_id is None else courses.get(finding.session_id)
        place = (finding.code, course)
        if finding.opens_event and (place not in worst or finding.rank < worst[place].rank):
            worst[place] = finding
    return worst


def _record(name: str, patient: PatientRecord, finding: Finding, *, performer: Staff, now: datetime) -> None:
    record_event(
        name=name,
        subject=_subject(patient),
        ward_id=patient.ward_id,
        actor=actor_of(performer),
        now=now,
        occurred_at=finding.at,
        payload={
            "patient_id": patient.pk,
            "code": finding.code,
            "level": finding.level,
            "effect": finding.effect,
            "session_id": finding.session_id,
            "explanation": fill_in_english(finding.message, finding.params),
            "source": finding.source,
            "results": list(finding.rests_on),
        },
    )


def _resolve_mistaken(
    patient: PatientRecord,
    before: Iterable[Finding],
    after: Iterable[Finding],
    *,
    performer: Staff,
    now: datetime,
) -> frozenset[str]:
    """What was found, or as urgent, only on a wrong entry is gone for good. Returns the codes of such alerts."""
    worst_after = _worst(after)
    eased = {
        code
        for code, urgency in _worst(before).items()
        if code not in worst_after or worst_after[code] > urgency
    }
    if not eased:
        return frozenset()
    return resolve_alerts(subject=_subject(patient), codes=frozenset(eased), done_by=performer, now=now)


def _resolve_quiet(patient: PatientRecord, standing: set[str], now: datetime) -> None:
    """What the newest results no longer say is over once it was taken."""
    if has_taken(_subject(patient)):
        resolve_alerts(subject=_subject(patient), codes=frozenset(CODES) - standing, now=now)


def _speaker(fresh: Sequence[Finding]) -> Finding:
    """The worst, and of these the newest."""
    return min(reversed(fresh), key=lambda finding: finding.rank)


def _worst(found: Iterable[Finding]) -> dict[str, int]:
    worst: dict[str, int] = {}
    for finding in found:
        urgency = URGENCY_RANK[finding.urgency]
        worst[finding.code] = min(urgency, worst.get(finding.code, urgency))
    return worst


def _subject(patient: PatientRecord) -> str:
    return f"laboratory:{patient.pk}"
