"""Writers of board rows."""

from collections.abc import Callable
from typing import Any

from apps.dashboard.models import BoardRow
from apps.ledger.services import publish_row


def refresh_row(*, ward_id: int, row_id: str, payload: Callable[[], dict[str, Any] | None]) -> None:
    """Store the row's newest state and tell the ward, at the end of the open unit of work.

    `payload()` returns None when the row leaves the board.
    """

    def build(sequence: int) -> dict[str, Any]:
        content = payload()
        row = {**content, "row_id": row_id, "sequence": sequence} if content else gone(row_id, sequence)
        BoardRow.objects.update_or_create(
            row_id=row_id,
            defaults={
                "ward_id": ward_id,
                "sequence": sequence,
                "removed": content is None,
                "payload": row,
            },
        )
        return {"type": "row", "sequence": sequence, "row": row}

    publish_row(ward_id=ward_id, row_id=row_id, build=build)


def gone(row_id: str, sequence: int) -> dict[str, Any]:
    """The row of something that left the board."""
    return {"row_id": row_id, "sequence": sequence, "removed": True}
