"""Readers of alerts."""

from django.db.models import F

from apps.accounts.selectors import Action, Staff, require
from apps.alerts.models import Alert, AlertHop
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

AlertRecord = Alert


def access_alert(
    user: Staff, alert_id: int, action: Action = Action.SEE_BOARD, *, for_update: bool = False
) -> AlertRecord:
    """The alert, if it is on one of the person's wards; otherwise NotFoundError."""
    alerts = Alert.objects.select_for_update(of=("self",)) if for_update else Alert.objects.all()
    alert = alerts.filter(pk=alert_id, ward__in=user.wards.all()).first()
    if alert is None:
        raise NotFoundError("not_found", N_("There is no such alert on your wards."))
    require(user, action)
    return alert


def get_alert(alert_id: int) -> AlertRecord:
    """The alert by number, for handlers."""
    return Alert.objects.select_related("acknowledged_by").get(pk=alert_id)


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


def has_untaken_high(subject: str) -> bool:
    """Whether a high-priority alert of this subject waits for somebody."""
    return Alert.objects.filter(subject=subject, state=Alert.State.RAISED, priority="high").exists()


def calls_of(alert: AlertRecord) -> list[AlertHop]:
    """Who was called since the nurses were, one call a level, the newest of each; the alert's own is none of them."""
    if alert.level == 0:
        return []
    newest = {hop.level: hop for hop in alert.hops.filter(climb__gte=alert.first_climb).order_by("climb")}
    return [newest[level] for level in sorted(newest)]


def count_calls_to(user: Staff) -> int:
    """How many untaken alerts of the person's wards they were called for by name."""
    hops = AlertHop.objects.filter(
        alert__state=Alert.State.RAISED, alert__ward__in=user.wards.all(), people__contains=[{"id": user.pk}]
    ).filter(climb__gte=F("alert__first_climb"))
    return hops.values("alert").distinct().count()
