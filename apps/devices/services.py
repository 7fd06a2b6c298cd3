"""Writers of sessions, PINs and badges."""

from datetime import datetime
from functools import cache

from django.contrib.auth.hashers import check_password, make_password
from django.contrib.sessions.backends.db import SessionStore
from django.db.models import F, QuerySet
from knox.models import AuthToken

from apps.accounts.selectors import Action, Staff, require
from apps.accounts.services import prove_identity
from apps.devices.cookie import hash_of, hash_of_badge
from apps.devices.domain.locking import KEPT_FOR, QUICK_FOR, WRONG_AT_MOST
from apps.devices.domain.pins import choose_pin, read_pin
from apps.devices.models import Badge, DeviceSession, Pin
from apps.devices.selectors import access_colleague
from apps.kernel import clock
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work

SIGNED_OUT = "signed_out"
REPLACED = "replaced"
BY_PERSON = "by_person"
BY_ADMINISTRATOR = "by_administrator"
STOLEN = "stolen"
WRONG_PIN = "wrong_pin"
DEACTIVATED = "deactivated"
_SHORTEST_BADGE = 4
_COMES_BACK = ("", REPLACED)  # after these the person may return with the PIN


class LockedError(DomainError):
    """The screen is locked."""

    http_status = 423


class EndedError(DomainError):
    """The session is over: only a sign-in helps."""

    http_status = 401


def open_session(
    *,
    user: Staff,
    session_key: str,
    device: str,
    name: str,
    quick: bool,
    auth_hash: str,
    wall_now: datetime,
) -> DeviceSession:
    """Note a sign-in with its device. A browser holds one session: what was open there before is over."""
    device_hash = hash_of(device)
    with unit_of_work():
        DeviceSession.objects.filter(user=user, opened_at__lt=wall_now - KEPT_FOR).delete()
        for other in DeviceSession.objects.select_for_update().filter(
            device_hash=device_hash, ended_at__isnull=True
        ):
            _end(other, REPLACED, wall_now, keep=session_key)
        return DeviceSession.objects.create(
            user=user,
            session_key=session_key,
            device_hash=device_hash,
            device_name=name,
            quick=quick,
            auth_hash=auth_hash,
            opened_at=wall_now,
            seen_at=wall_now,
            touched_at=wall_now,
        )


def _end(row: DeviceSession, because: str, wall_now: datetime, *, keep: str = "") -> None:
    """End a locked row and wipe its session, unless that is the one to keep."""
    if row.session_key and row.session_key != keep:
        SessionStore().delete(row.session_key)
    row.session_key, row.ended_at, row.ended_because = None, wall_now, because
    row.save(update_fields=["session_key", "ended_at", "ended_because"])
    if because != REPLACED:
        # Nor does the person come back with the PIN to what was open here before.
        earlier = DeviceSession.objects.filter(user=row.user_id, device_hash=row.device_hash)
        earlier.filter(ended_because=REPLACED).update(ended_because=because)


def close_session(*, session_id: int, because: str, wall_now: datetime) -> None:
    """A session ended by itself, such as by signing out. Twice is once."""
    with unit_of_work():
        row = DeviceSession.objects.select_for_update().filter(pk=session_id, ended_at__isnull=True).first()
        if row is not None:
            _end(row, because, wall_now)


def end_session(*, performer: Staff, session_id: int, now: datetime) -> None:
    """End one of one's own sessions; its sockets close when they next look. Raises NotFoundError."""
    with unit_of_work():
        row = DeviceSession.objects.select_for_update().filter(pk=session_id, user=performer).first()
        if row is None:
            raise NotFoundError("not_found", N_("There is no such session of yours."))
        if row.ended_at is None:
            _end(row, BY_PERSON, clock.wall_now())
            _record("session.ended", row, performer, now)


def end_other_sessions(*, performer: Staff, kept_id: int | None, now: datetime) -> int:
    """End all one's sessions but the present one, and withdraw one's API tokens. Returns how many sessions."""
    return _end_many(performer, performer, BY_PERSON, now, kept_id=kept_id)


def end_colleagues_sessions(*, performer: Staff, staff_id: int, now: datetime) -> int:
    """End every session and API token of a colleague, for a device that was lost. Raises NotFoundError.

    What was typed and not sent stays on the device for who signs in there again. Returns how many sessions.
    """
    require(performer, Action.ADMINISTER)
    colleague = access_colleague(performer, staff_id)
    return _end_many(performer, colleague, BY_ADMINISTRATOR, now, kept_id=None)


