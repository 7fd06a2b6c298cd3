"""What other rooms find out and the next order asks about."""

from datetime import datetime

from apps.courses.services.rechallenges import close_rechallenge, note_open_rechallenge
from apps.ledger.types import RecordedEvent


def note_rechallenge(event: RecordedEvent) -> None:
    """A physician reviewed an adverse event: where it is open whether it comes back, the next order says so."""
    payload = event.payload
    if not payload["rechallenge_open"]:
        close_rechallenge(event_id=event.subject_id)
        return
    note_open_rechallenge(
        event_id=event.subject_id,
        patient_id=payload["patient_id"],
        course_id=payload["course_id"],
        product_code=payload["product_code"],
        reaction=", ".join(reaction["verbatim"] for reaction in payload["reactions"]),
        onset_at=datetime.fromisoformat(payload["onset_at"]),
        now=event.recorded_at,
    )


def forget_rechallenge(event: RecordedEvent) -> None:
    """An adverse event that was none has nothing that could come back."""
    close_rechallenge(event_id=event.subject_id)
