"""Readers of programs' tokens."""

from apps.accounts.selectors import Action, Staff, require, wards_of
from apps.machines.models import ServiceToken

TokenRecord = ServiceToken

__all__ = ["TokenRecord", "all_tokens", "token_of_digest", "tokens_seen_by"]


def tokens_seen_by(user: Staff) -> list[TokenRecord]:
    """The tokens on an administrator's wards, the newest first. Raises ForbiddenError."""
    require(user, Action.ADMINISTER)
    rows = ServiceToken.objects.filter(person__wards__in=wards_of(user)).distinct()
    return list(rows.select_related("created_by", "revoked_by", "person").order_by("-created_at", "-pk"))


def all_tokens() -> list[TokenRecord]:
    """Every token, the newest first, for the command line."""
    return list(ServiceToken.objects.select_related("person").order_by("-created_at", "-pk"))


def token_of_digest(digest: str) -> TokenRecord | None:
    """The token with this digest, revoked and expired ones too."""
    return ServiceToken.objects.select_related("person").filter(sha256=digest).first()
