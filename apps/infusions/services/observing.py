"""Recording and correcting vital signs, and letting the bedside rules speak."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from apps.accounts.selectors import Action, Staff
from apps.infusions.domain import VITAL_SIGNS, Vitals
from apps.infusions.models import InfusionSession, Observation
from apps.infusions.rows import schedule_of, valid_observations
from apps.infusions.services.common import locked_session, refuse_without_reason
from apps.infusions.services.judging import judge_again, judged_now
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.ledger.statements import Columns

_OBSERVATION = Columns(Observation, "entry")


@dataclass(frozen=True, slots=True)
class NotDone:
    """Why a sign was not measured: `refused` or `not_possible`, and the reason in words."""

    code: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class ObservationEntry:
    """A set of vital signs as it is recorded; `not_done` by sign. `replaces` names the wrong entry it corrects."""

    vitals: Vitals
    not_done: Mapping[str, NotDone] = field(default_factory=dict)
    note: str = ""
    replaces: int | None = None
    reason: str = ""


def record_observation(
    *, performer: Staff, session_id: int, entry: ObservationEntry, now: datetime
) -> Observation:
    """Record vital signs; rules that fire raise or join alerts. Late and corrected entries run every rule again.

    Raises DomainError `observation_empty`, `observation_before_start`, `observation_entered_in_error`,
    `reason_needed`, `baseline_after_start`; ConflictError `session_not_open`.
    """
    if entry.vitals.is_empty and not entry.not_done:
        raise DomainError("observation_empty", N_("Enter at least one vital sign."))
    with unit_of_work():
        session = locked_session(performer, session_id)
        _refuse_unwatched(session, entry.vitals.effective_at)
        entering = entry.vitals.effective_at if entry.replaces is None else None
        before = judged_now(session, now, entering=entering)
        replaced = _mark_replaced(session, entry, performer=performer, now=now)
        row = store_observation(
            session,
            entry.vitals,
            performer=performer,
            now=now,
            not_done=entry.not_done,
            note=entry.note,
            is_baseline=replaced is not None and replaced.is_baseline,
            replaces=replaced,
        )
        _record(session, row, performer=performer, now=now, replaced=replaced)
        judge_again(session, before=before, performer=performer, now=now)
    return row


def mark_observation_in_error(
    *, performer: Staff, session_id: int, observation_id: int, reason: str, now: datetime
) -> InfusionSession:
    """A set was entered wrongly, or for another patient. It stays, marked, and counts no more.

    Raises DomainError `baseline_needed` for the only baseline, which can only be replaced.
    """
    with unit_of_work():
        session = locked_session(performer, session_id)
        row = _valid_observation(session, observation_id)
        if row.is_baseline:
            raise DomainError(
                "baseline_needed",
                N_("Every change is measured against the baseline: replace it with the right values."),
            )
        before = judged_now(session, now)
        _mark(row, reason, performer=performer, now=now)
        record_event(
            name="infusion.observation.entered_in_error",
            subject=f"session:{session.pk}",
            ward_id=session.ward_id,
            actor=actor_of(performer),
            now=now,
            occurred_at=row.effective_at,
            payload={"observation_id": row.pk, "reason": reason},
        )
        judge_again(session, before=before, performer=performer, now=now)
    return session


def set_spo2_scale(
    *, performer: Staff, session_id: int, scale: int, reason: str, now: datetime
) -> InfusionSession:
    """Score oxygen saturation by NEWS2's second scale, or by the first again: a physician's decision.

    Source: clinical facts 4.1 (confirmed hypercapnic respiratory failure only).
    """
    with unit_of_work():
        session = locked_session(performer, session_id, action=Action.DECIDE_AT_BEDSIDE)
        before = judged_now(session, now)
        scale_before, session.spo2_scale = session.spo2_scale, scale
        session.save(update_fields=["spo2_scale"])
        record_event(
            name="infusion.spo2_scale.changed",
            subject=f"session:{session.pk}",
            ward_id=session.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={"scale": scale, "reason": reason, "before": {"scale": scale_before}},
        )
        judge_again(session, before=before, performer=performer, now=now)
    return session


def store_observation(
    session: InfusionSession,
    vitals: Vitals,
    *,
    performer: Staff,
    now: datetime,
    not_done: Mapping[str, NotDone] | None = None,
    note: str = "",
    is_baseline: bool = False,
    replaces: Observation | None = None,
) -> Observation:
    """Write the row; rules and events are the caller's."""
    reasons = {sign: {"code": why.code, "reason": why.reason} for sign, why in (not_done or {}).items()}
    row = Observation(
        session=session,
        is_baseline=is_baseline,
        effective_at=vitals.effective_at,
        recorded_at=now,
        performer=performer,
        note=note,
        not_done=reasons,
        replaces=replaces,
        **{sign: getattr(vitals, sign) for sign in VITAL_SIGNS},
    )
    _OBSERVATION.insert(row)
    session.keep("observations", row)
    return row


def _refuse_unwatched(session: InfusionSession, effective_at: datetime) -> None:
    if session.started_at is None:
        raise ConflictError("session_not_open", N_("This infusion has not begun."))
    if session.watched_until is not None and effective_at > session.watched_until:
        raise ConflictError(
            "session_not_open", N_("This infusion has ended. Record later findings in the follow-up.")
        )
    earliest = session.started_at - timedelta(minutes=schedule_of(session).baseline_max_age_minutes)
    if effective_at < earliest:
        raise DomainError(
            "observation_before_start",
            N_("These vital signs lie before this infusion. Check the time."),
            extra={"field": "effective_at"},
        )


def _mark_replaced(
    session: InfusionSession, entry: ObservationEntry, *, performer: Staff, now: datetime
) -> Observation | None:
    if entry.replaces is None:
        return None
    refuse_without_reason(entry.reason)
    row = _valid_observation(session, entry.replaces)
    if row.is_baseline and session.started_at and entry.vitals.effective_at > session.started_at:
        raise DomainError(
            "baseline_after_start",
            N_("The baseline is from before the start of the infusion. Check the time."),
            extra={"field": "effective_at"},
        )
    _mark(row, entry.reason, performer=performer, now=now)
    return row


def _valid_observation(session: InfusionSession, observation_id: int) -> Observation:
    row = next((row for row in valid_observations(session) if row.pk == observation_id), None)
    if row is None:
        raise NotFoundError(
            "observation_entered_in_error",
            N_("This infusion has no such vital signs, or they were corrected already."),
        )
    return row


def _mark(row: Observation, reason: str, *, performer: Staff, now: datetime) -> None:
    row.status, row.status_reason = Observation.Status.ENTERED_IN_ERROR, reason
    row.status_changed_at, row.status_changed_by = now, performer
    row.save()


def _record(
    session: InfusionSession,
    row: Observation,
    *,
    performer: Staff,
    now: datetime,
    replaced: Observation | None,
) -> None:
    record_event(
        name="infusion.observation.corrected" if replaced else "infusion.observation.recorded",
        subject=f"session:{session.pk}",
        ward_id=session.ward_id,
        actor=actor_of(performer),
        now=now,
        occurred_at=row.effective_at,
        payload={
            "observation_id": row.pk,
            **({"replaces": replaced.pk, "reason": replaced.status_reason} if replaced else {}),
            **({"before": _values(replaced)} if replaced else {}),
            **_values(row),
            **({"not_done": row.not_done} if row.not_done else {}),
        },
    )


def _values(row: Observation) -> dict[str, str]:
    signs = {sign: getattr(row, sign) for sign in VITAL_SIGNS}
    return {sign: str(value) for sign, value in signs.items() if value is not None}
