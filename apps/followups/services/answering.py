"""What was found out: the answers of a patient, and the outcome of a check."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from apps.accounts.selectors import Action, Staff
from apps.alerts.domain.escalation import Priority
from apps.followups.domain.outcomes import AnswerOutcome, outcome_of
from apps.followups.domain.screening import Judgement, judge_answers, parse_answers
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.script import Script, hours_since_last_dose, script_of
from apps.followups.selectors import access_check
from apps.followups.services.attempting import note_in_vain
from apps.followups.services.closing import refuse_closed, settle
from apps.followups.services.common import MESSAGE_SUSPECTED, raise_about, record
from apps.followups.services.flagging import raise_red_flags, tell_of_symptoms
from apps.followups.services.planning import plan_in_turn
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

Source = Literal["call", "visit", "self_report"]


def answer_check(
    *,
    check_id: int,
    answers: Mapping[str, str],
    note: str,
    source: Source,
    performer: Staff | None,
    now: datetime,
    complete: bool = True,
) -> FollowUpCheck:
    """Keep a patient's answers (symptom code -> yes, no, unknown) and judge them.

    A red flag raises its alert and opens the adverse event at once, and once; with `complete` the check is done by
    it. Without one it is done only when every required question has a yes or a no; what is not known leaves it
    waiting. `complete=False` keeps what there is so far: later answers of the same source join it. Only a
    `self_report` has no performer. Source: clinical facts 8, 8.1.

    Raises ConflictError `check_closed`, DomainError `nothing_to_ask`, `symptom_unknown`, `answer_unknown` or
    `nothing_answered`, NotFoundError.
    """
    with unit_of_work():
        _plan_in_turn(check_id)
        check = _locked(check_id, performer, source)
        refuse_closed(check)
        script = script_of(check, now=now)
        if not script.asked:
            raise DomainError(
                "nothing_to_ask", N_("This check has no questions. Record its outcome instead.")
            )
        given = parse_answers(answers, script.every)
        attempt = _attempt(check, source)
        attempt.answers = {**attempt.answers, **{code: answer.value for code, answer in given.items()}}
        if not attempt.answers:
            raise DomainError(
                "nothing_answered", N_("Answer at least one question, or say that nobody was reached.")
            )
        judgement = judge_answers(
            questions=script.asked,
            answers=parse_answers(attempt.answers, script.every),
            hours_since_last_dose=hours_since_last_dose(check, now=now),
            also=script.every,
        )
        outcome = outcome_of(judgement, handed_in=complete)
        raised_before = set(attempt.flags)
        _keep(attempt, judgement, outcome, note=note, performer=performer, now=now)
        check.next_attempt_at = None
        if outcome.settles:
            settle(check, done_by=performer, now=now)
        else:
            check.save(update_fields=["next_attempt_at"])
        fresh = raise_red_flags(check, judgement, raised_before, script.every, now, heard_by=performer)
        if outcome is AnswerOutcome.SYMPTOMS and performer is None:
            tell_of_symptoms(check, judgement, script.every, now)
        name = _event(outcome, fresh=fresh)
        _record(check, name, attempt, judgement, script, given={**given}, performer=performer, now=now)
    return check


def record_outcome(
    *,
    performer: Staff,
    check_id: int,
    outcome: str,
    note: str,
    now: datetime,
    next_attempt_at: datetime | None = None,
) -> FollowUpCheck:
    """Record an attempt in somebody's own judgement. `unreachable` leaves the check waiting; the others complete it.

    After `unreachable` the patient is tried again at `next_attempt_at`, proposed where it is not given. Raises
    ConflictError `check_closed` when somebody completed or superseded it before, DomainError `outcome_unknown` or
    `next_attempt_past`.
    """
    with unit_of_work():
        _plan_in_turn(check_id)
        check = access_check(performer, check_id, Action.RECORD_FOLLOW_UP, for_update=True)
        refuse_closed(check)
        if outcome == FollowUpCheck.Outcome.UNREACHABLE:
            note_in_vain(check, performer=performer, note=note, next_attempt_at=next_attempt_at, now=now)
            return check
        if outcome not in (FollowUpCheck.Outcome.NO_EFFECT, FollowUpCheck.Outcome.SUSPECTED):
            raise DomainError("outcome_unknown", N_("Say no_effect, suspected or unreachable."))
        FollowUpAttempt.objects.create(
            check_done=check, outcome=outcome, note=note, recorded_by=performer, recorded_at=now
        )
        settle(check, done_by=performer, now=now)
        if outcome == FollowUpCheck.Outcome.SUSPECTED:
            raise_about(check, "delayed_effect_suspected", Priority.HIGH, MESSAGE_SUSPECTED, now)
        record(check, f"followup.check.{outcome}", actor_of(performer), now, note=note)
    return check


def _plan_in_turn(check_id: int) -> None:
    """What is told may plan the course again: whoever plans holds the course's turn before any check."""
    course_id = FollowUpCheck.objects.filter(pk=check_id).values_list("course_id", flat=True).first()
    if course_id is not None:
        plan_in_turn(course_id)


