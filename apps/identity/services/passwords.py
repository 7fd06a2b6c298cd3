"""A person's own password."""

from datetime import datetime

from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError
from knox.models import AuthToken

from apps.accounts.selectors import Staff
from apps.identity.services.changes import acting_on, note_change
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


def change_password(*, user: Staff, new_password: str, now: datetime) -> None:
    """Set another password; API tokens end, and so do sessions elsewhere (their hash is of the old one).

    The caller has proved who it is. Who had none comes through the hospital's provider, and goes on doing so: their
    first password signs and opens no door. Raises DomainError `password_same`, `password_weak`; the
    `extra.reasons` of that are Django's sentences.
    """
    if user.check_password(new_password):
        raise DomainError(
            "password_same",
            N_("This is the password you have. Choose another one."),
            extra={"field": "new_password"},
        )
    try:
        password_validation.validate_password(new_password, user)
    except ValidationError as error:
        raise DomainError(
            "password_weak",
            N_(
                "This password is too easy to guess, or too short. Choose a longer one: 12 characters at least."
            ),
            extra={"field": "new_password", "reasons": list(error.messages)},
        ) from None
    with acting_on(user.pk):
        user.password_only_signs |= not user.has_usable_password()
        user.set_password(new_password)
        user.first_password_until = None
        user.save(update_fields=["password", "password_only_signs", "first_password_until"])
        AuthToken.objects.filter(user=user).delete()
        note_change(user_id=user.pk, what="password_changed", now=now)
