"""Readers of what people prove themselves with."""

from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from apps.accounts.selectors import Staff
from apps.identity.models import Factors, Passkey, RecoveryCode


@dataclass(frozen=True, slots=True)
class PasskeyShown:
    """A passkey as its owner sees it."""

    id: int
    name: str
    added_at: datetime
    last_used_at: datetime | None

    @property
    def field_id(self) -> str:
        """The id of its password field on the page."""
        return f"password-{self.id}"


@dataclass(frozen=True, slots=True)
class Standing:
    """What a person has beside the password."""

    totp_added_at: datetime | None
    passkeys: tuple[PasskeyShown, ...]
    recovery_codes_left: int

    @property
    def has_totp(self) -> bool:
        """Whether an authenticator is in use."""
        return self.totp_added_at is not None

    @property
    def has_factor(self) -> bool:
        """Whether a password alone is not enough for this person."""
        return self.has_totp or bool(self.passkeys)

    @property
    def factors(self) -> int:
        """How many authenticators and passkeys there are; recovery codes do not count."""
        return int(self.has_totp) + len(self.passkeys)


def standing_of(user: Staff) -> Standing:
    """The person's second factors."""
    row = Factors.objects.filter(user=user).first()
    passkeys = Passkey.objects.filter(user=user).order_by("pk")
    return Standing(
        totp_added_at=row.totp_added_at if row else None,
        passkeys=tuple(PasskeyShown(one.pk, one.name, one.added_at, one.last_used_at) for one in passkeys),
        recovery_codes_left=RecoveryCode.objects.filter(user=user, used_at__isnull=True).count(),
    )


def must_have_factor(user: Staff) -> bool:
    """Whether the settings ask a second factor of the person's role."""
    return user.role in settings.SECOND_FACTOR_ROLES
