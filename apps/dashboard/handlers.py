"""Events that change what a board shows. Named in the wiring."""

from collections.abc import Callable
from typing import Any

from apps.alerts.selectors import is_for_officers
from apps.dashboard.rows import (
    ALERT_PREFIX,
    FOLLOW_UP_PREFIX,
    SESSION_PREFIX,
    alert_payload,
    follow_up_payload,
    session_payload,
)
from apps.dashboard.services import refresh_row
from apps.ledger.types import RecordedEvent


def refresh_session(event: RecordedEvent) -> None:
    """A session changed."""
    _refresh(event, SESSION_PREFIX, session_payload)


def refresh_alert(event: RecordedEvent) -> None:
    """An alert changed; one for pharmacovigilance officers is on no board."""
    if not is_for_officers(event.subject_id):
        _refresh(event, ALERT_PREFIX, alert_payload)


def refresh_follow_up(event: RecordedEvent) -> None:
    """A follow-up check changed."""
    _refresh(event, FOLLOW_UP_PREFIX, follow_up_payload)


def _refresh(event: RecordedEvent, prefix: str, payload: Callable[[int], dict[str, Any] | None]) -> None:
    assert event.ward_id is not None
    number = event.subject_id
    refresh_row(ward_id=event.ward_id, row_id=f"{prefix}:{number}", payload=lambda: payload(number))
