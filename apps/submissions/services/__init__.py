"""Writers of submissions."""

from apps.submissions.services.answers import import_acknowledgement
from apps.submissions.services.foreign import import_reports
from apps.submissions.services.preparing import prepare_submission
from apps.submissions.services.sending import (
    answer_is_late,
    begin_attempt,
    next_look,
    note_handed_over,
    note_taken,
    send_again,
    settle_not_sent,
    settle_sent,
    withdraw_submission,
)

__all__ = [
    "answer_is_late",
    "begin_attempt",
    "import_acknowledgement",
    "import_reports",
    "next_look",
    "note_handed_over",
    "note_taken",
    "prepare_submission",
    "send_again",
    "settle_not_sent",
    "settle_sent",
    "withdraw_submission",
]
