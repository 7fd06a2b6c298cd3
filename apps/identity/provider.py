"""The hospital's identity provider over HTTP (OpenID Connect, code flow with PKCE)."""

import base64
import hashlib
import logging
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode, urlsplit

import httpx
from django.conf import settings
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from apps.identity.domain.provider import ALGORITHMS, token_problem
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

TIMEOUT_S = 10.0
REMEMBERED_S = 600.0
_MOST_BYTES = 512 * 1024
_logger = logging.getLogger("identity.provider")
_lock = threading.Lock()
_remembered: dict[str, tuple[float, dict[str, Any]]] = {}


@dataclass(frozen=True, slots=True)
class Attempt:
    """What must come back with the answer, and the half of PKCE that stays here."""

    state: str
    nonce: str
    verifier: str


def provider_name() -> str:
    """What the button says; empty when no provider is set up."""
    complete = settings.OIDC_ISSUER and settings.OIDC_CLIENT_ID and settings.OIDC_CLAIM
    return (settings.OIDC_NAME or urlsplit(settings.OIDC_ISSUER).hostname or "") if complete else ""


def sign_in_address(attempt: Attempt, *, redirect_uri: str) -> str:
    """Where the browser is sent. Raises DomainError `provider_unreachable`."""
    challenge = base64.urlsafe_b64encode(hashlib.sha256(attempt.verifier.encode()).digest()).rstrip(b"=")
    query = {
        "response_type": "code",
        "client_id": settings.OIDC_CLIENT_ID,
        "redirect_uri": redirect_uri,
        "scope": settings.OIDC_SCOPE,
        "state": attempt.state,
        "nonce": attempt.nonce,
        "code_challenge": challenge.decode(),
        "code_challenge_method": "S256",
    }
    if settings.OIDC_ACR:
        query["acr_values"] = " ".join(settings.OIDC_ACR)
    address = _endpoint("authorization_endpoint")
    return f"{address}{'&' if '?' in address else '?'}{urlencode(query)}"


def claims_of_code(
    code: str, attempt: Attempt, *, redirect_uri: str, wall_now: datetime
) -> Mapping[str, Any]:
    """The claims of whoever signed in there, once the provider's word is checked.

    Raises DomainError `provider_unreachable`, `provider_refused`.
    """
    form = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri,
        "client_id": settings.OIDC_CLIENT_ID,
        "code_verifier": attempt.verifier,
    }
    secret = settings.OIDC_CLIENT_SECRET
    answer = _fetch(
        "POST",
        _endpoint("token_endpoint"),
        data=form,
        auth=httpx.BasicAuth(settings.OIDC_CLIENT_ID, secret) if secret else None,
    )
    token = answer.get("id_token")
    if not isinstance(token, str):
        raise _refused("no id_token")
    claims = _verified(token)
    problem = token_problem(
        claims,
        issuer=settings.OIDC_ISSUER,
        client_id=settings.OIDC_CLIENT_ID,
        nonce=attempt.nonce,
        now=wall_now,
    )
    if problem:
        raise _refused(problem)
    return claims


def forget_provider() -> None:
    """Ask the provider for its addresses and keys anew."""
    with _lock:
        _remembered.clear()


def _verified(token: str) -> Mapping[str, Any]:
    """The claims under a signature of the provider; its keys are fetched anew once, because providers change them."""
    address = _endpoint("jwks_uri")
    for fresh in (False, True):
        try:
            keys = KeySet.import_key_set(_document(address, fresh=fresh))  # type: ignore[arg-type]
            return jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims
        except (JoseError, ValueError, KeyError, TypeError) as error:
            kind = type(error).__name__
    raise _refused(f"signature: {kind}")


def _endpoint(name: str) -> str:
    document = _document(f"{settings.OIDC_ISSUER.rstrip('/')}/.well-known/openid-configuration")
    address = document.get(name)
    if (
        document.get("issuer") != settings.OIDC_ISSUER
        or not isinstance(address, str)
        or not _is_allowed(address)
    ):
        raise _refused(f"configuration: {name}")
    return address


def _is_allowed(address: str) -> bool:
    """https, or this machine itself, as in a trial."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (
        parts.scheme == "http" and parts.hostname in ("127.0.0.1", "::1", "localhost")
    )


def _document(address: str, *, fresh: bool = False) -> dict[str, Any]:
    with _lock:
        at, known = _remembered.get(address, (0.0, {}))
    if known and not fresh and time.monotonic() - at < REMEMBERED_S:
        return known
    document = _fetch("GET", address)
    with _lock:
        _remembered[address] = (time.monotonic(), document)
    return document


def _fetch(method: str, address: str, **options: Any) -> dict[str, Any]:
    if not _is_allowed(address):
        raise _refused("an address without https")
    try:
        with httpx.Client(timeout=TIMEOUT_S, follow_redirects=False, trust_env=False) as client:
            answer = client.request(method, address, headers={"Accept": "application/json"}, **options)
        if answer.status_code != 200 or len(answer.content) > _MOST_BYTES:
            raise _refused(f"status {answer.status_code}")
        document = answer.json()
    except (httpx.HTTPError, ValueError) as error:
        _logger.warning("The identity provider cannot be reached: %s", type(error).__name__)
        raise DomainError(
            "provider_unreachable",
            N_("The hospital's sign-in cannot be reached. Try again, or sign in with your password."),
        ) from None
    if not isinstance(document, dict):
        raise _refused("no JSON object")
    return document


def _refused(why: str) -> DomainError:
    """Why is for the log; the page only says that it did not work."""
    _logger.warning("An answer of the identity provider was refused: %s", why)
    return DomainError(
        "provider_refused",
        N_(
            "The hospital's sign-in was not accepted here. Try again; if it stays so, tell the administrator."
        ),
    )
