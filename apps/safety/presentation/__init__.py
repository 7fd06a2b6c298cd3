"""A review as pages and the API show it, in the reader's language."""

from apps.safety.presentation.around import around_event
from apps.safety.presentation.queue import queue_for
from apps.safety.presentation.reviewing import draft_shown, review_page

__all__ = ["around_event", "draft_shown", "queue_for", "review_page"]
