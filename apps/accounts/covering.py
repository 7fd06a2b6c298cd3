"""Writers and readers of covers: somebody of another ward stands in for some hours."""

from datetime import datetime, timedelta

from apps.accounts.domain.cover import LONGEST_COVER, fault_of_cover
from apps.accounts.domain.roles import Action
from apps.accounts.models import User, Ward, WardCover
from apps.accounts.reach import wards_of_now
from apps.accounts.selectors import access_ward, require
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

SHOWN_AFTER_ITS_END = timedelta(hours=48)
_FAULTS = {
    "cover_ends_too_early": N_(
        "The cover must end after it begins, and after now. Check the dates and times."
    ),
    "cover_too_long": N_("A cover lasts %(hours)s hours at most. For longer, ask the administrator."),
}


def covers_of_ward(ward_id: int, *, now: datetime) -> list[WardCover]:
    """The covers of a ward that hold or will, and what ended lately; the newest beginning first."""
    covers = WardCover.objects.select_related("person", "granted_by", "withdrawn_by")
    return list(
        covers.filter(ward=ward_id, ends_at__gt=now - SHOWN_AFTER_ITS_END).order_by("-starts_at", "-pk")
    )


def people_elsewhere(ward: Ward) -> list[User]:
    """The active staff of other wards, by name: who could stand in."""
    found = User.objects.filter(is_active=True).exclude(wards=ward)
    return sorted(found, key=lambda user: user.display_name.casefold())


def grant_cover(
    *,
    performer: User,
    ward_id: int,
    person_id: int,
    starts_at: datetime | None,
    ends_at: datetime,
    reason: str,
    now: datetime,
) -> WardCover:
    """Let somebody of another ward stand in on this one from when (None is now) until when.

    They keep their own role. Raises DomainError `cover_of_oneself`, `cover_needs_person`, `cover_not_needed`,
    `cover_needs_reason`, `cover_ends_too_early`, `cover_too_long`.
    """
    begins = starts_at or now
    with unit_of_work():
        ward = access_ward(performer, ward_id, Action.GRANT_COVER)
        _lock_ward(ward.pk)
        person = User.objects.filter(pk=person_id, is_active=True).first()
        if person is None:
            raise _refused("person_id", "cover_needs_person", N_("Choose a person of another ward."))
        if person.pk == performer.pk:
            raise _refused("person_id", "cover_of_oneself", N_("Nobody gives a cover to themselves."))
        if person.wards.filter(pk=ward.pk).exists():
            raise _refused("person_id", "cover_not_needed", N_("This person works on this ward already."))
        if not reason.strip():
            raise _refused("reason", "cover_needs_reason", N_("Say why the ward needs somebody."))
        fault = fault_of_cover(starts_at=begins, ends_at=ends_at, now=now)
        if fault is not None:
            limit = int(LONGEST_COVER.total_seconds() // 3600)
            raise DomainError(fault, _FAULTS[fault], extra={"field": "ends_at"}, hours=limit)
        cover = WardCover.objects.create(
            ward=ward,
            person=person,
            starts_at=begins,
            ends_at=ends_at,
            reason=reason.strip(),
            granted_by=performer,
            granted_at=now,
        )
        _record("cover.granted", cover, performer, now)
    return cover


def withdraw_cover(*, performer: User, cover_id: int, now: datetime) -> WardCover:
    """End a cover at once, or take back one to come. Twice is once."""
    with unit_of_work():
        cover = WardCover.objects.filter(pk=cover_id, ward__in=wards_of_now(performer)).first()
        if cover is None:
            raise NotFoundError("not_found", N_("There is no such cover on your wards."))
        require(performer, Action.GRANT_COVER)
        _lock_ward(cover.ward_id)
        cover.refresh_from_db()
        if cover.withdrawn_at is None:
            cover.withdrawn_at, cover.withdrawn_by = now, performer
            cover.save(update_fields=["withdrawn_at", "withdrawn_by"])
            _record("cover.withdrawn", cover, performer, now)
    return cover


def _lock_ward(ward_id: int) -> None:
    # The ward's chain of events grows by one at a time; what refers to the ward meanwhile does not wait.
    Ward.objects.select_for_update(no_key=True).get(pk=ward_id)


def _refused(field: str, code: str, message: str) -> DomainError:
    return DomainError(code, message, extra={"field": field})


def _record(name: str, cover: WardCover, performer: User, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"ward:{cover.ward_id}",
        ward_id=cover.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "cover": cover.pk,
            "person": cover.person_id,
            "starts_at": cover.starts_at.isoformat(),
            "ends_at": cover.ends_at.isoformat(),
            "reason": cover.reason,
        },
    )
