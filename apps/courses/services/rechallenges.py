"""Reactions of earlier courses of which it is not known whether they come back."""

from datetime import datetime

from apps.courses.models import OpenRechallenge
from apps.ledger.services import unit_of_work


def note_open_rechallenge(
    *,
    event_id: int,
    patient_id: int,
    course_id: int,
    product_code: str,
    reaction: str,
    onset_at: datetime,
    now: datetime,
) -> None:
    """Let the next order ask about this reaction; what was said of it last counts."""
    with unit_of_work():
        OpenRechallenge.objects.update_or_create(
            event_id=event_id,
            defaults={
                "patient_id": patient_id,
                "course_id": course_id,
                "product_code": product_code,
                "reaction": reaction,
                "onset_at": onset_at,
                "noted_at": now,
                "is_open": True,
            },
        )


def close_rechallenge(*, event_id: int) -> None:
    """It is known by now, or there was no such reaction."""
    with unit_of_work():
        OpenRechallenge.objects.filter(event_id=event_id, is_open=True).update(is_open=False)
