"""Counting how often somebody knocks. In the database: processes share nothing else that a request may lean on."""

from datetime import datetime, timedelta

from django.db import connection
from django.utils.crypto import salted_hmac

from apps.selfreport.domain import LIMITS, Purpose, window_start

_KEPT = timedelta(hours=2)
_COUNT = """
INSERT INTO selfreport_knocks AS known (counted, window_at, requests) VALUES (%s, %s, 1)
ON CONFLICT (counted, window_at) DO UPDATE SET requests = known.requests + 1
RETURNING requests
"""
_FORGET = "DELETE FROM selfreport_knocks WHERE window_at < %s"


def count_knock(*, purpose: Purpose, who: str, wall_now: datetime) -> bool:
    """Count a request of a link or an address. Returns whether it is one too many.

    Who it was is kept as a digest under the service's own key, for two hours at most.
    """
    limit = LIMITS[purpose]
    counted = salted_hmac("selfreport.knocks", f"{purpose}:{who}", algorithm="sha256").hexdigest()
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [counted, window_start(limit, wall_now)])
        requests: int = cursor.fetchone()[0]
        if requests == 1:
            cursor.execute(_FORGET, [wall_now - _KEPT])
    return requests > limit.requests
