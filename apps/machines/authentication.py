"""Who is behind `Authorization: Bearer ivig_…`: an account that lives for one request and may what the token says."""

import time
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, get_authorization_header
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from apps.accounts.selectors import Action, Staff, scoped
from apps.edge.authentication import REMEMBERED_S
from apps.kernel import clock
from apps.machines.selectors import TokenRecord, token_of_digest
from apps.machines.services import PREFIX, digest_of, note_use

_LIMIT = 1_000
_USE_NOTED_EACH = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class _Known:
    row: TokenRecord
    until: float


_known: dict[str, _Known] = {}


class ServiceTokenAuthentication(BaseAuthentication):
    """Service tokens, found by their digest and remembered as long as the tokens of persons are."""

    def authenticate_header(self, request: Request) -> str:
        return "Bearer"

    def authenticate(self, request: Request) -> tuple[Staff, TokenRecord] | None:
        words = get_authorization_header(request).split()
        if not words or words[0].lower() != b"bearer":
            return None
        token = words[1].decode("latin-1") if len(words) == 2 else ""
        row = self._row(digest_of(token)) if token.startswith(PREFIX) else None
        now = clock.wall_now()
        if row is None or row.revoked_at is not None or row.expires_at <= now:
            raise AuthenticationFailed(_("Invalid token."))
        return scoped(row.person, (Action(action) for action in row.actions if action in set(Action))), row

    def _row(self, digest: str) -> TokenRecord | None:
        known = _known.get(digest)
        if known is not None and known.until > time.monotonic():
            return known.row
        _known.pop(digest, None)
        row = token_of_digest(digest)
        if row is None:
            return None
        if len(_known) >= _LIMIT:
            _known.clear()
        now = clock.wall_now()
        living = row.revoked_at is None and row.expires_at > now
        if living and (row.used_at is None or now - row.used_at > _USE_NOTED_EACH):
            note_use(token_id=row.pk, wall_now=now)
        _known[digest] = _Known(row, time.monotonic() + REMEMBERED_S)
        return row


class ServiceTokenScheme(OpenApiAuthenticationExtension):  # type: ignore[misc,no-untyped-call]
    """How the API's description names it."""

    target_class = "apps.machines.authentication.ServiceTokenAuthentication"
    name = "serviceToken"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """An HTTP bearer token."""
        return {"type": "http", "scheme": "bearer"}


def forget_tokens(**_kwargs: Any) -> None:
    """Look every token up anew. A receiver of Django's model signals."""
    _known.clear()
