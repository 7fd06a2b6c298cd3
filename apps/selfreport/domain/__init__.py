"""Pure rules of self-report: how long a link lives, which check an answer belongs to, how much is too much."""

from apps.kernel.addresses import address_group
from apps.selfreport.domain.checks import STALE_AFTER, Check, choose_check
from apps.selfreport.domain.limits import LIMITS, Limit, Purpose, window_start
from apps.selfreport.domain.links import (
    LONGEST_LIFE,
    WITHOUT_CHECKS,
    expires_at,
    is_token,
    new_token,
    token_digest,
)

__all__ = [
    "LIMITS",
    "LONGEST_LIFE",
    "STALE_AFTER",
    "WITHOUT_CHECKS",
    "Check",
    "Limit",
    "Purpose",
    "address_group",
    "choose_check",
    "expires_at",
    "is_token",
    "new_token",
    "token_digest",
    "window_start",
]
