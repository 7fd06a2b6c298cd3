"""What the bedside rules make of a session after an entry: alerts raised and resolved, the next set due.

The rules look at the whole series in order of effective time, so late, repeated and corrected entries end where
the right ones in the right order would have ended.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.domain.escalation import Priority
from apps.alerts.services import Condition, raise_alert, resolve_alerts
from apps.alerts.standing import has_taken
from apps.infusions.domain import FINAL_STATES, Finding, SessionState
from apps.infusions.domain.bedside_rules import Fired, Series, current, fired
from apps.infusions.dues import OBSERVATION
from apps.infusions.models import InfusionSession
from apps.infusions.reactions import open_reactions
from apps.infusions.rows import guidelines_of, valid_observations, valid_reactions
from apps.infusions.services.common import observation_overdue_at, plan_observation, schedule_observation
from apps.infusions.services.ending import close_watch
from apps.infusions.services.rechecking import plan_rechecks
from apps.infusions.watching import series_of
from apps.kernel.text import N_

MESSAGE_OVERDUE = N_("Vital signs are overdue: they were due %(minutes)s minutes ago.")
_URGENCY = {"high": 0, "medium": 1, "low": 2}


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules had found before an entry; `since` when nothing before that moment can change by it."""

    found: tuple[Fired, ...] = ()
    since: datetime | None = None


def judged_now(session: InfusionSession, now: datetime, *, entering: datetime | None = None) -> Judged:
    """Every finding of the session in order of effective time; none before the start.

    `entering`: one more set of that bedside time is all that will be entered. When it is the newest, what was
    found stands, and only what it brings need be judged.
    """
    if session.started_at is None:
        return Judged()
    if entering is not None and all(moment < entering for moment in _moments(session)):
        return Judged(since=entering)
    return Judged(fired(series_of(session, now), guidelines_of(session).observation_rules))


def _moments(session: InfusionSession) -> Iterator[datetime]:
    """When something that counts was measured or seen."""
    yield from (row.effective_at for row in valid_observations(session))
    yield from (row.onset_at for row in valid_reactions(session))


def judge_again(session: InfusionSession, *, before: Judged, performer: Staff, now: datetime) -> None:
    """Raise what is new, resolve what is gone, and plan the next set of a locked session."""
    series, rules = series_of(session, now), guidelines_of(session).observation_rules
    after = fired(series, rules, since=before.since) if session.started_at else ()
    known = {found.key for found in before.found}
    mistaken = _resolve_mistaken(session, before.found, after, performer=performer, now=now)
    for group in dict.fromkeys(found.finding.group for found in after):
        found = [one for one in after if one.finding.group == group]
        fresh = [one for one in found if group in mistaken or one.key not in known]
        if fresh:
            _raise(session, _speaker(fresh), now)
    _resolve_quiet(session, series, now)
    plan_rechecks(session, performer=performer, now=now)
    plan_next_observation(session, performer=performer, now=now)


def plan_next_observation(session: InfusionSession, *, performer: Staff, now: datetime) -> None:
    """When the next set is due, and the end of the watch once none is."""
    subject = f"session:{session.pk}"
    planned = (session.observation_due_at, session.asked)
    plan_observation(session, now)
    if session.observation_due_at is None:
        if SessionState(session.state) in FINAL_STATES and session.watched_until is None:
            _end_watch_unless_reacting(session, performer=performer, now=now)
        return
    if session.observation_due_at <= now and OBSERVATION not in session.asked:
        session.asked = [*session.asked, OBSERVATION]
    if (session.observation_due_at, session.asked) != planned:
        session.save(update_fields=["observation_due_at", "asked"])
        schedule_observation(session)
    if observation_overdue_at(session) <= now:
        raise_overdue(session, now)
    else:
        resolve_alerts(subject=subject, codes=frozenset({"observation_overdue"}), done_by=performer, now=now)


def _end_watch_unless_reacting(session: InfusionSession, *, performer: Staff, now: datetime) -> None:
    """No planned set is left. While a reaction is open its rechecks go on, and with them the watch."""
    if not open_reactions(session):
        close_watch(session, performer=performer, reason="", now=now)
        return
    session.save(update_fields=["observation_due_at", "asked"])
    resolve_alerts(
        subject=f"session:{session.pk}",
        codes=frozenset({"observation_overdue"}),
        done_by=performer,
        now=now,
    )


def raise_overdue(session: InfusionSession, now: datetime) -> None:
    """Nobody measured in time: an alert."""
    assert session.observation_due_at is not None
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=f"session:{session.pk}",
        condition=Condition(
            code="observation_overdue",
            priority=Priority.MEDIUM,
            message=MESSAGE_OVERDUE,
            params={"minutes": int((now - session.observation_due_at).total_seconds() // 60)},
            due_at=observation_overdue_at(session),
        ),
        now=now,
    )


def _speaker(found: list[Fired]) -> Finding:
    """The most urgent, and of these the newest."""
    return min(reversed(found), key=lambda one: _URGENCY[one.finding.priority]).finding


def _raise(session: InfusionSession, finding: Finding, now: datetime) -> None:
    raise_alert(
        ward_id=session.ward_id,
        patient_id=session.patient_id,
        subject=f"session:{session.pk}",
        condition=Condition(
            code=finding.group,
            priority=Priority(finding.priority),
            message=finding.message,
            params=finding.params,
            source=finding.source,
        ),
        now=now,
    )


def _resolve_mistaken(
    session: InfusionSession,
    before: Iterable[Fired],
    after: Iterable[Fired],
    *,
    performer: Staff,
    now: datetime,
) -> frozenset[str]:
    """What was found, or as urgent, only on a wrong entry is gone for good. Returns the codes of such alerts."""
    subject, worst_after = f"session:{session.pk}", _worst(after)
    eased = {
        group
        for group, urgency in _worst(before).items()
        if group not in worst_after or worst_after[group] > urgency
    }
    return resolve_alerts(subject=subject, codes=frozenset(eased), done_by=performer, now=now)


def _worst(found: Iterable[Fired]) -> dict[str, int]:
    worst: dict[str, int] = {}
    for one in found:
        urgency = _URGENCY[one.finding.priority]
        worst[one.finding.group] = min(urgency, worst.get(one.finding.group, urgency))
    return worst


def _resolve_quiet(session: InfusionSession, series: Series, now: datetime) -> None:
    """What is no longer so is over once it was taken."""
    rules = guidelines_of(session).observation_rules
    if not has_taken(f"session:{session.pk}"):
        return
    firing = {finding.group for finding in current(series, rules)}
    quiet = frozenset(rule.group for rule in rules) - firing
    resolve_alerts(subject=f"session:{session.pk}", codes=quiet, now=now)
