"""Readers of follow-up checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Case, IntegerField, Prefetch, QuerySet, When

from apps.accounts.selectors import Action, Staff, require, wards_of_now, within_reach
from apps.followups.domain.attempts import unreached
from apps.followups.models import CourseFact, FollowUpAttempt, FollowUpCheck
from apps.guidelines.domain import ASKED_KINDS
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

CheckRecord = FollowUpCheck
AttemptRecord = FollowUpAttempt


def access_check(
    user: Staff, check_id: int, action: Action = Action.SEE_FOLLOW_UPS, *, for_update: bool = False
) -> CheckRecord:
    """The check, if its patient lies on one of the person's wards; otherwise NotFoundError."""
    checks = _checks()
    if for_update:
        checks = checks.select_for_update(of=("self",))
    check = checks.filter(within_reach(user, action), pk=check_id).first()
    if check is None:
        raise NotFoundError("not_found", N_("There is no such follow-up check on your wards."))
    require(user, action)
    return check


def get_check(check_id: int) -> CheckRecord:
    """The check by number, for handlers."""
    return _checks().get(pk=check_id)


def attempts_in_vain(check: CheckRecord) -> int:
    """How often nobody was reached since somebody last was, from the prefetched attempts."""
    return unreached(attempt.outcome for attempt in sorted(check.attempts.all(), key=lambda one: one.pk))


def worklist(
    user: Staff, *, ward_id: int | None = None, responsible_id: int | None = None
) -> list[CheckRecord]:
    """Checks that wait for somebody: overdue first, then by due time; of one person where one is named."""
    waiting = _of_wards(user, ward_id).filter(status__in=["due", "overdue"])
    if responsible_id is not None:
        waiting = waiting.filter(responsible_id=responsible_id)
    rank = Case(When(status="overdue", then=0), default=1, output_field=IntegerField())
    return list(waiting.annotate(rank=rank).order_by("rank", "due_at"))


@dataclass(frozen=True, slots=True)
class Worklist:
    """The worklist in its parts: unanswered beyond the window, to be asked now, tried in vain and not yet again."""

    overdue: list[CheckRecord]
    due: list[CheckRecord]
    waiting: list[CheckRecord]


def worklist_in_parts(
    user: Staff, *, now: datetime, ward_id: int | None = None, responsible_id: int | None = None
) -> Worklist:
    """The worklist as it is worked through: what was tried in vain comes back when its next attempt is due."""
    found = worklist(user, ward_id=ward_id, responsible_id=responsible_id)
    waiting = [check for check in found if check.next_attempt_at is not None and check.next_attempt_at > now]
    left = [check for check in found if check not in waiting]
    return Worklist(
        overdue=[check for check in left if check.status == FollowUpCheck.Status.OVERDUE],
        due=[check for check in left if check.status == FollowUpCheck.Status.DUE],
        waiting=sorted(waiting, key=lambda check: (check.next_attempt_at, check.pk)),
    )


def count_overdue(ward_ids: Iterable[int]) -> int:
    """How many checks on these wards nobody has answered within their time."""
    return FollowUpCheck.objects.filter(
        ward_id__in=list(ward_ids), status=FollowUpCheck.Status.OVERDUE
    ).count()


def planned_checks(user: Staff, *, ward_id: int | None = None, limit: int | None = None) -> list[CheckRecord]:
    """Checks that are not due yet, soonest first; the first ``limit`` of them where one is named."""
    return list(_planned(user, ward_id).order_by("due_at", "pk")[:limit])


def count_planned(user: Staff, *, ward_id: int | None = None) -> int:
    """How many checks are not due yet."""
    return _planned(user, ward_id).count()


def checks_of_patient(patient_id: int) -> list[CheckRecord]:
    """All checks of a patient, by due time."""
    return list(_checks().filter(patient_id=patient_id).order_by("due_at"))


def courses_with_planned_checks(patient_id: int) -> list[int]:
    """The courses of a patient of which something is still planned, in the order in which they were opened."""
    planned = FollowUpCheck.objects.filter(patient_id=patient_id, status=FollowUpCheck.Status.PLANNED)
    return list(planned.order_by("course_id").values_list("course_id", flat=True).distinct())


def holds_by_word(course_id: int, fact: str) -> bool | None:
    """What the newest word on a fact says; None where nobody spoke of it since the order."""
    words = CourseFact.objects.filter(course_id=course_id, fact=fact)
    return words.order_by("-pk").values_list("holds", flat=True).first()


def _planned(user: Staff, ward_id: int | None) -> QuerySet[FollowUpCheck]:
    return _of_wards(user, ward_id).filter(status=FollowUpCheck.Status.PLANNED, kind__in=ASKED_KINDS)


def _of_wards(user: Staff, ward_id: int | None) -> QuerySet[FollowUpCheck]:
    require(user, Action.SEE_FOLLOW_UPS)
    checks = _checks().filter(ward__in=wards_of_now(user))
    return checks.filter(ward_id=ward_id) if ward_id is not None else checks


def _checks() -> QuerySet[FollowUpCheck]:
    attempts = FollowUpAttempt.objects.select_related("recorded_by", "check_done").order_by("pk")
    checks = FollowUpCheck.objects.select_related("patient__ward", "ward", "responsible")
    return checks.prefetch_related(Prefetch("attempts", queryset=attempts))


def last_attempt(check_id: int) -> FollowUpAttempt:
    """The newest attempt at a check, for handlers."""
    return FollowUpAttempt.objects.select_related("recorded_by").filter(check_done_id=check_id).latest("id")


def newest_attempt(check: CheckRecord) -> FollowUpAttempt | None:
    """The newest attempt, from the prefetched ones."""
    return max(check.attempts.all(), key=lambda attempt: attempt.pk, default=None)
