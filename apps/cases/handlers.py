"""What cases hear from the ledger."""

from apps.cases.selectors import case_of_event
from apps.cases.services import refresh_clocks
from apps.ledger.types import RecordedEvent


def refresh_clocks_of_event(event: RecordedEvent) -> None:
    """What an adverse event rests on changed: the clocks of its case follow."""
    case = case_of_event(event.subject_id)
    if case is not None:
        refresh_clocks(case_id=case.pk, now=event.recorded_at)
