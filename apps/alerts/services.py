"""Writers of alerts."""

from dataclasses import dataclass
from datetime import datetime

from apps.accounts.selectors import Action, Staff
from apps.alerts.calling import call_out, people_called
from apps.alerts.delivery.messages import outcome_of, withdraw_messages
from apps.alerts.domain.escalation import (
    Hop,
    Ladder,
    Level,
    Priority,
    awaits,
    hopped,
    start,
    taken,
    worsened,
)
from apps.alerts.domain.escalation import (
    physician_at_once as called_at_once,
)
from apps.alerts.models import Alert, AlertHop
from apps.alerts.selectors import access_alert
from apps.alerts.standing import standing, stands, stands_no_more
from apps.edge.messages import params_to_json
from apps.kernel.text import Params
from apps.ledger.services import actor_of, cancel_timers, record_event, schedule_timer, unit_of_work
from apps.ledger.types import DueTimer

ESCALATE = "alert.escalate"
_RANK = {Priority.HIGH: 0, Priority.MEDIUM: 1, Priority.LOW: 2}


@dataclass(frozen=True, slots=True)
class Condition:
    """What is wrong: a rule's code, how urgent, a sentence with its numbers, and where it comes from."""

    code: str
    priority: Priority
    message: str
    params: Params
    source: str = ""


def raise_alert(
    *,
    ward_id: int,
    patient_id: int | None,
    subject: str,
    condition: Condition,
    now: datetime,
    physician_at_once: bool = False,
    for_officers: bool = False,
) -> Alert:
    """Raise an alert, or join the open one for this subject and code.

    A repeat brings the newest numbers, but a milder one never softens an alert nobody has taken. A repeat
    re-opens an acknowledged alert only when it became more urgent; it then climbs anew. More urgent while
    nobody has taken it, it climbs on by the shorter times. `physician_at_once`: whenever it begins to climb the
    physician is called with the nurses, not after them. `for_officers`: it is for pharmacovigilance, who find it with
    their cases; no board shows it and nobody is called.
    """
    with unit_of_work():
        alert = standing(subject).get(condition.code)
        if alert is None:
            alert = Alert(ward_id=ward_id, patient_id=patient_id, subject=subject, code=condition.code)
            alert.raised_at = now
            if for_officers:
                return _raise_for_officers(alert, condition, now)
            hop = _stand(alert, *_first(start(condition.priority), physician_at_once))
            _describe(alert, condition)
            stands(alert)
            _schedule(alert, hop, now)
            _record(alert, "alert.raised", actor_of(None), now)
            return alert
        alert.repeated_at = now
        sharper = _RANK[condition.priority] < _RANK[Priority(alert.priority)]
        milder = _RANK[condition.priority] > _RANK[Priority(alert.priority)]
        if sharper and not for_officers:
            cancel_timers(subject=f"alert:{alert.pk}", kinds=(ESCALATE,))
            _schedule(alert, _climb_on(alert, condition.priority, physician_at_once), now)
        if alert.state == Alert.State.ACKNOWLEDGED or not milder:
            _describe(alert, condition)
        else:
            alert.save()
        _record(alert, "alert.repeated", actor_of(None), now)
    return alert


def _raise_for_officers(alert: Alert, condition: Condition, now: datetime) -> Alert:
    alert.audience = Alert.Audience.OFFICERS
    _describe(alert, condition)
    stands(alert)
    _record(alert, "alert.raised", actor_of(None), now)
    return alert


def acknowledge_alert(*, performer: Staff, alert_id: int, now: datetime) -> Alert:
    """Take an alert: everyone on the ward sees who and when. Taking it twice keeps the first name."""
    with unit_of_work():
        alert = access_alert(performer, alert_id, Action.ACKNOWLEDGE_ALERT, for_update=True)
        if alert.state == Alert.State.RAISED:
            alert.state = Alert.State.ACKNOWLEDGED
            alert.acknowledged_at, alert.acknowledged_by = now, performer
            _stop_climbing(alert)
            alert.save()
            _record(alert, "alert.acknowledged", actor_of(performer), now)
    return alert


def resolve_alerts(
    *,
    subject: str,
    now: datetime,
    codes: frozenset[str] | None = None,
    done_by: Staff | None = None,
    settled: bool = False,
) -> frozenset[str]:
    """Close a subject's alerts (of these codes) whose condition is gone. Returns the codes of those closed.

    Without `done_by` only alerts that somebody has taken: better numbers alone never hide one. With
    `done_by` also untaken ones, because that person has just done what the alert asked for; with `settled` as well,
    because it is done, whoever did it.
    """
    with unit_of_work():
        waiting = [
            alert
            for alert in standing(subject).values()
            if (codes is None or alert.code in codes)
            and (settled or done_by is not None or alert.state == Alert.State.ACKNOWLEDGED)
        ]
        for alert in waiting:
            if alert.state == Alert.State.RAISED:
                alert.acknowledged_at, alert.acknowledged_by = now, done_by
                _stop_climbing(alert)
            alert.state = Alert.State.RESOLVED
            alert.resolved_at = now
            alert.save()
            stands_no_more(alert)
            _record(alert, "alert.resolved", actor_of(done_by), now)
    return frozenset(alert.code for alert in waiting)


