"""Celery's own way to do something later: the due time in the message.

`celery -A bench.peers.celery_eta worker` works; `python -m bench.peers.celery_eta <JSON>` sends the messages.
"""

import json
import os
import random
import sys
from datetime import datetime, timedelta
from functools import cache

import psycopg
from celery import Celery

from bench.timing.effects import NOTE
from ivig_monitor.settings.servers import parse_redis_url, redis_url

app = Celery("bench_eta", broker=parse_redis_url(redis_url()).broker_url)
app.conf.update(task_ignore_result=True, task_acks_late=True, task_reject_on_worker_lost=True)


@cache
def database() -> psycopg.Connection:
    """This process's connection."""
    return psycopg.connect(os.environ["DATABASE_URL"], autocommit=True)


@app.task(name="bench.eta.note")
def note(subject: str, due_at: str) -> None:
    """The effect."""
    database().execute(NOTE, [subject, due_at])


def fill(count: int, begins: str, window_s: float) -> None:
    """Send a message for each."""
    start = datetime.fromisoformat(begins)
    with app.producer_pool.acquire(block=True) as producer:
        for number in range(count):
            due_at = start + timedelta(seconds=random.uniform(0, window_s))
            note.apply_async((f"bench:{number}", due_at.isoformat()), eta=due_at, producer=producer)


if __name__ == "__main__":
    fill(**json.loads(sys.argv[1]))
