"""Writers of staff and wards."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate
from django.db import transaction

from apps.accounts.domain.roles import Action, Role, allows
from apps.accounts.models import OnCall, User, Ward
from apps.accounts.proving import prove_identity, prove_signature
from apps.accounts.reach import wards_of_now
from apps.accounts.selectors import access_duty, access_ward, can, role_allows
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

__all__ = [
    "LONGEST_DUTY",
    "Signature",
    "ensure_staff",
    "ensure_ward",
    "prove_identity",
    "prove_signature",
    "set_on_call",
    "sign_with_second_person",
    "withdraw_on_call",
]

LONGEST_DUTY = timedelta(days=31)  # a longer one is a slip of the finger


@transaction.atomic
def ensure_ward(*, name: str, time_zone: str) -> Ward:
    """The ward of this name, made if it is not there."""
    ward, _ = Ward.objects.get_or_create(name=name, defaults={"time_zone": time_zone})
    return ward


@transaction.atomic
def ensure_staff(
    *,
    username: str,
    full_name: tuple[str, str],
    role: Role,
    wards: Iterable[Ward],
    password: str,
    specialty: str = "",
) -> User:
    """The member of staff of this name, made if they are not there; an existing password stays."""
    user, created = User.objects.get_or_create(
        username=username,
        defaults={
            "first_name": full_name[0],
            "last_name": full_name[1],
            "role": role.value,
            "specialty": specialty,
            "is_staff": allows(role, Action.ADMINISTER),
            "is_superuser": allows(role, Action.ADMINISTER),
        },
    )
    if created:
        user.set_password(password)
        user.save(update_fields=["password"])
        user.wards.set(wards)
    return user


@dataclass(frozen=True, slots=True)
class Signature:
    """What is typed to sign with a second person: one's own password, and the other's name and password."""

    own_password: str
    second_username: str
    second_password: str


def sign_with_second_person(*, performer: User, signature: Signature, ward_id: int | None) -> User:
    """The second person, once both have proved who they are. The doors count failures first (`prove_signature`).

    `ward_id` is where the second person must work; None asks only that they share a ward with the performer.
    Raises DomainError `own_password_wrong`, `second_person_refused`, `second_person_same`,
    `second_person_not_allowed`.
    """
    if not performer.check_password(signature.own_password):
        raise _unsigned("signature.own_password", "own_password_wrong", N_("This is not your password."))
    second = authenticate(username=signature.second_username.strip(), password=signature.second_password)
    if not isinstance(second, User):
        raise _unsigned(
            "signature.second_username",
            "second_person_refused",
            N_("The second person's name or password is wrong."),
        )
    if second.pk == performer.pk:
        raise _unsigned(
            "signature.second_username",
            "second_person_same",
            N_("The second person must be somebody else than you."),
        )
    meant = Ward.objects.filter(pk=ward_id) if ward_id else wards_of_now(performer)
    shared = wards_of_now(second).filter(pk__in=meant)
    if not (role_allows(second, Action.CO_SIGN) and shared.exists()):
        raise _unsigned(
            "signature.second_username",
            "second_person_not_allowed",
            N_("This person may not sign here. Ask a nurse or a physician of the ward."),
        )
    return second


def _unsigned(field: str, code: str, message: str) -> DomainError:
    return DomainError(code, message, extra={"field": field})


def set_on_call(
    *,
    performer: User,
    ward_id: int,
    physician_id: int,
    starts_at: datetime | None,
    ends_at: datetime,
    now: datetime,
) -> OnCall:
    """Say which physician is called for a ward from when (None is now) until when.

    Entries may overlap: the one made last counts, so that handing a duty over is one new entry.
    Raises DomainError `on_call_not_a_physician`, `on_call_ends_too_early`, `on_call_too_long`.
    """
    begins = starts_at or now
    with unit_of_work():
        access_ward(performer, ward_id, Action.SET_ON_CALL)
        physician = User.objects.filter(pk=physician_id, is_active=True).first()
        if physician is None or not can(physician, Action.BE_ON_CALL, ward_id):
            raise DomainError(
                "on_call_not_a_physician",
                N_("Only a physician of this ward can be on call for it. Choose another name."),
                extra={"field": "physician_id"},
            )
        if ends_at <= max(begins, now):
            raise DomainError(
                "on_call_ends_too_early",
                N_("The duty must end after it begins, and after now. Check the dates and times."),
                extra={"field": "ends_at"},
            )
        if ends_at - begins > LONGEST_DUTY:
            raise DomainError(
                "on_call_too_long",
                N_("A duty lasts %(days)s days at most. Check the dates."),
                extra={"field": "ends_at"},
                days=LONGEST_DUTY.days,
            )
        _lock_ward(ward_id)
        duty = OnCall.objects.create(
            ward_id=ward_id,
            physician=physician,
            starts_at=begins,
            ends_at=ends_at,
            set_by=performer,
            set_at=now,
        )
        _record_duty("on_call.set", duty, performer, now)
    return duty


def withdraw_on_call(*, performer: User, duty_id: int, now: datetime) -> OnCall:
    """Take an on-call entry back; what it covered falls to the entry made before it. Twice is once."""
    with unit_of_work():
        duty = access_duty(performer, duty_id, Action.SET_ON_CALL)
        _lock_ward(duty.ward_id)
        duty.refresh_from_db()
        if duty.withdrawn_at is None:
            duty.withdrawn_at, duty.withdrawn_by = now, performer
            duty.save(update_fields=["withdrawn_at", "withdrawn_by"])
            _record_duty("on_call.withdrawn", duty, performer, now)
    return duty


def _lock_ward(ward_id: int) -> None:
    # Not the row's key: what refers to the ward meanwhile does not wait.
    Ward.objects.select_for_update(no_key=True).get(pk=ward_id)


def _record_duty(name: str, duty: OnCall, performer: User, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"ward:{duty.ward_id}",
        ward_id=duty.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={
            "duty": duty.pk,
            "physician": duty.physician_id,
            "starts_at": duty.starts_at.isoformat(),
            "ends_at": duty.ends_at.isoformat(),
        },
    )
