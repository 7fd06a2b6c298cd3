"""What Celery beat drives: `tick` fires timers, `relay` hands messages to the dashboards."""

from apps.ledger.tasks.relay import relay
from apps.ledger.tasks.timers import forget_timers, tick

__all__ = ["forget_timers", "relay", "tick"]
