"""Something changed about a patient, and somebody says so."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff, require
from apps.courses.selectors import access_course
from apps.followups.domain import Changes, notable_facts
from apps.followups.services.planning import note_fact
from apps.guidelines.selectors import guidelines_version
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def note_changed_risk(
    *, performer: Staff, course_id: int, fact: str, holds: bool, reason: str, now: datetime
) -> Changes:
    """Note that a risk the course's protocol knows holds or does not hold, and plan the follow-up again.

    More is asked on anybody's word; that less is asked is a physician's to say. Raises DomainError `fact_unknown`,
    ForbiddenError, NotFoundError when the course is not on the person's wards.
    """
    with unit_of_work():
        course = access_course(performer, course_id, Action.RECORD_FOLLOW_UP)
        if not holds:
            require(performer, Action.GIVE_UP_FOLLOW_UP)
        if fact not in notable_facts(guidelines_version(course.guideline_version)):
            raise DomainError(
                "fact_unknown",
                N_("The follow-up of this course does not depend on this. Choose from the list."),
            )
        return note_fact(
            course_id=course_id, fact=fact, holds=holds, reason=reason, performer=performer, now=now
        )
