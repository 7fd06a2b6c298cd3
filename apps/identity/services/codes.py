"""Codes of an authenticator (RFC 6238) and recovery codes."""

import hmac
import secrets
from datetime import datetime

import pyotp
from django.contrib.auth.hashers import check_password, make_password

from apps.accounts.selectors import Staff
from apps.identity.domain import factors
from apps.identity.errors import code_refused, sign_in_again
from apps.identity.models import Factors, RecoveryCode
from apps.identity.sealing import seal, unseal
from apps.identity.services.changes import acting_on, note_change, record_of
from apps.identity.services.door import count_code, forget_code_tries

HANDLE_BYTES = 32


def wait_for_totp(*, user: Staff) -> str:
    """A fresh secret that counts once its first code was right; an authenticator in use goes on until then."""
    secret = pyotp.random_base32()
    with acting_on(user.pk):
        row = factors_of(user.pk)
        row.totp_waiting = seal(secret, user_id=user.pk)
        row.save(update_fields=["totp_waiting"])
    return secret


def confirm_totp(*, user: Staff, code: str, wall_now: datetime, now: datetime) -> None:
    """Take the waiting secret into use. Raises DomainError `code_refused`, `sign_in_again`; TooManyTriesError."""
    count_code(user_id=user.pk, wall_now=wall_now)
    with acting_on(user.pk):
        row = factors_of(user.pk)
        secret = unseal(row.totp_waiting, user_id=user.pk) if row.totp_waiting else None
        if secret is None:
            raise sign_in_again()
        step = _step(secret, code, wall_now, last_step=0)
        if step is None:
            raise code_refused()
        replaced = bool(row.totp_sealed)
        row.totp_sealed, row.totp_waiting = seal(secret, user_id=user.pk), ""
        row.totp_added_at, row.totp_last_step = now, step
        row.save()
        note_change(user_id=user.pk, what="totp_added", now=now, payload={"replaced": replaced})
    forget_code_tries(user_id=user.pk)


def remove_totp(*, user: Staff, now: datetime) -> None:
    """Take the authenticator away; without one nothing happens."""
    with acting_on(user.pk):
        row = factors_of(user.pk)
        if row.totp_sealed:
            row.totp_sealed, row.totp_waiting, row.totp_added_at = "", "", None
            row.save()
            note_change(user_id=user.pk, what="totp_removed", now=now)


def prove_code(*, user: Staff, code: str, wall_now: datetime, now: datetime) -> str:
    """Take a code of the authenticator or a recovery code, once. Returns which: "totp" or "recovery_code".

    Counted before it is looked at. Raises DomainError `code_refused`, TooManyTriesError. Call it outside of any
    transaction, or a refusal would take its own count back.
    """
    count_code(user_id=user.pk, wall_now=wall_now)
    parts = factors.recovery_code_parts(code)
    with acting_on(user.pk):
        right = _use_recovery_code(user, *parts, now=now) if parts else _use_totp(user, code, wall_now)
    if not right:
        raise code_refused()
    forget_code_tries(user_id=user.pk)
    return "recovery_code" if parts else "totp"


def make_recovery_codes(*, user: Staff, now: datetime) -> list[str]:
    """Ten new codes to be shown once; those from before count no more."""
    codes: dict[str, str] = {}
    while len(codes) < factors.RECOVERY_CODES:
        codes.setdefault(_letters(factors.INDEX_LENGTH), _letters(factors.SECRET_LENGTH))
    rows = [
        RecoveryCode(user=user, index=index, digest=make_password(secret)) for index, secret in codes.items()
    ]
    with acting_on(user.pk):
        RecoveryCode.objects.filter(user=user).delete()
        RecoveryCode.objects.bulk_create(rows)
        note_change(user_id=user.pk, what="recovery_codes_made", now=now)
    return [factors.written_recovery_code(index, secret) for index, secret in codes.items()]


def factors_of(user_id: int) -> Factors:
    """The person's row, made if it is not there. The caller holds the person."""
    row, _ = Factors.objects.get_or_create(
        user_id=user_id, defaults={"handle": secrets.token_bytes(HANDLE_BYTES)}
    )
    return row


def _use_totp(user: Staff, code: str, wall_now: datetime) -> bool:
    row = factors_of(user.pk)
    secret = unseal(row.totp_sealed, user_id=user.pk) if row.totp_sealed else None
    step = _step(secret, code, wall_now, last_step=row.totp_last_step) if secret else None
    if secret is None or step is None:
        return False
    row.totp_last_step, row.totp_sealed = step, seal(secret, user_id=user.pk)  # under the newest key
    row.save(update_fields=["totp_last_step", "totp_sealed"])
    return True


def _use_recovery_code(user: Staff, index: str, secret: str, *, now: datetime) -> bool:
    row = RecoveryCode.objects.filter(user=user, index=index, used_at__isnull=True).first()
    if row is None or not check_password(secret, row.digest):
        return False
    row.used_at = now
    row.save(update_fields=["used_at"])
    left = RecoveryCode.objects.filter(user=user, used_at__isnull=True).count()
    record_of(user_id=user.pk, what="recovery_code_used", now=now, payload={"left": left})
    return True


def _step(secret: str, code: str, wall_now: datetime, *, last_step: int) -> int | None:
    typed = factors.typed_code(code).encode()
    totp = pyotp.TOTP(secret, interval=factors.STEP_S)
    around = factors.steps_around(factors.step_of(wall_now))
    codes = {step: hmac.compare_digest(totp.generate_otp(step).encode(), typed) for step in around}
    return factors.accepted_step(codes, last_step)


def _letters(count: int) -> str:
    return "".join(secrets.choice(factors.ALPHABET) for _ in range(count))
