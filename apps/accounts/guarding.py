"""The table of rights as the door asks for it (edge/rights.py): may they come, and what was not theirs."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db.models import Q
from django.utils.module_loading import import_string

from apps.accounts.models import User
from apps.accounts.reach import standing_emergencies, wards_of_now
from apps.accounts.selectors import Action, require, role_allows
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_

NOTHING_HERE = N_("There is nothing at this address that is on your wards.")


def judge(user: Any, rights: Sequence[str], named: Callable[[], Mapping[str, int]]) -> None:
    """Refuse whose role may do none of these.

    Raises NotFoundError where a number they named is of nothing on their wards, else ForbiddenError: what is not
    theirs is not there, whatever they wanted of it.
    """
    assert isinstance(user, User)
    if any(role_allows(user, Action(right)) for right in rights):
        return
    for _, _, mine in _known(user, named()):
        if not mine:
            raise NotFoundError("not_found", NOTHING_HERE)
    require(user, Action(rights[0]))


def foreign(user: Any, named: Mapping[str, int]) -> list[str]:
    """What of the numbers named exists and is not this person's, such as `patient 12`; for the log, without names."""
    if not isinstance(user, User):
        return []
    return [
        f"{name.removesuffix('_id')} {named[name]}"
        for name, there, mine in _known(user, named)
        if there and not mine
    ]


def _known(user: User, named: Mapping[str, int]) -> Iterator[tuple[str, bool, bool]]:
    """(name, whether there is such a thing, whether this person may know of it)."""
    objects: Mapping[str, tuple[str, str, str | None]] = import_string(settings.RIGHTS_OBJECTS)
    for name, number in named.items():
        if name not in objects:
            continue
        label, ward, patient = objects[name]
        rows = apps.get_model(label)._default_manager.filter(pk=number)
        reached = Q(**{f"{ward}__in": wards_of_now(user).values("pk")})
        if patient is not None:
            reached |= Q(**{f"{patient}__in": standing_emergencies(user).values("patient_id")})
        yield name, rows.exists(), rows.filter(reached).exists()
