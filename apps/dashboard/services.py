"""Writers of board rows."""

from collections.abc import Callable
from typing import Any

from psycopg.types.json import Jsonb

from apps.ledger.services import publish_row
from apps.ledger.statements import Statement
from apps.ledger.types import NumberedRow


def refresh_row(*, ward_id: int, row_id: str, payload: Callable[[], dict[str, Any] | None]) -> None:
    """Store the row's newest state and tell the ward, at the end of the open unit of work.

    `payload()` returns None when the row leaves the board.
    """
    publish_row(ward_id=ward_id, row_id=row_id, read=payload, store=_store)


_STORE = """
INSERT INTO dashboard_boardrow (ward_id, row_id, sequence, removed, payload)
SELECT ward_id, row_id, sequence, removed, payload
FROM jsonb_to_recordset(%s) AS shown(ward_id bigint, row_id text, sequence bigint, removed boolean, payload jsonb)
ON CONFLICT (row_id) DO UPDATE SET ward_id = excluded.ward_id, sequence = excluded.sequence,
    removed = excluded.removed, payload = excluded.payload
"""


def _store(rows: list[NumberedRow]) -> Statement:
    shown = [
        {
            "ward_id": row.ward_id,
            "row_id": row.row_id,
            "sequence": row.sequence,
            "removed": row.content is None,
            "payload": row.as_json(),
        }
        for row in rows
    ]
    return _STORE, [Jsonb(shown)]
