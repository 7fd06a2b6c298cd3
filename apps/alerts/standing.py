"""The open alerts of a subject, locked and read once in a unit of work, however often they are asked about."""

from functools import cache

from apps.alerts.models import Alert
from apps.ledger.statements import Columns, run_together
from apps.ledger.unit import keep_locked, kept_locked

Standing = dict[str, Alert]
_ALERT = Columns(Alert, "alert")


def standing(subject: str) -> Standing:
    """Code -> open alert of the subject, locked until the unit of work ends, in the order in which they were raised.

    Whoever raises or resolves one in the unit changes this as well.
    """
    found: Standing | None = kept_locked(_key(subject))
    if found is None:
        [rows] = run_together([(_open_sql(), [subject])])
        found = {alert.code: alert for alert in _ALERT.instances(rows)}
        keep_locked(_key(subject), found)
        for alert in found.values():
            keep_locked(f"alert:{alert.pk}", alert)
    return found


def has_taken(subject: str) -> bool:
    """Whether somebody has taken an open alert of the subject."""
    return any(alert.state == Alert.State.ACKNOWLEDGED for alert in standing(subject).values())


def stands(alert: Alert) -> None:
    """A new alert is open."""
    standing(alert.subject)[alert.code] = alert
    keep_locked(f"alert:{alert.pk}", alert)


def stands_no_more(alert: Alert) -> None:
    """An alert is resolved."""
    standing(alert.subject).pop(alert.code, None)


def alert_in_hand(alert_id: int) -> Alert:
    """The alert as the open unit of work has it, or as it is stored."""
    alert = kept_locked(f"alert:{alert_id}")
    return (
        alert
        if isinstance(alert, Alert)
        else Alert.objects.select_related("acknowledged_by").get(pk=alert_id)
    )


@cache
def _open_sql() -> str:
    return f"""
        SELECT {_ALERT.listed} FROM {Alert._meta.db_table} alert
        WHERE alert.subject = %s AND alert.state <> '{Alert.State.RESOLVED}' ORDER BY alert.id FOR UPDATE"""  # nosec B608  # names of ours


def _key(subject: str) -> str:
    return f"alerts of {subject}"
