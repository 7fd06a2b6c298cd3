"""Writers of staff and wards."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.contrib.auth import authenticate
from django.db import transaction

from apps.accounts.domain.roles import Action, Role, allows
from apps.accounts.models import User, Ward
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


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
            "is_staff": role is Role.ADMINISTRATOR,
            "is_superuser": role is Role.ADMINISTRATOR,
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
    """The second person, once both have proved who they are.

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
    meant = Ward.objects.filter(pk=ward_id) if ward_id else performer.wards.all()
    shared = second.wards.filter(pk__in=meant)
    if not (second.is_active and allows(Role(second.role), Action.CO_SIGN) and shared.exists()):
        raise _unsigned(
            "signature.second_username",
            "second_person_not_allowed",
            N_("This person may not sign here. Ask a nurse or a physician of the ward."),
        )
    return second


def _unsigned(field: str, code: str, message: str) -> DomainError:
    return DomainError(code, message, extra={"field": field})
