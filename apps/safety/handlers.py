"""Events that open an adverse event."""

from datetime import datetime
from typing import Any

from apps.alerts.services import resolve_alerts
from apps.followups.selectors import CheckRecord, get_check, holds_by_word, last_attempt
from apps.followups.services import note_fact
from apps.infusions.selectors import (
    begun_infusions,
    course_of_session,
    infusion_at,
    reaction_account,
    reactions_of,
)
from apps.ledger.types import RecordedEvent
from apps.safety.selectors import (
    AdverseEventRecord,
    awaits_review,
    event_of_origin,
    get_event,
    terms_of_course,
    told_by_results,
)
from apps.safety.services import (
    fill_in_adverse_event,
    open_adverse_event,
    reinstate_adverse_event,
    withdraw_adverse_event,
)

# What an adverse event tells the planner of a course, by its term (clinical facts 5.1: D-02, D-03, D-04, D-05). A
# suspicion is enough: more is asked at once, and a physician takes it back.
_SUSPECTED = {
    "hemolysis": "hemolysis_suspected",
    "dark_urine": "hemolysis_suspected",
    "acute_renal_failure": "kidney_injury_suspected",
    "venous_thrombosis": "thrombosis_suspected",
    "arterial_thrombosis": "thrombosis_suspected",
}
_LABORATORY = "laboratory"
_OF_LABORATORY = f"{_LABORATORY}:"  # followups hears of the finding itself


def open_from_reaction(event: RecordedEvent) -> None:
    """A reaction during the infusion is an adverse event."""
    reaction = reaction_account(event.payload["reaction_id"])
    open_adverse_event(
        origin=reaction.origin,
        moment=infusion_at(reaction.session_id, reaction.onset_at),
        term=reaction.term,
        severity=reaction.severity,
        onset_at=reaction.onset_at,
        action=reaction.action,
        note=reaction.note,
        reported_by=reaction.performer,
        now=event.recorded_at,
        details=reaction.details,
    )


def fill_in_from_infusion(event: RecordedEvent) -> None:
    """What was described, done or measured since belongs to the adverse event's record, signed or not."""
    for reaction in reactions_of(event.subject_id):
        fill_in_adverse_event(
            origin=reaction.origin,
            term=reaction.term,
            severity=reaction.severity,
            note=reaction.note,
            details=reaction.details,
        )
        if reaction.term in _SUSPECTED:
            _suspect_what_was_told(reaction.origin, event)


def withdraw_mistaken_reaction(event: RecordedEvent) -> None:
    """A reaction that was none is no adverse event."""
    withdraw_adverse_event(
        origin=reaction_account(event.payload["reaction_id"]).origin,
        actor=event.actor,
        reason=event.payload["reason"],
        now=event.recorded_at,
    )


def open_from_follow_up(event: RecordedEvent) -> None:
    """A delayed effect suspected at follow-up, or a symptom told there, is an adverse event.

    A patient's own report has nobody who recorded it. What is told later at the same check joins it. Where the
    results opened one for this effect of the course already, whoever closes their check says the same once more.
    It is filled in from the infusion that began last, also when the check is one of an earlier course.
    """
    check = get_check(event.subject_id)
    if check.kind == _LABORATORY and told_by_results(check.course_id, check.effect):
        return
    attempt = last_attempt(check.pk)
    told = {
        "term": event.payload.get("term", check.effect),
        "severity": "",
        "note": attempt.note,
        "details": {
            "symptoms": [{"term": code, "severity": ""} for code in event.payload.get("symptoms", [])]
        },
    }
    open_adverse_event(
        origin=f"check:{check.pk}",
        moment=infusion_at(_last_begun(check, event.occurred_at), event.occurred_at),
        onset_at=event.occurred_at,
        action="",
        reported_by=attempt.recorded_by,
        now=event.recorded_at,
        **told,
    )
    fill_in_adverse_event(origin=f"check:{check.pk}", **told)
    _suspect_what_was_told(f"check:{check.pk}", event)


