"""The ledger's writers."""

from apps.ledger.services.events import actor_of, record_event
from apps.ledger.services.heartbeats import note_heartbeat
from apps.ledger.services.messages import publish_row
from apps.ledger.services.timers import cancel_timers, schedule_timer
from apps.ledger.unit import unit_of_work

__all__ = [
    "actor_of",
    "cancel_timers",
    "note_heartbeat",
    "publish_row",
    "record_event",
    "schedule_timer",
    "unit_of_work",
]
