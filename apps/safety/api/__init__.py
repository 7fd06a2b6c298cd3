"""Adverse events and their review over the API."""

from apps.safety.api.events import (
    AdverseEventDetailView,
    AdverseEventExportView,
    AdverseEventListView,
    AdverseEventSerializer,
)
from apps.safety.api.reviews import OutcomesView, ReviewQueueView, ReviewView, SignatureView

__all__ = [
    "AdverseEventDetailView",
    "AdverseEventExportView",
    "AdverseEventListView",
    "AdverseEventSerializer",
    "OutcomesView",
    "ReviewQueueView",
    "ReviewView",
    "SignatureView",
]
