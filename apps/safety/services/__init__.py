"""Writers of adverse events and of what physicians say of them."""

from apps.safety.services.opening import (
    fill_in_adverse_event,
    open_adverse_event,
    record_export,
    reinstate_adverse_event,
    withdraw_adverse_event,
)
from apps.safety.services.outcomes import record_outcome
from apps.safety.services.reviewing import save_review, sign_review
from apps.safety.services.waiting import review_falls_due

__all__ = [
    "fill_in_adverse_event",
    "open_adverse_event",
    "record_export",
    "record_outcome",
    "reinstate_adverse_event",
    "review_falls_due",
    "save_review",
    "sign_review",
    "withdraw_adverse_event",
]
