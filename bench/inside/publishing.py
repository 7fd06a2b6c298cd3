"""Messages to one ward through the outbox, at a steady pace."""

import time
from typing import Any

from apps.dashboard.models import BoardRow
from apps.ledger.services import publish_row, unit_of_work


def publish(*, ward_id: int, count: int, per_second: float) -> int:
    """Publish the newest row of a ward again and again, each time in a transaction of its own."""
    row = BoardRow.objects.filter(ward_id=ward_id, removed=False).first()
    assert row is not None

    def read() -> dict[str, Any]:
        content: dict[str, Any] = row.payload
        return content

    begun = time.monotonic()
    for number in range(count):
        time.sleep(max(0.0, begun + number / per_second - time.monotonic()))
        with unit_of_work():
            publish_row(ward_id=ward_id, row_id=row.row_id, read=read)
    return count