def end_all_of(*, user: Staff, because: str, now: datetime) -> int:
    """End every session and API token of a person. Returns how many sessions."""
    return _end_many(None, user, because, now, kept_id=None)


def _end_many(
    performer: Staff | None, user: Staff, because: str, now: datetime, *, kept_id: int | None
) -> int:
    with unit_of_work():
        rows = DeviceSession.objects.select_for_update().filter(user=user, ended_at__isnull=True)
        ended = [row for row in rows.order_by("pk") if row.pk != kept_id]
        for row in ended:
            _end(row, because, clock.wall_now())
            _record("session.ended", row, performer, now)
        for token in AuthToken.objects.filter(user=user):
            token.delete()  # one by one: the processes that remember it hear of each
    return len(ended)


def end_stolen(*, session_id: int, now: datetime) -> None:
    """A session's cookie came with another device's: whoever holds it is out, and its person is told."""
    with unit_of_work():
        row = DeviceSession.objects.select_for_update().filter(pk=session_id, ended_at__isnull=True).first()
        if row is not None:
            _end(row, STOLEN, clock.wall_now())
            _record("session.stolen", row, None, now)


def stolen_sessions_to_tell(*, user: Staff, wall_now: datetime) -> int:
    """How many stolen sessions the person has not been told of; now they are."""
    rows = DeviceSession.objects.filter(user=user, ended_because=STOLEN, told_at__isnull=True)
    return rows.update(told_at=wall_now)


def _record(name: str, row: DeviceSession, performer: Staff | None, now: datetime) -> None:
    record_event(
        name=name,
        subject=f"device_session:{row.pk}",
        ward_id=None,
        actor=actor_of(performer),
        now=now,
        payload={"user": row.user_id, "because": row.ended_because},
    )


def note_seen(*, session_id: int, session_key: str, auth_hash: str, wall_now: datetime) -> None:
    """Note that a session is in use; its key and hash change when its person changes the password there."""
    DeviceSession.objects.filter(pk=session_id, ended_at__isnull=True).update(
        seen_at=wall_now, session_key=session_key, auth_hash=auth_hash
    )


def note_touch(*, session_id: int, touched_at: datetime) -> None:
    """Note that somebody touched the screen; never backwards, and never while it is locked."""
    DeviceSession.objects.filter(pk=session_id, locked_at__isnull=True, touched_at__lt=touched_at).update(
        touched_at=touched_at
    )


def lock_screen(*, session_id: int, wall_now: datetime) -> None:
    """From now on the session's person has to say who they are. Twice is once."""
    DeviceSession.objects.filter(pk=session_id, locked_at__isnull=True).update(locked_at=wall_now)


def set_pin(*, performer: Staff, own_password: str, pin: str, wall_now: datetime) -> None:
    """Choose the PIN, after the password.

    Raises DomainError `pin_not_six_digits`, `pin_too_simple`, `identity_not_proved`.
    """
    chosen = choose_pin(pin)
    prove_identity(user=performer, password=own_password, field="own_password", wall_now=wall_now)
    with unit_of_work():
        Pin.objects.update_or_create(
            user=performer, defaults={"encoded": make_password(chosen), "set_at": wall_now}
        )
        _record_own("pin.set", performer)


def remove_pin(*, performer: Staff) -> None:
    """Have no PIN any more. Twice is once."""
    with unit_of_work():
        row = Pin.objects.select_for_update().filter(user=performer).first()
        if row is not None:
            _record_own("pin.removed", performer)
            row.delete()


def _record_own(name: str, performer: Staff) -> None:
    record_event(
        name=name,
        subject=f"{name.split('.')[0]}:{performer.pk}",
        ward_id=None,
        actor=actor_of(performer),
        now=clock.now(),
    )


def set_badge(*, performer: Staff, own_password: str, badge: str, wall_now: datetime) -> None:
    """Have a badge stand for one's name, after the password. It opens nothing without the PIN.

    Raises DomainError `badge_too_short`, `badge_taken`, `identity_not_proved`.
    """
    if len(badge.strip()) < _SHORTEST_BADGE:
        raise DomainError(
            "badge_too_short",
            N_("This is no badge: hold it to the reader once more."),
            extra={"field": "badge"},
        )
    prove_identity(user=performer, password=own_password, field="own_password", wall_now=wall_now)
    code_hash = hash_of_badge(badge)
    with unit_of_work():
        if Badge.objects.filter(code_hash=code_hash).exclude(user=performer).exists():
            raise DomainError(
                "badge_taken",
                N_("This badge stands for somebody else. Tell the administrator."),
                extra={"field": "badge"},
            )
        Badge.objects.update_or_create(user=performer, defaults={"code_hash": code_hash, "set_at": wall_now})
        _record_own("badge.set", performer)


