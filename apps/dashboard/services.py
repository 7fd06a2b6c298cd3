"""Writers of board rows."""

from collections.abc import Callable
from typing import Any

from apps.dashboard.models import BoardRow
from apps.ledger.services import publish_row
from apps.ledger.types import NumberedRow


def refresh_row(*, ward_id: int, row_id: str, payload: Callable[[], dict[str, Any] | None]) -> None:
    """Store the row's newest state and tell the ward, at the end of the open unit of work.

    `payload()` returns None when the row leaves the board.
    """
    publish_row(ward_id=ward_id, row_id=row_id, read=payload, store=_store)


def _store(rows: list[NumberedRow]) -> None:
    BoardRow.objects.bulk_create(
        [
            BoardRow(
                ward_id=row.ward_id,
                row_id=row.row_id,
                sequence=row.sequence,
                removed=row.content is None,
                payload=row.as_json(),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["row_id"],
        update_fields=["ward_id", "sequence", "removed", "payload"],
    )
