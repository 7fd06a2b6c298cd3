"""What Celery beat drives: `tick` takes due timers, `relay` hands messages to the dashboards."""

from apps.ledger.tasks.relay import relay
from apps.ledger.tasks.timers import fire_timer, tick

__all__ = ["fire_timer", "relay", "tick"]
