"""Writers of programs' tokens."""

import hashlib
import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth import get_user_model

from apps.accounts.selectors import Action, Staff, access_ward, require, wards_of
from apps.accounts.services import prove_identity
from apps.kernel.errors import DomainError, NotFoundError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.machines.domain.scopes import check_life, check_scope
from apps.machines.models import ServiceToken

PREFIX = "ivig_"
_SHOWN = len(PREFIX) + 6


@dataclass(frozen=True, slots=True)
class Issued:
    """A new token: in clear this once."""

    row: ServiceToken
    token: str


def digest_of(token: str) -> str:
    """What is kept of a token. 256 random bits need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def create_token(
    *,
    performer: Staff | None,
    own_password: str,
    name: str,
    actions: Iterable[str],
    ward_ids: Iterable[int],
    days: int,
    now: datetime,
    wall_now: datetime,
) -> Issued:
    """Give a program its token, for these actions on these wards only; from the command line without a performer.

    Raises ForbiddenError, NotFoundError, DomainError `identity_not_proved`, `scope_empty`, `scope_not_a_machines`,
    `token_life_implausible`, `token_without_ward`.
    """
    scope, life, wanted = check_scope(actions), check_life(days), sorted(set(ward_ids))
    if not wanted:
        raise DomainError("token_without_ward", N_("Choose at least one ward."), extra={"field": "ward_ids"})
    if performer is not None:
        require(performer, Action.ADMINISTER)
        for ward_id in wanted:
            access_ward(performer, ward_id, Action.ADMINISTER)
        prove_identity(user=performer, password=own_password, field="own_password", wall_now=wall_now)
    token = PREFIX + secrets.token_urlsafe(32)
    with unit_of_work():
        person = get_user_model()(
            username=f"program-{secrets.token_hex(6)}", first_name=name[:80], is_active=False
        )
        person.set_unusable_password()
        person.save()
        person.wards.set(wanted)
        row = ServiceToken.objects.create(
            name=name,
            person=person,
            prefix=token[:_SHOWN],
            sha256=digest_of(token),
            actions=list(scope),
            created_at=wall_now,
            created_by=performer,
            expires_at=wall_now + life,
        )
        _record("machine.token.created", row, performer, now, {"actions": list(scope), "wards": wanted})
    return Issued(row, token)


def revoke_token(
    *, performer: Staff | None, token_id: int, now: datetime, wall_now: datetime
) -> ServiceToken:
    """Take a token back; other processes go on with it for 5 s at most. Twice is once. Raises NotFoundError."""
    with unit_of_work():
        if performer is not None:
            require(performer, Action.ADMINISTER)
        row = ServiceToken.objects.select_for_update().filter(pk=token_id).first()
        own = {ward.pk for ward in wards_of(performer)} if performer is not None else None
        if row is None or (own is not None and not own >= {ward.pk for ward in wards_of(row.person)}):
            raise NotFoundError("not_found", N_("There is no such token on your wards."))
        if row.revoked_at is None:
            row.revoked_at, row.revoked_by = wall_now, performer
            row.save(update_fields=["revoked_at", "revoked_by"])
            _record("machine.token.revoked", row, performer, now, {})
    return row


def note_use(*, token_id: int, wall_now: datetime) -> None:
    """Note that a token is in use. Called once an hour at most."""
    ServiceToken.objects.filter(pk=token_id).update(used_at=wall_now)


def _record(
    name: str, row: ServiceToken, performer: Staff | None, now: datetime, payload: dict[str, object]
) -> None:
    record_event(
        name=name,
        subject=f"service_token:{row.pk}",
        ward_id=None,
        actor=actor_of(performer),
        now=now,
        payload={"token": row.prefix, "name": row.name, "person": row.person_id, **payload},
    )
