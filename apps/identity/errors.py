"""Refusals of the door."""

import math
from datetime import timedelta

from apps.kernel.errors import DomainError, ForbiddenError
from apps.kernel.text import N_


class TooManyTriesError(DomainError):
    """Too many failures; `extra.retry_after_s` goes into the Retry-After header."""

    http_status = 429


def password_only_signs() -> DomainError:
    """The password is right and opens no door: its person comes through the hospital's provider."""
    return ForbiddenError(
        "password_only_signs",
        N_("This password is for signing only. Sign in with the button of your hospital."),
    )


def first_password_over() -> DomainError:
    """The administrator's password was not changed in time."""
    return ForbiddenError(
        "first_password_over",
        N_("This first password has run out. Ask the administrator for a new one."),
    )


def sign_in_refused() -> DomainError:
    """The one answer to a wrong name and a wrong password."""
    return DomainError("sign_in_refused", N_("The name or the password is wrong. Check both and try again."))


def too_many_tries(wait: timedelta) -> TooManyTriesError:
    """The same whether the account exists or not."""
    seconds = max(1, math.ceil(wait.total_seconds()))
    return TooManyTriesError(
        "too_many_tries",
        N_(
            "Too many tries in vain with this name or from here. Wait %(minutes)s min %(seconds)s s. On a device where"
            " you signed in lately you can go on."
        ),
        extra={"retry_after_s": seconds},
        minutes=seconds // 60,
        seconds=seconds % 60,
    )


def code_refused() -> DomainError:
    """A second factor that does not count."""
    return DomainError(
        "code_refused",
        N_(
            "This code does not count: it is wrong, or it was used already. Wait for the next one and type it."
        ),
        extra={"field": "code"},
    )


def passkey_refused() -> DomainError:
    """A passkey that does not count; why is in the log, not in the answer."""
    return DomainError(
        "passkey_refused", N_("This passkey was not accepted. Try again, or sign in with your password.")
    )


def sign_in_again() -> DomainError:
    """What was begun is too long ago, or was begun elsewhere."""
    return DomainError("sign_in_again", N_("This took too long or was begun elsewhere. Begin again."))
