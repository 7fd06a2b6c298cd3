"""The Celery application: it executes; the schedule itself is rows in the database."""

import logging
import os
import threading
import time
from typing import Any

from celery import Celery
from celery.signals import after_task_publish, beat_init
from kombu.transport.redis import Channel

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "ivig_monitor.settings.base")

app = Celery("ivig_monitor")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
# When Redis goes away, kombu would put running tasks back through the connection that is gone, and that ends the
# worker. Nothing needs it: beat calls each task again, and Redis delivers one again after `visibility_timeout`.
Channel.do_restore = False

logger = logging.getLogger(__name__)
BEAT_LIFE_EVERY_S = 4.0
HANDED_OVER_WITHIN_S = 6.0  # it hands over tasks every second


class BeatLife:
    """Notes that beat lives, as long as it hands over tasks: a beat that hangs before the broker is silent.

    The database is written in a thread of its own, so that a slow one never delays the schedule.
    """

    def __init__(self) -> None:
        self._handed_over_s = float("-inf")

    def start(self) -> None:
        """From now on, for the life of this process."""
        after_task_publish.connect(self._handed_over, weak=False)
        threading.Thread(target=self._note_forever, name="beat-life", daemon=True).start()

    def _handed_over(self, **_: Any) -> None:
        self._handed_over_s = time.monotonic()

    def _note_forever(self) -> None:
        while True:
            time.sleep(BEAT_LIFE_EVERY_S)
            if time.monotonic() - self._handed_over_s < HANDED_OVER_WITHIN_S:
                _note_beat()


def _note_beat() -> None:
    # Imported late: this module is what sets Django up in a worker or beat.
    from django.db import DatabaseError, connection

    from apps.kernel import clock
    from apps.ledger.services import note_heartbeat

    try:
        connection.close_if_unusable_or_obsolete()
        note_heartbeat(kind="beat", wall_now=clock.wall_now())
    except DatabaseError:
        connection.close()
        logger.warning("Beat could not note its sign of life: the database did not take it.")


@beat_init.connect
def _show_life(**_: Any) -> None:
    BeatLife().start()