def remove_badge(*, performer: Staff) -> None:
    """Have no badge any more. Twice is once."""
    with unit_of_work():
        row = Badge.objects.select_for_update().filter(user=performer).first()
        if row is not None:
            _record_own("badge.removed", performer)
            row.delete()


def unlock_screen(
    *, performer: Staff, session_id: int, pin: str, own_password: str, now: datetime, wall_now: datetime
) -> None:
    """Open a locked screen again, with the PIN or else the password of the session's own person.

    Each try is counted before it is looked at; the fifth wrong one in a row ends the session. Call it outside a
    transaction. Raises LockedError `unlock_refused`, EndedError `session_ended`, DomainError `identity_not_proved`.
    """
    row = _count_try(DeviceSession.objects.filter(pk=session_id, user=performer, ended_at__isnull=True))
    if row is None:
        raise _over()
    right = row.failures <= WRONG_AT_MOST and _is_right(performer, pin, own_password, wall_now)
    if not right and row.failures >= WRONG_AT_MOST:
        with unit_of_work():
            row = DeviceSession.objects.select_for_update().get(pk=session_id)
            if row.ended_at is None:
                _end(row, WRONG_PIN, wall_now)
                _record("session.ended", row, None, now)
        raise _over()
    if not right:
        raise _wrong(pin, WRONG_AT_MOST - row.failures)
    DeviceSession.objects.filter(pk=session_id).update(failures=0, locked_at=None, touched_at=wall_now)


def _is_right(person: Staff, pin: str, own_password: str, wall_now: datetime) -> bool:
    if pin:
        return _is_pin_of(person, pin)
    try:
        prove_identity(user=person, password=own_password, field="own_password", wall_now=wall_now)
    except DomainError:
        return False
    return True


def _is_pin_of(person: Staff | None, pin: str) -> bool:
    known = Pin.objects.filter(user=person).values_list("encoded", flat=True).first() if person else None
    # A PIN nobody has takes as long to look at as one somebody has.
    return check_password(read_pin(pin), known or _nobodys()) and known is not None


@cache
def _nobodys() -> str:
    return make_password("no PIN")


def _count_try(rows: QuerySet[DeviceSession]) -> DeviceSession | None:
    row = rows.order_by("-opened_at").first()
    if row is None:
        return None
    DeviceSession.objects.filter(pk=row.pk).update(failures=F("failures") + 1)
    row.refresh_from_db(fields=["failures"])
    return row


def _over() -> EndedError:
    return EndedError(
        "session_ended",
        N_("It was wrong too often: the session is ended. Sign in again with your password."),
    )


def _wrong(pin: str, left: int) -> LockedError:
    return LockedError(
        "unlock_refused",
        N_("This is not right. Tries that are left: %(left)s. Then you have to sign in again."),
        extra={"field": "pin" if pin else "own_password"},
        left=left,
    )


def quick_person(*, username: str, pin: str, device: str, wall_now: datetime) -> tuple[Staff, datetime]:
    """The person who may sign in with a PIN here, and until when: 12 h from their full sign-in on this device.

    Not after a sign-out there.

    The answer is the same whatever was wrong. Five wrong PINs, and only a full sign-in helps. Raises LockedError
    `quick_refused`. Call it outside a transaction.
    """
    rows = DeviceSession.objects.select_related("user").filter(
        user__username=username.strip(),
        user__is_active=True,
        device_hash=hash_of(device),
        quick=False,
        opened_at__gt=wall_now - QUICK_FOR,
        ended_because__in=_COMES_BACK,
    )
    row = _count_try(rows)
    person = row.user if row is not None else None
    right = _is_pin_of(person, pin)
    if row is None or person is None or not right or row.failures > WRONG_AT_MOST:
        raise _not_quick()
    if row.auth_hash != person.get_session_auth_hash():
        raise _not_quick()
    DeviceSession.objects.filter(pk=row.pk).update(failures=0)
    return person, row.opened_at + QUICK_FOR


def _not_quick() -> LockedError:
    return LockedError(
        "quick_refused",
        N_(
            "This was not accepted. The PIN opens a device on which you signed in with your password today;"
            " otherwise sign in with the password."
        ),
        extra={"field": "pin"},
    )