def _locked(check_id: int, performer: Staff | None, source: Source) -> FollowUpCheck:
    if performer is not None:
        return access_check(performer, check_id, Action.RECORD_FOLLOW_UP, for_update=True)
    checks = FollowUpCheck.objects.select_related("patient__ward", "ward").select_for_update(of=("self",))
    check = checks.filter(pk=check_id).first() if source == "self_report" else None
    if check is None:
        raise NotFoundError("not_found", N_("There is no such follow-up check."))
    return check


def _attempt(check: FollowUpCheck, source: Source) -> FollowUpAttempt:
    """The attempt that is being filled in from this source, or a new one."""
    started = FollowUpAttempt.objects.filter(
        check_done=check, source=source, outcome=FollowUpCheck.Outcome.PARTIAL
    ).first()
    return started or FollowUpAttempt(check_done=check, source=source)


def _keep(
    attempt: FollowUpAttempt,
    judgement: Judgement,
    outcome: AnswerOutcome,
    *,
    note: str,
    performer: Staff | None,
    now: datetime,
) -> None:
    attempt.outcome = outcome.value
    # An answer taken back later does not undo what was raised for it.
    held = [flag.code for flag in (*judgement.flags, *judgement.notices)]
    attempt.flags = [*dict.fromkeys([*held, *attempt.flags])]
    attempt.note = note or attempt.note
    attempt.recorded_by, attempt.recorded_at = performer, now
    attempt.save()


def _event(outcome: AnswerOutcome, *, fresh: bool) -> str:
    if outcome is not AnswerOutcome.PARTIAL:
        return f"followup.check.{outcome}"
    return "followup.check.suspected" if fresh else "followup.check.answered"


def _record(
    check: FollowUpCheck,
    name: str,
    attempt: FollowUpAttempt,
    judgement: Judgement,
    script: Script,
    *,
    given: Mapping[str, str],
    performer: Staff | None,
    now: datetime,
) -> None:
    payload: dict[str, Any] = {
        "code": check.code,
        "effect": check.effect,
        "term": _term(judgement, check),
        "symptoms": list(judgement.reported),
        "flags": attempt.flags,
        "answers": dict(given),
        "unknown": [*judgement.unanswered, *judgement.unknown],
        "source": attempt.source,
        "patient_id": check.patient_id,
        "session_id": check.session_id,
        "due_at": check.due_at.isoformat(),
        "note": attempt.note,
    }
    record_event(
        name=name,
        subject=f"check:{check.pk}",
        ward_id=check.ward_id,
        actor=actor_of(performer),
        now=now,
        payload=payload,
    )


def _term(judgement: Judgement, check: FollowUpCheck) -> str:
    """What the adverse event is called: what the most urgent red flag speaks for, else the first symptom itself."""
    if judgement.flags:
        return judgement.flags[0].effects[0]
    return judgement.reported[0] if judgement.reported else check.effect
