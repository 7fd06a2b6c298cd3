"""Looking again: vital signs while a reaction is open, and the patient after a drug that may be repeated."""

from dataclasses import asdict
from datetime import datetime, timedelta

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.infusions.dues import RECHECK, RECHECK_ALERT, REPEAT, REPEAT_ALERT
from apps.infusions.models import InfusionSession, Intervention, Reaction
from apps.infusions.reactions import (
    last_look,
    open_reactions,
    recheck_due,
    repeat_due,
    valid_interventions,
    with_reaction_data,
)
from apps.infusions.watching import reaction_term_of
from apps.kernel.text import N_
from apps.ledger.services import schedule_timer

MESSAGE_RECHECK = N_("Recheck: no vital signs for %(minutes)s minutes while a reaction is open (%(term)s).")
MESSAGE_REPEAT = N_(
    "%(what)s was given %(minutes)s minutes ago: assess again. The source repeats it if the patient is no better."
)


def plan_rechecks(session: InfusionSession, *, performer: Staff, now: datetime) -> None:
    """When each open reaction of a locked session wants vital signs again; late ones are an alert."""
    if session.watched_until is not None:
        return
    late = []
    for row in open_reactions(session):
        row.recheck_due_at = due_at = recheck_due(row)
        row.save(update_fields=["recheck_due_at"])
        schedule_timer(
            kind=RECHECK,
            subject=f"session:{session.pk}",
            occurrence=f"{row.pk}:{due_at.isoformat()}",
            due_at=due_at,
            ward_id=session.ward_id,
            priority=2,
            payload={"reaction_id": row.pk},
        )
        if due_at <= now:
            late.append(row)
    for row in late:
        raise_recheck(row, now)
    if not late:
        _resolve(session, RECHECK_ALERT, performer=performer, now=now)


def raise_recheck(row: Reaction, now: datetime) -> None:
    """Nobody measured although a reaction is open: an alert."""
    _raise(
        row.session,
        Condition(
            code=RECHECK_ALERT,
            priority=Priority.MEDIUM,
            message=MESSAGE_RECHECK,
            params={
                "minutes": _minutes(now - last_look(row)),
                "term": asdict(reaction_term_of(row.session, row.term).name),
            },
        ),
        now,
    )


def plan_repeat(row: Intervention, *, now: datetime) -> None:
    """Ask for a second look after a drug that may be repeated."""
    due_at = repeat_due(row)
    if due_at is None:
        return
    schedule_timer(
        kind=REPEAT,
        subject=f"session:{row.session_id}",
        occurrence=f"{row.pk}:{due_at.isoformat()}",
        due_at=due_at,
        ward_id=row.session.ward_id,
        priority=1,
        payload={"intervention_id": row.pk},
    )


def raise_repeat(row: Intervention, now: datetime) -> None:
    """It is time to look whether the drug must be given again: an alert."""
    kind = with_reaction_data(row.session).intervention(row.code)
    _raise(
        row.session,
        Condition(
            code=REPEAT_ALERT,
            priority=Priority.HIGH,
            message=MESSAGE_REPEAT,
            params={"what": asdict(kind.name), "minutes": _minutes(now - row.given_at)},
            source=kind.citation.label,
        ),
        now,
    )


def settle_repeats(session: InfusionSession, *, performer: Staff, now: datetime) -> None:
    """Close the call for a second look once nothing given waits for one any more."""
    if not _waiting(session, now):
        _resolve(session, REPEAT_ALERT, performer=performer, now=now)


def call_for_repeats(session: InfusionSession, *, now: datetime) -> None:
    """Raise what waits for a second look again, after the entry that had answered it turned out wrong."""
    for row in _waiting(session, now):
        raise_repeat(row, now)


def _waiting(session: InfusionSession, now: datetime) -> list[Intervention]:
    rows = valid_interventions(session).select_related("reaction")
    due = ((row, repeat_due(row)) for row in rows)
    return [row for row, due_at in due if due_at is not None and due_at <= now]


def _raise(session: InfusionSession, condition: Condition, now: datetime) -> None:
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=f"session:{session.pk}",
        condition=condition,
        now=now,
    )


def _resolve(session: InfusionSession, code: str, *, performer: Staff, now: datetime) -> None:
    resolve_alerts(subject=f"session:{session.pk}", codes=frozenset({code}), done_by=performer, now=now)


def _minutes(passed: timedelta) -> int:
    return int(passed.total_seconds() // 60)
