"""What an identity provider's word must hold before it counts (OpenID Connect Core 1.0, 3.1.3.7)."""

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any, TypeGuard

LEEWAY = timedelta(seconds=60)
OLDEST = timedelta(minutes=10)
ALGORITHMS = ("RS256", "PS256", "ES256")


def token_problem(
    claims: Mapping[str, Any], *, issuer: str, client_id: str, nonce: str, now: datetime
) -> str | None:
    """Why an id_token whose signature holds is refused, in a word for the log; None when it counts."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if claims.get("iss") != issuer:
        return "issuer"
    if not isinstance(audiences, list) or client_id not in audiences:
        return "audience"
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != client_id:
        return "authorized party"
    seconds, leeway = now.timestamp(), LEEWAY.total_seconds()
    expires, issued = claims.get("exp"), claims.get("iat")
    if not _is_moment(expires) or expires <= seconds - leeway:
        return "expiry"
    if not _is_moment(issued) or not seconds - OLDEST.total_seconds() <= issued <= seconds + leeway:
        return "time of issue"
    if not nonce or claims.get("nonce") != nonce:
        return "nonce"
    if not (isinstance(claims.get("sub"), str) and claims["sub"]):
        return "subject"
    return None


def linking_value(claims: Mapping[str, Any], claim: str) -> str:
    """The value that names an account; empty when the provider does not vouch for one.

    An address of mail is anybody's to type at many providers: it counts only with `email_verified`.
    """
    value = claims.get(claim)
    if not isinstance(value, str) or not 0 < len(value) <= 254 or not value.isprintable():
        return ""
    if claim == "email" and claims.get("email_verified") is not True:
        return ""
    return value


def is_strong(claims: Mapping[str, Any], *, acr: Collection[str], amr: Collection[str]) -> bool:
    """Whether the provider says that a second factor was used, in words the settings accept."""
    methods = claims.get("amr")
    return claims.get("acr") in acr or (
        isinstance(methods, list) and any(method in amr for method in methods if isinstance(method, str))
    )


def _is_moment(value: Any) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)