def _last_begun(check: CheckRecord, at: datetime) -> int:
    begun = [one.session_id for one in begun_infusions(check.patient_id) if one.started_at <= at]
    return begun[-1] if begun else check.session_id


def open_from_laboratory(event: RecordedEvent) -> None:
    """A finding in the laboratory after an infusion is an adverse event, one for each effect of a course.

    A worse one brings it up to date.

    Without an infusion in the time before there is nothing it could be an effect of.
    """
    if event.payload["session_id"] is None:
        return
    origin, details = _laboratory_origin(event), _laboratory_details(event)
    opened = open_adverse_event(
        origin=origin,
        moment=infusion_at(event.payload["session_id"], event.occurred_at),
        term=event.payload["effect"],
        severity="",
        onset_at=event.occurred_at,
        action="",
        note=event.payload["explanation"],
        reported_by=None,
        now=event.recorded_at,
        details=details,
    )
    if opened.details != details:
        reinstate_adverse_event(origin=origin, actor=event.actor, now=event.recorded_at)
        fill_in_adverse_event(
            origin=origin,
            term=event.payload["effect"],
            severity="",
            note=event.payload["explanation"],
            details=details,
        )


def withdraw_from_laboratory(event: RecordedEvent) -> None:
    """A finding that rested on a wrong result alone is no adverse event."""
    if event.payload["session_id"] is not None:
        withdraw_adverse_event(
            origin=_laboratory_origin(event),
            actor=event.actor,
            reason="the laboratory result it rested on was entered in error or corrected",
            now=event.recorded_at,
        )


def tell_planner(event: RecordedEvent) -> None:
    """An adverse event came, came back or was a mistake: follow-up is planned by what is suspected now."""
    found = get_event(event.subject_id)
    fact = _fact_of(found)
    if fact is None:
        return
    stands = event.name != "safety.adverse_event.entered_in_error"
    others = terms_of_course(found.course_id, other_than=_OF_LABORATORY)
    if stands or (holds_by_word(found.course_id, fact) and fact not in map(_SUSPECTED.get, others)):
        _note(found, fact, event, holds=stands)


def _suspect_what_was_told(origin: str, event: RecordedEvent) -> None:
    """More is known of an adverse event that was opened before. What somebody has taken back stays taken back."""
    found = event_of_origin(origin)
    fact = _fact_of(found) if found is not None else None
    if found is not None and fact is not None and holds_by_word(found.course_id, fact) is None:
        _note(found, fact, event, holds=True)


def _fact_of(found: AdverseEventRecord) -> str | None:
    return None if found.origin.startswith(_OF_LABORATORY) else _SUSPECTED.get(found.term)


def _note(found: AdverseEventRecord, fact: str, event: RecordedEvent, *, holds: bool) -> None:
    was = "is suspected" if holds else "was entered in error"
    note_fact(
        course_id=found.course_id,
        fact=fact,
        holds=holds,
        reason=f"adverse event {found.pk}: {found.term} {was}",
        performer=None,
        now=event.recorded_at,
    )


def close_alerts_after_review(event: RecordedEvent) -> None:
    """The call for a review was taken, and there is nothing to review any more."""
    kind, _, number = str(event.payload["about"]).partition(":")
    if kind == "adverse_event" and not awaits_review(int(number)):
        resolve_alerts(subject=f"{kind}:{number}", now=event.recorded_at)


def _laboratory_origin(event: RecordedEvent) -> str:
    payload = event.payload
    course_id = course_of_session(payload["session_id"])
    return f"laboratory:{payload['patient_id']}:{payload['code']}:course-{course_id}"


def _laboratory_details(event: RecordedEvent) -> dict[str, Any]:
    return {"laboratory": {name: event.payload[name] for name in ("code", "level", "source", "results")}}
