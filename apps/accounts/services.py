"""Writers of staff and wards."""

from collections.abc import Iterable

from django.db import transaction

from apps.accounts.domain.roles import Role
from apps.accounts.models import User, Ward


@transaction.atomic
def ensure_ward(*, name: str, time_zone: str) -> Ward:
    """The ward of this name, made if it is not there."""
    ward, _ = Ward.objects.get_or_create(name=name, defaults={"time_zone": time_zone})
    return ward


@transaction.atomic
def ensure_staff(
    *, username: str, full_name: tuple[str, str], role: Role, wards: Iterable[Ward], password: str
) -> User:
    """The member of staff of this name, made if they are not there; an existing password stays."""
    user, created = User.objects.get_or_create(
        username=username,
        defaults={
            "first_name": full_name[0],
            "last_name": full_name[1],
            "role": role.value,
            "is_staff": role is Role.ADMINISTRATOR,
            "is_superuser": role is Role.ADMINISTRATOR,
        },
    )
    if created:
        user.set_password(password)
        user.save(update_fields=["password"])
        user.wards.set(wards)
    return user
