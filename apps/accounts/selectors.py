"""Readers of staff and wards. `access_ward` is the only way to a ward a person may act on."""

from collections.abc import Iterable
from typing import Any, Protocol

from apps.accounts.domain.roles import Action, Role, allows
from apps.accounts.models import User, Ward
from apps.kernel.errors import ForbiddenError, NotFoundError
from apps.kernel.text import N_

Staff = User

__all__ = [
    "Action",
    "Role",
    "Staff",
    "Ward",
    "access_ward",
    "can",
    "display_names",
    "require",
    "role_allows",
    "staff_of",
    "staff_who_may",
    "wards_of",
]


class HasUser(Protocol):
    """A request, whichever framework's."""

    @property
    def user(self) -> Any: ...


def staff_of(request: HasUser) -> Staff:
    """The signed-in person behind a request that only signed-in people can make."""
    user = request.user
    assert isinstance(user, User)
    return user


def role_allows(user: Staff, action: Action) -> bool:
    """Whether the person's role may do this anywhere at all."""
    return user.is_active and allows(Role(user.role), action)


def wards_of(user: Staff) -> list[Ward]:
    """The wards a person belongs to, by name."""
    return list(user.wards.order_by("name"))


def can(user: Staff, action: Action, ward_id: int) -> bool:
    """Whether the person may do this on this ward."""
    return role_allows(user, action) and user.wards.filter(pk=ward_id).exists()


def staff_who_may(action: Action, ward_id: int) -> list[Staff]:
    """The staff of a ward whose role allows this, by name."""
    staff = User.objects.filter(wards=ward_id, is_active=True)
    return sorted(
        (user for user in staff if role_allows(user, action)), key=lambda user: user.display_name.casefold()
    )


def access_ward(user: Staff, ward_id: int, action: Action) -> Ward:
    """The ward, for this action.

    Raises NotFoundError when the ward is not the person's own: they may not know that it exists.
    Raises ForbiddenError when it is, but the action is not their role's.
    """
    ward = user.wards.filter(pk=ward_id).first()
    if ward is None:
        raise NotFoundError("not_found", N_("There is no such ward among yours."))
    require(user, action)
    return ward


def require(user: Staff, action: Action) -> None:
    """Raise ForbiddenError unless the person's role may do this."""
    if not role_allows(user, action):
        raise ForbiddenError(
            "not_your_role", N_("Your role does not allow this. Ask a colleague whose role does.")
        )


def display_names(user_ids: Iterable[int | None]) -> dict[int, str]:
    """User id -> name to print."""
    found = User.objects.filter(pk__in={user_id for user_id in user_ids if user_id})
    return {user.pk: user.display_name for user in found}
