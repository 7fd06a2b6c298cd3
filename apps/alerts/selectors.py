"""Readers of alerts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import F

from apps.accounts.selectors import Action, Staff, require, role_allows, wards_of_now, within_reach
from apps.alerts.models import Alert, AlertHop
from apps.alerts.standing import alert_in_hand
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

AlertRecord = Alert


def access_alert(
    user: Staff, alert_id: int, action: Action = Action.SEE_BOARD, *, for_update: bool = False
) -> AlertRecord:
    """The alert, if it is on one of the person's wards; otherwise NotFoundError.

    One for pharmacovigilance officers is theirs alone, whatever the action.
    """
    alerts = Alert.objects.select_for_update(of=("self",)) if for_update else Alert.objects.all()
    alert = alerts.filter(within_reach(user, action), pk=alert_id).first()
    for_officers = alert is not None and alert.audience == Alert.Audience.OFFICERS
    if alert is None or (for_officers and not role_allows(user, Action.MANAGE_CASES)):
        raise NotFoundError("not_found", N_("There is no such alert on your wards."))
    if not for_officers:
        require(user, action)
    return alert


def alerts_for_officer(user: Staff) -> list[AlertRecord]:
    """The open alerts for pharmacovigilance on the person's wards, the untaken and oldest first; none for others."""
    if not role_allows(user, Action.MANAGE_CASES):
        return []
    found = Alert.objects.select_related("acknowledged_by").filter(
        audience=Alert.Audience.OFFICERS, ward__in=wards_of_now(user)
    )
    waiting = found.exclude(state=Alert.State.RESOLVED).order_by("raised_at", "pk")
    return sorted(waiting, key=lambda alert: alert.state != Alert.State.RAISED)


def get_alert(alert_id: int) -> AlertRecord:
    """The alert by number, for handlers."""
    return alert_in_hand(alert_id)


def is_for_officers(alert_id: int) -> bool:
    """Whether an alert is for pharmacovigilance officers, and so on no board."""
    return alert_in_hand(alert_id).audience == Alert.Audience.OFFICERS


def open_alerts(subject: str) -> list[AlertRecord]:
    """Alerts of a subject that are not resolved, most urgent and newest first."""
    rank = {"high": 0, "medium": 1, "low": 2}
    found = Alert.objects.select_related("acknowledged_by").filter(subject=subject)
    alerts = list(found.exclude(state=Alert.State.RESOLVED).order_by("-raised_at"))
    return sorted(alerts, key=lambda alert: rank[alert.priority])


def alerts_of(subject: str) -> list[AlertRecord]:
    """Every alert of a subject, resolved ones too, the oldest first."""
    found = Alert.objects.select_related("acknowledged_by").filter(subject=subject)
    return list(found.order_by("raised_at", "pk"))


def untaken_alerts(patient_id: int) -> list[AlertRecord]:
    """Alerts about a patient that nobody has taken, whatever they are about, the oldest first."""
    found = Alert.objects.filter(patient_id=patient_id, state=Alert.State.RAISED)
    return list(found.order_by("raised_at", "pk"))


def has_untaken_high(subject: str) -> bool:
    """Whether a high-priority alert of this subject waits for somebody."""
    return Alert.objects.filter(subject=subject, state=Alert.State.RAISED, priority="high").exists()


def calls_of(alert: AlertRecord) -> list[AlertHop]:
    """Who was called since the nurses were, one call a level, the newest of each; the alert's own is none of them."""
    if alert.level == 0:
        return []
    newest = {hop.level: hop for hop in alert.hops.filter(climb__gte=alert.first_climb).order_by("climb")}
    return [newest[level] for level in sorted(newest)]


def people_called_for(alert: AlertRecord) -> tuple[tuple[datetime, str], ...]:
    """Every call ever made for the alert: (when, names), no names where it left the ward or nobody was there."""
    if alert.escalated_at is None and alert.climb == 1:
        return ()
    calls = tuple(
        (hop.called_at, ", ".join(person["name"] for person in hop.people))
        for hop in alert.hops.order_by("called_at", "level")
    )
    # Alerts from before calls were kept know only when the first one was.
    return calls or (((alert.escalated_at, ""),) if alert.escalated_at else ())


@dataclass(frozen=True, slots=True)
class CallsTo:
    """How many untaken alerts somebody was called for by name, and the ward of the oldest call."""

    count: int
    ward_id: int | None


def calls_to(user: Staff) -> CallsTo:
    """The untaken alerts of the person's wards for which they were called."""
    hops = AlertHop.objects.filter(
        alert__state=Alert.State.RAISED,
        alert__ward__in=wards_of_now(user),
        climb__gte=F("alert__first_climb"),
        people__contains=[{"id": user.pk}],
    )
    found = dict(hops.order_by("-called_at").values_list("alert_id", "alert__ward_id"))
    return CallsTo(len(found), next(reversed(found.values()), None))