def escalate_alert(timer: DueTimer, *, now: datetime) -> None:
    """Timer handler: nobody took the alert in time, the next level is called.

    Who that is is looked up now: a shift may have changed since the alert was raised.
    """
    alert = Alert.objects.select_for_update().get(pk=timer.subject_id)
    ladder = _ladder(alert)
    # Timers set by a version before levels say neither: they were the first hop.
    climb = timer.payload.get("climb", ladder.climb)
    level = timer.payload.get("level", Level.CHARGE_NURSE)
    if alert.state != Alert.State.RAISED or not awaits(ladder, climb=climb, level=level):
        return
    hop = _call(alert, Level(level), timer.due_at, now)
    following = _stand(alert, *hopped(ladder, Priority(alert.priority), anybody=bool(hop.people)))
    alert.escalated_at = alert.escalated_at or now
    alert.save(update_fields=["climb", "level", "next_level", "escalated_at"])
    _schedule(alert, following, now)
    _record(alert, "alert.escalated", actor_of(None), now, level=level)


def _call(alert: Alert, level: Level, due_at: datetime, now: datetime) -> AlertHop:
    people, on_call = people_called(level, ward_id=alert.ward_id, now=now)
    hop = AlertHop(
        alert=alert,
        climb=alert.climb,
        level=level,
        due_at=due_at,
        called_at=now,
        people=[{"id": person.pk, "name": person.display_name} for person in people],
        on_call=on_call,
    )
    if level == Level.FALLBACK:
        channels = call_out(alert, now=now)
        hop.delivery = AlertHop.Delivery.WAITING if channels else AlertHop.Delivery.NO_CHANNEL
    hop.save(force_insert=True)
    return hop


def _describe(alert: Alert, condition: Condition) -> None:
    alert.priority = condition.priority.value
    alert.message, alert.params = condition.message, params_to_json(condition.params)
    alert.source = condition.source
    alert.save()


def _ladder(alert: Alert) -> Ladder:
    following = None if alert.next_level is None else Level(alert.next_level)
    return Ladder(alert.climb, Level(alert.level), following)


def _stand(alert: Alert, ladder: Ladder, hop: Hop | None) -> Hop | None:
    """Put the alert where the ladder says; returns the hop that follows."""
    alert.climb, alert.level, alert.next_level = ladder.climb, ladder.level, ladder.next_level
    return hop


def _first(climbing: tuple[Ladder, Hop], physician: bool) -> tuple[Ladder, Hop]:
    return called_at_once(*climbing) if physician else climbing


def _climb_on(alert: Alert, priority: Priority, physician: bool) -> Hop | None:
    """It became more urgent. Taken, it is open again and climbs from the bottom."""
    untaken = alert.state == Alert.State.RAISED
    hop = _stand(alert, *_first(worsened(_ladder(alert), priority, untaken=untaken), physician))
    if not untaken:
        alert.first_climb = alert.climb
        alert.state = Alert.State.RAISED
        alert.acknowledged_at = alert.acknowledged_by = None
        alert.escalated_at = None
    return hop


def _stop_climbing(alert: Alert) -> None:
    cancel_timers(subject=f"alert:{alert.pk}", kinds=(ESCALATE,))
    _stand(alert, taken(_ladder(alert)), None)
    if alert.level == Level.FALLBACK:
        withdraw_messages(about=f"alert:{alert.pk}")


def _schedule(alert: Alert, hop: Hop | None, now: datetime) -> None:
    if hop is None:
        return
    schedule_timer(
        kind=ESCALATE,
        subject=f"alert:{alert.pk}",
        occurrence=f"{hop.climb}.{hop.level}",
        due_at=now + hop.wait,
        ward_id=alert.ward_id,
        priority=1,
        payload={"climb": hop.climb, "level": int(hop.level)},
    )


def _record(alert: Alert, name: str, actor: str, now: datetime, **more: int) -> None:
    record_event(
        name=name,
        subject=f"alert:{alert.pk}",
        ward_id=alert.ward_id,
        actor=actor,
        now=now,
        payload={"about": alert.subject, "code": alert.code, "priority": alert.priority, **more},
    )


def note_delivery(*, alert_id: int, now: datetime) -> None:
    """A message out of the ward arrived, or will not: the alert's newest call says so."""
    with unit_of_work():
        alert = Alert.objects.select_for_update().get(pk=alert_id)
        hop = alert.hops.filter(level=Level.FALLBACK).order_by("-climb").first()
        outcome = outcome_of(f"alert:{alert_id}")
        if hop is None or not outcome or hop.delivery == outcome:
            return
        hop.delivery = outcome
        hop.save(update_fields=["delivery"])
        _record(alert, f"alert.call_{outcome}", actor_of(None), now)
