"""Events that going home listens to."""

from apps.discharge.services import begin_stay_again
from apps.infusions.selectors import course_of_session
from apps.ledger.types import RecordedEvent


def begin_stay(event: RecordedEvent) -> None:
    """An infusion began."""
    begin_stay_again(course_id=course_of_session(event.subject_id), now=event.recorded_at)
