"""Signs of life."""

import os
import socket
from datetime import datetime, timedelta
from typing import Any

from apps.ledger.models import Heartbeat

FORGOTTEN_AFTER = timedelta(days=1)


def note_heartbeat(*, kind: str, wall_now: datetime, details: dict[str, Any] | None = None) -> None:
    """This process lives and does its part (`web`, `relay`, `tick`, `beat`, `watchdog`).

    `details` are numbers such as open sockets, never a patient's data.
    """
    Heartbeat.objects.bulk_create(
        [Heartbeat(kind=kind, process=this_process(), at=wall_now, details=details or {})],
        update_conflicts=True,
        unique_fields=["kind", "process"],
        update_fields=["at", "details"],
    )


def forget_heartbeats(*, wall_now: datetime) -> int:
    """Delete the rows of processes that ended long ago. Returns how many."""
    deleted, _ = Heartbeat.objects.filter(at__lt=wall_now - FORGOTTEN_AFTER).delete()
    return deleted


def this_process() -> str:
    """Host and process id."""
    return f"{socket.gethostname()}:{os.getpid()}"
