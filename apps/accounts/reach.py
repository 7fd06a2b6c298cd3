"""What a person's staff entry, covers and emergencies let them reach: the one place that says so.

Every reader asks `wards_of_now` or `within_reach`; a ward that is in no answer of theirs is not there.
"""

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from apps.accounts.domain.roles import Action, opens_in_an_emergency
from apps.accounts.models import EmergencyAccess, User, Ward, WardCover
from apps.kernel import clock


def wards_of_now(user: User) -> QuerySet[Ward]:
    """The person's own wards and those they cover now; a part of the query that it is used in."""
    own = User.wards.through.objects.filter(user_id=user.pk)
    covered = standing_covers(clock.now()).filter(person_id=user.pk)
    return Ward.objects.filter(Q(pk__in=own.values("ward_id")) | Q(pk__in=covered.values("ward_id")))


def standing_covers(moment: datetime) -> QuerySet[WardCover]:
    """The covers that hold at a moment."""
    return WardCover.objects.filter(starts_at__lte=moment, ends_at__gt=moment, withdrawn_at__isnull=True)


def standing_emergencies(user: User) -> QuerySet[EmergencyAccess]:
    """The patients opened to this person in an emergency that holds now."""
    return standing_emergencies_of(user.pk)


def standing_emergencies_of(user_id: int) -> QuerySet[EmergencyAccess]:
    """The same, for whoever knows only the person's number."""
    now = clock.now()
    return EmergencyAccess.objects.filter(person_id=user_id, starts_at__lte=now, ends_at__gt=now)


def within_reach(user: User, action: Action, *, ward: str = "ward", patient: str = "patient") -> Q:
    """A condition for rows this person may know of, for this action.

    `ward` and `patient` are the ways from a row to its ward and its patient. The rows of their wards; and those of a
    patient opened to them in an emergency, where the action is one that an emergency opens.
    """
    reached = Q(**{f"{ward}__in": wards_of_now(user)})
    if opens_in_an_emergency(action):
        reached |= Q(**{f"{patient}__in": standing_emergencies(user).values("patient_id")})
    return reached


def people_of(ward_id: int) -> QuerySet[User]:
    """The active staff who belong to a ward or cover it now."""
    own = User.wards.through.objects.filter(ward_id=ward_id)
    covering = standing_covers(clock.now()).filter(ward_id=ward_id)
    return User.objects.filter(
        Q(pk__in=own.values("user_id")) | Q(pk__in=covering.values("person_id")), is_active=True
    )


def within_reach_sql(alias: str, user: User) -> tuple[str, list[Any]]:
    """(condition, parameters): `within_reach` at the bedside for a hand-written statement over a row of this alias."""
    now = clock.now()
    members, covers, emergencies = (
        model._meta.db_table for model in (User.wards.through, WardCover, EmergencyAccess)
    )
    return (
        f"""(EXISTS (SELECT 1 FROM {members} own WHERE own.ward_id = {alias}.ward_id AND own.user_id = %s)
        OR EXISTS (SELECT 1 FROM {covers} cover WHERE cover.ward_id = {alias}.ward_id AND cover.person_id = %s
            AND cover.starts_at <= %s AND cover.ends_at > %s AND cover.withdrawn_at IS NULL)
        OR EXISTS (SELECT 1 FROM {emergencies} emergency WHERE emergency.patient_id = {alias}.patient_id
            AND emergency.person_id = %s AND emergency.starts_at <= %s AND emergency.ends_at > %s))""",  # nosec B608  # names of ours
        [user.pk, user.pk, now, now, user.pk, now, now],
    )
