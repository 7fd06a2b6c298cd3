"""How a session, an alert and a follow-up check look as board rows. No identifying data in here."""

from typing import Any

from apps.alerts.selectors import calls_of, get_alert
from apps.alerts.words import call_sentence
from apps.edge.messages import params_to_json
from apps.followups.selectors import get_check
from apps.infusions.selectors import session_row
from apps.kernel.text import Params

SESSION_PREFIX, ALERT_PREFIX, FOLLOW_UP_PREFIX = "session", "alert", "follow_up"
EVENT_PREFIX = "adverse_event"


def session_payload(session_id: int) -> dict[str, Any] | None:
    """The row of a session; None once it has left the board."""
    return session_row(session_id)


def alert_payload(alert_id: int) -> dict[str, Any] | None:
    """The row of an alert; None once it is resolved."""
    alert = get_alert(alert_id)
    if alert.state == "resolved":
        return None
    calls = calls_of(alert)
    kind, _, number = alert.subject.partition(":")
    return {
        "kind": "alert",
        "patient_id": alert.patient_id,
        "session_id": int(number) if kind == SESSION_PREFIX else None,
        **({"event_id": int(number)} if kind == EVENT_PREFIX else {}),
        "alert_id": alert.pk,
        "priority": alert.priority,
        "code": alert.code,
        "message": alert.message,
        "params": alert.params,
        "source": alert.source,
        "raised_at": alert.raised_at.isoformat(),
        "state": alert.state,
        "escalated": alert.escalated_at is not None,
        "level": alert.level,
        "called": sorted({person["id"] for call in calls for person in call.people}),
        "calls": [_call(*call_sentence(call)) for call in calls],
        "acknowledged_by": alert.acknowledged_by.display_name if alert.acknowledged_by else None,
        "acknowledged_at": alert.acknowledged_at.isoformat() if alert.acknowledged_at else None,
    }


def _call(message: str, params: Params) -> dict[str, Any]:
    return {"message": message, "params": params_to_json(params)}


def follow_up_payload(check_id: int) -> dict[str, Any] | None:
    """The row of a follow-up check that waits for somebody; None before it is due and once it is done."""
    check = get_check(check_id)
    if check.status not in ("due", "overdue"):
        return None
    return {
        "kind": "follow_up",
        "patient_id": check.patient_id,
        "check_id": check.pk,
        "code": check.code,
        "name_message": check.name,
        "status": check.status,
        "due_at": check.due_at.isoformat(),
        "closes_at": check.closes_at.isoformat(),
    }
