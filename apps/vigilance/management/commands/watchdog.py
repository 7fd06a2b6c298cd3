"""`manage.py watchdog`: watches the others, without Redis and without Celery."""

import signal
import threading
import time
from typing import Any

from django.core.management.base import BaseCommand

from apps.edge.rights import OPERATOR
from apps.kernel import clock
from apps.vigilance.services.watching import LOOK_EVERY_S, Moment, Watch


class Command(BaseCommand):
    """Looks every two seconds until it is told to stop. What goes wrong in a look is logged; it never ends it."""

    rights = OPERATOR
    help = "Says within 30 s when a part of the service is silent, late, full or its clock jumps."

    def handle(self, *args: Any, **options: Any) -> None:
        stopped = threading.Event()
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: stopped.set())
        watch = Watch()
        while not stopped.is_set():
            started_s = time.monotonic()
            watch.once_safely(
                Moment(now=clock.now(), wall_now=clock.wall_now(), monotonic_s=started_s, speed=clock.speed())
            )
            stopped.wait(max(LOOK_EVERY_S - (time.monotonic() - started_s), 0.1))
