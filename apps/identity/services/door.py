"""The door: a name and a password, and how often they may be wrong."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.auth import authenticate, get_user_model
from django.db import connection, transaction

from apps.accounts.selectors import Staff
from apps.identity.domain import throttle
from apps.identity.domain.throttle import Lane, Place
from apps.identity.errors import first_password_over, password_only_signs, sign_in_refused, too_many_tries
from apps.identity.models import KnownPlace, SignInLane, VainName
from apps.identity.provider import provider_name
from apps.identity.sealing import digest
from apps.ledger.services import record_event, unit_of_work

_LOCK = "SELECT pg_advisory_xact_lock(%s)"


@dataclass(frozen=True, slots=True)
class Knock:
    """Who says they are whom, from where. `address` is a group of addresses, `device` a cookie's token or nothing."""

    username: str
    address: str
    device: str = ""

    @property
    def places(self) -> tuple[str, str]:
        """Digests of the device (empty without one) and of the address."""
        return digest("device", self.device) if self.device else "", digest("address", self.address)


@dataclass(frozen=True, slots=True)
class _Approach:
    place: Place
    lane: str
    name: str
    address: str
    people: int


def open_door(*, knock: Knock, password: str, wall_now: datetime, now: datetime) -> Staff:
    """The person of this name and password, for whoever goes on to sign them in.

    A try is counted before it is looked at, so that many at once are not more than many in a row; a right one takes
    its lane's count away. Call it outside of any transaction. Raises DomainError `sign_in_refused`, the same and
    as slowly whether the name exists or not, `password_only_signs`, `first_password_over`, and
    TooManyTriesError `too_many_tries` before any password is looked at.
    """
    approach = _approach(knock, wall_now)
    failures = _count(approach, wall_now)
    user = authenticate(username=knock.username, password=password)
    if user is None:
        _tell_of_failures(knock.username, approach.place, failures, now)
        raise sign_in_refused()
    assert isinstance(user, Staff)
    if user.password_only_signs and provider_name():
        raise password_only_signs()  # the try stays counted: this is no way to look for the password
    if user.first_password_until is not None and user.first_password_until <= wall_now:
        raise first_password_over()
    SignInLane.objects.filter(pk=approach.lane).delete()
    VainName.objects.filter(address=approach.address, name=approach.name).delete()
    return user


def count_code(*, user_id: int, wall_now: datetime) -> None:
    """Count a try at a second factor before it is looked at. Raises TooManyTriesError."""
    _count(_code_approach(user_id), wall_now)


def forget_code_tries(*, user_id: int) -> None:
    """The second factor was right."""
    SignInLane.objects.filter(pk=_code_approach(user_id).lane).delete()


def know_place(*, user_id: int, knock: Knock, wall_now: datetime) -> None:
    """Somebody has signed in here: the device and the address are theirs from now on."""
    rows = [KnownPlace(user_id=user_id, place=place, last_at=wall_now) for place in knock.places if place]
    KnownPlace.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["user", "place"], update_fields=["last_at"]
    )
    KnownPlace.objects.filter(user=user_id, last_at__lt=wall_now - throttle.FAMILIAR_FOR).delete()


def _code_approach(user_id: int) -> _Approach:
    return _Approach(Place.DEVICE, digest("lane", f"code:{user_id}"), "", "", 0)


def _approach(knock: Knock, wall_now: datetime) -> _Approach:
    device, address = knock.places
    since = wall_now - throttle.FAMILIAR_FOR
    known = set(
        KnownPlace.objects.filter(
            user__username=knock.username, place__in=[place for place in (device, address) if place],
            last_at__gt=since,
        ).values_list("place", flat=True)
    )  # fmt: skip
    people = KnownPlace.objects.filter(place=address, last_at__gt=since).count()
    place = throttle.place_of(
        device_known=device in known, address_known=address in known, people_at_address=people
    )
    name = digest("name", knock.username.casefold())
    where = {Place.DEVICE: device, Place.ADDRESS: address, Place.HOUSE: address, Place.FOREIGN: ""}[place]
    return _Approach(place, digest("lane", f"{name}:{where}"), name, address, people)


def _count(approach: _Approach, wall_now: datetime) -> int:
    """Count this try in its lane; returns how many have failed in a row if this one does. Raises TooManyTriesError."""
    counts_names = not approach.place.is_familiar
    with transaction.atomic():
        _lock(approach.lane, approach.address if counts_names else "")
        row = SignInLane.objects.filter(pk=approach.lane).first()
        lane = Lane(row.failures, row.last_at, row.closed_until) if row else None
        wait = throttle.wait_before_try(lane, wall_now)
        if counts_names:
            wait = max(wait, _wait_of_address(approach, wall_now))
        if wait:
            raise too_many_tries(wait)
        counted = throttle.after_try(lane, wall_now)
        SignInLane.objects.update_or_create(
            pk=approach.lane,
            defaults={
                "failures": counted.failures,
                "last_at": counted.last_at,
                "closed_until": counted.closed_until,
            },
        )
        if counts_names:
            VainName.objects.update_or_create(
                address=approach.address, name=approach.name, defaults={"last_at": wall_now}
            )
    if counted.failures == 1:
        _forget_old_tries(wall_now)
    return counted.failures


def _forget_old_tries(wall_now: datetime) -> None:
    SignInLane.objects.filter(last_at__lt=wall_now - throttle.FORGOTTEN_AFTER).delete()
    VainName.objects.filter(last_at__lt=wall_now - throttle.NAMES_WINDOW).delete()


def _wait_of_address(approach: _Approach, wall_now: datetime) -> timedelta:
    """How long this address waits before it may try one more name; a name it has tried already is its lane's matter."""
    tried = list(
        VainName.objects.filter(
            address=approach.address, last_at__gt=wall_now - throttle.NAMES_WINDOW
        ).order_by("-last_at").values_list("name", "last_at")
    )  # fmt: skip
    allowed = throttle.names_allowed(approach.people)
    if len(tried) < allowed or any(name == approach.name for name, _ in tried):
        return timedelta(0)
    return tried[allowed - 1][1] + throttle.NAMES_WINDOW - wall_now


def _lock(*keys: str) -> None:
    """Until the end of the transaction, in one order for all."""
    with connection.cursor() as cursor:
        for number in sorted(int(key[:15], 16) for key in keys if key):
            cursor.execute(_LOCK, [number])


def _tell_of_failures(username: str, place: Place, failures: int, now: datetime) -> None:
    """A summary in the ledger, not each failure. As much is done for a name that nobody has."""
    if not throttle.is_worth_telling(failures):
        return
    with unit_of_work():
        known = (
            get_user_model()
            .objects.select_for_update(no_key=True)
            .filter(username=username)
            .values_list("pk", flat=True)
            .first()
        )
        name = digest("name", username.casefold())
        _lock(name)
        record_event(
            name="identity.sign_in.refused",
            subject=f"user:{known}" if known else f"unknown:{name[:32]}",
            ward_id=None,
            actor="system",
            now=now,
            payload={"failures_in_a_row": failures, "from": place.value},
        )
