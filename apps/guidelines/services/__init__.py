"""The writers of the guidelines."""

from apps.guidelines.services.loading import load_guidelines
from apps.guidelines.services.readings import accept_reading
from apps.guidelines.services.site_documents import (
    approve_site_document,
    candidate_guidelines,
    submit_site_document,
    withdraw_site_document,
)

__all__ = [
    "accept_reading",
    "approve_site_document",
    "candidate_guidelines",
    "load_guidelines",
    "submit_site_document",
    "withdraw_site_document",
]
