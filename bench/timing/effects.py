"""What a measured timer does."""

from datetime import datetime

from django.db import connection

from apps.ledger.types import DueTimer

TABLE = """
    CREATE TABLE bench_effect (
        subject text NOT NULL, due_at timestamptz NOT NULL, at timestamptz NOT NULL DEFAULT clock_timestamp()
    )
"""
NOTE = "INSERT INTO bench_effect (subject, due_at) VALUES (%s, %s)"


def note(timer: DueTimer, *, now: datetime) -> None:
    """Note that this timer had its effect."""
    with connection.cursor() as cursor:
        cursor.execute(NOTE, [timer.subject, timer.due_at])
