"""Break-glass: one patient of another ward for some hours, with a reason, told at once and judged afterwards."""

from collections.abc import Collection
from datetime import datetime, timedelta

from apps.accounts.domain.cover import EMERGENCY_LASTS
from apps.accounts.domain.roles import Action
from apps.accounts.models import EmergencyAccess, User
from apps.accounts.reach import standing_emergencies, standing_emergencies_of, wards_of_now
from apps.accounts.selectors import require, role_allows
from apps.kernel.errors import ConflictError, DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

OPENED = "access.emergency.opened"
ENDED = "access.emergency.ended"
JUDGED = "access.emergency.judged"
SHOWN = 200

EmergencyRecord = EmergencyAccess


def my_emergencies(user: User) -> list[EmergencyRecord]:
    """The patients opened to this person now, the newest first."""
    if not role_allows(user, Action.BREAK_GLASS):
        return []
    return list(standing_emergencies(user).select_related("ward").order_by("-starts_at", "-pk"))


def opened_to(user_id: int, patient_ids: Collection[int]) -> set[int]:
    """Which of these patients are open now to this person in an emergency."""
    found = standing_emergencies_of(user_id).filter(patient_id__in=patient_ids)
    return set(found.values_list("patient_id", flat=True))


def emergencies_to_review(user: User) -> list[EmergencyRecord]:
    """Every emergency access to patients of the person's wards: what nobody judged first, then the newest."""
    require(user, Action.REVIEW_BREAK_GLASS)
    found = EmergencyAccess.objects.select_related("person", "ward", "judged_by")
    rows = list(found.filter(ward__in=wards_of_now(user)).order_by("-starts_at", "-pk")[:SHOWN])
    return sorted(rows, key=lambda row: bool(row.verdict))


def get_emergency(access_id: int) -> EmergencyRecord:
    """An emergency access by number, for handlers."""
    return EmergencyAccess.objects.select_related("person").get(pk=access_id)


def open_in_emergency(
    *, performer: User, patient_id: int, ward_id: int, reason: str, now: datetime
) -> EmergencyRecord:
    """Open one patient of another ward. One that is open stays as it is: nobody prolongs it unseen.

    Raises DomainError `emergency_needs_reason`, ConflictError `emergency_not_needed`.
    """
    require(performer, Action.BREAK_GLASS)
    if len(reason.strip()) < 5:
        raise DomainError(
            "emergency_needs_reason",
            N_("Say what the emergency is. The ward reads it at once."),
            extra={"field": "reason"},
        )
    with unit_of_work():
        if wards_of_now(performer).filter(pk=ward_id).exists():
            raise ConflictError(
                "emergency_not_needed", N_("This patient lies on one of your wards. Open them from the list.")
            )
        User.objects.select_for_update(no_key=True).get(pk=performer.pk)
        found = standing_emergencies(performer).filter(patient_id=patient_id).first()
        if found is not None:
            return found
        access = EmergencyAccess.objects.create(
            person=performer,
            patient_id=patient_id,
            ward_id=ward_id,
            reason=reason.strip(),
            starts_at=now,
            ends_at=now + EMERGENCY_LASTS,
        )
        _record(
            OPENED, access, performer, now, {"ends_at": access.ends_at.isoformat(), "reason": access.reason}
        )
    return access


def end_emergency(*, performer: User, patient_id: int, now: datetime) -> EmergencyRecord:
    """Shut a patient again whom one opened and who no longer needs it.

    Raises ConflictError `emergency_not_open`.
    """
    require(performer, Action.BREAK_GLASS)
    with unit_of_work():
        access = standing_emergencies(performer).select_for_update().filter(patient_id=patient_id).first()
        if access is None:
            raise ConflictError(
                "emergency_not_open", N_("This patient is not open to you in an emergency any more.")
            )
        _shut(access, performer, now)
        access.save(update_fields=["ends_at"])
    return access


def judge_emergency(
    *, performer: User, access_id: int, verdict: str, note: str, now: datetime
) -> EmergencyRecord:
    """Say whether an emergency access was justified, and why. Judged once; never by who used it.

    One that was not justified ends there and then.

    Raises NotFoundError, DomainError `emergency_own`, `emergency_needs_note`, ConflictError `emergency_judged`.
    """
    with unit_of_work():
        rows = EmergencyAccess.objects.select_for_update(of=("self",)).select_related("person", "ward")
        access = rows.filter(pk=access_id, ward__in=wards_of_now(performer)).first()
        if access is None:
            raise NotFoundError("not_found", N_("There is no such emergency access on your wards."))
        require(performer, Action.REVIEW_BREAK_GLASS)
        if access.person_id == performer.pk:
            raise DomainError("emergency_own", N_("Somebody else must judge what you did yourself."))
        if access.verdict:
            raise ConflictError("emergency_judged", N_("Somebody has judged this access already."))
        if not note.strip():
            raise DomainError(
                "emergency_needs_note", N_("Say in a few words why you judge so."), extra={"field": "note"}
            )
        access.verdict, access.verdict_note = EmergencyAccess.Verdict(verdict).value, note.strip()
        access.judged_by, access.judged_at = performer, now
        if access.verdict == EmergencyAccess.Verdict.NOT_JUSTIFIED and access.ends_at > now:
            _shut(access, performer, now)
        access.save(update_fields=["ends_at", "verdict", "verdict_note", "judged_by", "judged_at"])
        _record(JUDGED, access, performer, now, {"verdict": access.verdict, "note": access.verdict_note})
    return access


def _shut(access: EmergencyAccess, performer: User, now: datetime) -> None:
    # One that is shut in the moment it was opened has still lasted, however shortly.
    access.ends_at = max(now, access.starts_at + timedelta(microseconds=1))
    _record(ENDED, access, performer, now, {"ends_at": access.ends_at.isoformat()})


def _record(name: str, access: EmergencyAccess, performer: User, now: datetime, told: dict[str, str]) -> None:
    record_event(
        name=name,
        subject=f"emergency_access:{access.pk}",
        ward_id=access.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "access": access.pk,
            "person": access.person_id,
            "patient": access.patient_id,
            **told,
        },
    )
