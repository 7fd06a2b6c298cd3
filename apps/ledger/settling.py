"""Up to which number a table is complete, without keeping anybody from writing."""

import time

from django.db import connection

PATIENCE_S = 10.0
_PAUSE_S = 0.05
_WRITING = """
SELECT DISTINCT virtualtransaction FROM pg_locks
WHERE relation = %s::regclass AND mode = 'RowExclusiveLock' AND granted AND pid <> pg_backend_pid()
  AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""


class NotSettledError(Exception):
    """Somebody writes for longer than anybody should: try again later."""


def settled_id(table: str) -> int:
    """The highest number given so far, once every transaction that may hold a lower one has ended; 0 in an empty table.

    Numbers are given before they are committed: a row with a lower number may appear after one with a higher.
    Whoever inserts locks the table before taking a number, so waiting for those who hold that lock now is enough.
    Raises NotSettledError after PATIENCE_S.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_get_serial_sequence(%s, 'id')", [table])
        (sequence,) = cursor.fetchone()
        cursor.execute(f"SELECT CASE WHEN is_called THEN last_value ELSE 0 END FROM {sequence}")  # nosec B608  # named by the server
        (reached,) = cursor.fetchone()
        cursor.execute(_WRITING, [table])
        open_ones = {row[0] for row in cursor.fetchall()}
        gives_up_at = time.monotonic() + PATIENCE_S
        while open_ones:
            if time.monotonic() > gives_up_at:
                raise NotSettledError(f"Rows of {table} are still being written.")
            time.sleep(_PAUSE_S)
            cursor.execute(_WRITING, [table])
            open_ones &= {row[0] for row in cursor.fetchall()}
    return int(reached)
