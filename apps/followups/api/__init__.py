"""Follow-up over the API."""

from apps.followups.api.shapes import FollowUpSerializer, ScriptSerializer
from apps.followups.api.views import (
    AnswersView,
    FollowUpDetailView,
    FollowUpListView,
    GiveBackView,
    LostView,
    OutcomeView,
    ScriptView,
    TakeView,
)

__all__ = [
    "AnswersView",
    "FollowUpDetailView",
    "FollowUpListView",
    "FollowUpSerializer",
    "GiveBackView",
    "LostView",
    "OutcomeView",
    "ScriptSerializer",
    "ScriptView",
    "TakeView",
]
