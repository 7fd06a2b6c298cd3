"""Follow-up over the API."""

from apps.followups.api.facts import FactsView, NotedFactSerializer
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
    "FactsView",
    "FollowUpDetailView",
    "FollowUpListView",
    "FollowUpSerializer",
    "GiveBackView",
    "LostView",
    "NotedFactSerializer",
    "OutcomeView",
    "ScriptSerializer",
    "ScriptView",
    "TakeView",
]
