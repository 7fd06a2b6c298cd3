"""Who is behind a token: one query, and none again for a few seconds."""

import copy
import time
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _
from drf_spectacular.contrib.knox_auth_token import KnoxTokenScheme
from knox.auth import TokenAuthentication as KnoxAuthentication
from knox.crypto import hash_token
from knox.models import AuthToken
from knox.settings import knox_settings
from rest_framework.exceptions import AuthenticationFailed

from apps.kernel import clock

REMEMBERED_S = 5.0
"""How long a process may go on with a token that was withdrawn, or a person who was deactivated, elsewhere."""
_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class _Known:
    token: AuthToken
    until: float


_known: dict[str, _Known] = {}


class TokenAuthentication(KnoxAuthentication):  # type: ignore[misc]
    """Knox tokens, found by their digest alone; Knox itself reads every token of the person on each request.

    A token found is remembered for REMEMBERED_S in this process. What this process itself writes (a token deleted,
    a person changed) counts at once.
    """

    def authenticate_credentials(self, token: bytes) -> tuple[Any, AuthToken]:
        try:
            digest = hash_token(token.decode())
        except (UnicodeDecodeError, ValueError, TypeError):
            raise AuthenticationFailed(_("Invalid token.")) from None
        known = _known.get(digest)
        if known is None or known.until <= time.monotonic():
            known = self._look_up(digest)
        if self._is_over(known.token):
            raise AuthenticationFailed(_("Invalid token."))
        if knox_settings.AUTO_REFRESH and known.token.expiry:
            self.renew_token(known.token)
        user, auth_token = self.validate_user(known.token)
        return copy.copy(user), auth_token

    def _look_up(self, digest: str) -> _Known:
        _known.pop(digest, None)
        found = AuthToken.objects.select_related("user").filter(digest=digest).first()
        if found is None:
            raise AuthenticationFailed(_("Invalid token."))
        if len(_known) >= _LIMIT:
            _known.clear()
        known = _known[digest] = _Known(found, time.monotonic() + REMEMBERED_S)
        return known

    def _is_over(self, token: AuthToken) -> bool:
        return token.expiry is not None and token.expiry < clock.wall_now()


class TokenScheme(KnoxTokenScheme):  # type: ignore[misc,no-untyped-call]
    """The API's description calls it what it was called before."""

    target_class = "apps.edge.authentication.TokenAuthentication"


def forget_tokens(**_: Any) -> None:
    """Look everybody up anew: a token or a person has changed. A receiver of Django's model signals."""
    _known.clear()
