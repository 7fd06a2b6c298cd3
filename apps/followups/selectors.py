"""Readers of follow-up checks."""

from django.db.models import Case, IntegerField, QuerySet, When

from apps.accounts.selectors import Action, Staff, require
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.guidelines.domain import ASKED_KINDS
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

CheckRecord = FollowUpCheck


def access_check(
    user: Staff, check_id: int, action: Action = Action.SEE_FOLLOW_UPS, *, for_update: bool = False
) -> CheckRecord:
    """The check, if its patient lies on one of the person's wards; otherwise NotFoundError."""
    checks = FollowUpCheck.objects.select_related("patient__ward").prefetch_related("attempts__recorded_by")
    if for_update:
        checks = checks.select_for_update(of=("self",))
    check = checks.filter(pk=check_id, ward__in=user.wards.all()).first()
    if check is None:
        raise NotFoundError("not_found", N_("There is no such follow-up check on your wards."))
    require(user, action)
    return check


def get_check(check_id: int) -> CheckRecord:
    """The check by number, for handlers."""
    return FollowUpCheck.objects.get(pk=check_id)


def worklist(user: Staff, *, ward_id: int | None = None) -> list[CheckRecord]:
    """Checks that wait for somebody: overdue first, then by due time."""
    waiting = _of_wards(user, ward_id).filter(status__in=["due", "overdue"])
    rank = Case(When(status="overdue", then=0), default=1, output_field=IntegerField())
    return list(waiting.annotate(rank=rank).order_by("rank", "due_at"))


def planned_checks(user: Staff, *, ward_id: int | None = None, limit: int = 100) -> list[CheckRecord]:
    """Checks that are not due yet, soonest first."""
    return list(
        _of_wards(user, ward_id).filter(status="planned", kind__in=ASKED_KINDS).order_by("due_at")[:limit]
    )


def checks_of_patient(patient_id: int) -> list[CheckRecord]:
    """All checks of a patient, by due time."""
    checks = FollowUpCheck.objects.select_related("patient__ward").filter(patient_id=patient_id)
    return list(checks.prefetch_related("attempts__recorded_by").order_by("due_at"))


def _of_wards(user: Staff, ward_id: int | None) -> QuerySet[FollowUpCheck]:
    require(user, Action.SEE_FOLLOW_UPS)
    checks = FollowUpCheck.objects.select_related("patient__ward").filter(ward__in=user.wards.all())
    checks = checks.prefetch_related("attempts__recorded_by")
    return checks.filter(ward_id=ward_id) if ward_id is not None else checks


def last_attempt(check_id: int) -> FollowUpAttempt:
    """The newest attempt at a check, for handlers."""
    return FollowUpAttempt.objects.select_related("recorded_by").filter(check_done_id=check_id).latest("id")


def newest_attempt(check: CheckRecord) -> FollowUpAttempt | None:
    """The newest attempt, from the prefetched ones."""
    return max(check.attempts.all(), key=lambda attempt: attempt.pk, default=None)
