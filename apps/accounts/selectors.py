"""Readers of staff and wards. `access_ward` is the only way to a ward a person may act on."""

import copy
from collections.abc import Iterable
from datetime import datetime
from typing import Any, Protocol

from apps.accounts.domain.on_call import Duty, Stretch, duty_at, stretches
from apps.accounts.domain.roles import Action, Role, allows
from apps.accounts.models import OnCall, User, Ward
from apps.accounts.reach import people_of, wards_of_now, within_reach, within_reach_sql
from apps.kernel.errors import ForbiddenError, NotFoundError
from apps.kernel.text import N_

Staff = User

__all__ = [
    "Action",
    "Role",
    "Staff",
    "Ward",
    "access_duty",
    "access_ward",
    "can",
    "display_names",
    "on_call_at",
    "on_call_roster",
    "require",
    "role_allows",
    "scoped",
    "staff_of",
    "staff_who_may",
    "ward_name",
    "wards_of",
    "wards_of_now",
    "within_reach",
    "within_reach_sql",
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
    """Whether the person's role may do this anywhere at all; of a program, whether its token says so."""
    scope: frozenset[Action] | None = getattr(user, "scope", None)
    if scope is not None:
        return user.is_active and action in scope
    return user.is_active and allows(Role(user.role), action)


def scoped(user: Staff, actions: Iterable[Action]) -> Staff:
    """The account of a program for the length of a request: active, and allowed these actions whatever its role."""
    living = copy.copy(user)
    living.is_active = True
    living.__dict__["scope"] = frozenset(actions)
    return living


def wards_of(user: Staff) -> list[Ward]:
    """The wards a person belongs to or covers now, by name."""
    return list(wards_of_now(user).order_by("name"))


def every_ward() -> list[Ward]:
    """The wards of the hospital, for what counts in all of them."""
    return list(Ward.objects.order_by("name"))


def can(user: Staff, action: Action, ward_id: int) -> bool:
    """Whether the person may do this on this ward."""
    return role_allows(user, action) and wards_of_now(user).filter(pk=ward_id).exists()


def staff_who_may(action: Action, ward_id: int) -> list[Staff]:
    """The staff of a ward, and who covers it now, whose role allows this, by name."""
    staff = people_of(ward_id)
    return sorted(
        (user for user in staff if role_allows(user, action)), key=lambda user: user.display_name.casefold()
    )


def on_call_at(ward_id: int, moment: datetime) -> Staff | None:
    """The physician on call for a ward at a moment; None when nobody is."""
    physicians = {user.pk: user for user in staff_who_may(Action.BE_ON_CALL, ward_id)}
    duty = duty_at(_duties(ward_id, physicians, since=moment), moment)
    return physicians[duty.physician_id] if duty else None


def on_call_roster(ward_id: int, *, since: datetime, until: datetime) -> list[tuple[Stretch, Staff | None]]:
    """Who is called when, without gaps: (stretch, physician), None where nobody is on call."""
    physicians = {user.pk: user for user in staff_who_may(Action.BE_ON_CALL, ward_id)}
    found = stretches(_duties(ward_id, physicians, since=since), since=since, until=until)
    return [(stretch, physicians[stretch.duty.physician_id] if stretch.duty else None) for stretch in found]


def _duties(ward_id: int, physician_ids: Iterable[int], *, since: datetime) -> list[Duty]:
    """The entries that speak for now or later. Who left the ward or is no physician any more is not called."""
    rows = OnCall.objects.filter(
        ward=ward_id, ends_at__gt=since, withdrawn_at__isnull=True, physician__in=list(physician_ids)
    )
    return [Duty(row.pk, row.physician_id, row.starts_at, row.ends_at) for row in rows]


def access_duty(user: Staff, duty_id: int, action: Action) -> OnCall:
    """The on-call entry, if it is of one of the person's wards; otherwise NotFoundError."""
    duty = OnCall.objects.filter(pk=duty_id, ward__in=wards_of_now(user)).first()
    if duty is None:
        raise NotFoundError("not_found", N_("There is no such on-call entry on your wards."))
    require(user, action)
    return duty


def ward_name(ward_id: int) -> str:
    """The ward's name."""
    return Ward.objects.values_list("name", flat=True).get(pk=ward_id)


def access_ward(user: Staff, ward_id: int, action: Action) -> Ward:
    """The ward, for this action.

    Raises NotFoundError when the ward is not the person's own: they may not know that it exists.
    Raises ForbiddenError when it is, but the action is not their role's.
    """
    ward = wards_of_now(user).filter(pk=ward_id).first()
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
