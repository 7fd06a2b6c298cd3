"""Adverse events and their review over the API."""

from apps.safety.api.events import (
    AdverseEventDetailView,
    AdverseEventListView,
    AdverseEventSerializer,
)
from apps.safety.api.reviews import OutcomesView, ReviewQueueView, ReviewView, SignatureView

__all__ = [
    "AdverseEventDetailView",
    "AdverseEventListView",
    "AdverseEventSerializer",
    "OutcomesView",
    "ReviewQueueView",
    "ReviewView",
    "SignatureView",
]
