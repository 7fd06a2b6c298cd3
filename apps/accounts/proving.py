"""Proving again who one is, before a signature."""

from datetime import datetime

from django.db import connection

from apps.accounts.domain.proof import FAILURES_AT_MOST, KEPT, WINDOW, proof_window
from apps.accounts.models import User
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

REFUSED = N_(
    "This could not be confirmed: the password is not right, or it was wrong too often. Type it again; after"
    " %(failures)s wrong ones wait %(minutes)s minutes."
)
_COUNT = """
INSERT INTO accounts_prooffailures AS known (user_id, window_at, failures) VALUES (%s, %s, 1)
ON CONFLICT (user_id, window_at) DO UPDATE SET failures = known.failures + 1
RETURNING failures
"""
_TAKE_BACK = "UPDATE accounts_prooffailures SET failures = failures - 1 WHERE user_id = %s AND window_at = %s"
_FORGET = "DELETE FROM accounts_prooffailures WHERE window_at < %s"


def prove_identity(
    *, user: User, password: str, field: str, wall_now: datetime, code: str = "identity_not_proved"
) -> None:
    """Refuse unless this is the person's password and it was not wrong too often lately.

    The answer is the same and takes as long whichever it was: the password is checked either way. Each try is
    counted before it is looked at, so that many at once are not more than many in a row. Call it before any
    transaction, or a refusal would take its own count back. Raises DomainError `identity_not_proved`, or what `code`
    says.
    """
    window = proof_window(wall_now)
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [user.pk, window])
        tries: int = cursor.fetchone()[0]
        # A password that somebody else chose proves nobody.
        right = user.check_password(password) and user.first_password_until is None
        if right and tries <= FAILURES_AT_MOST:
            cursor.execute(_TAKE_BACK, [user.pk, window])
            return
        cursor.execute(_FORGET, [wall_now - KEPT])
    raise _refused(code, field)


def prove_signature(
    *, performer: User, own_password: str, second_username: str, second_password: str, wall_now: datetime
) -> None:
    """Count and check the passwords of a signature before its transaction; `sign_with_second_person` judges the rest.

    A password that was not typed is not tried. A second name that nobody has is answered as a wrong password is.
    Raises DomainError `own_password_wrong`, `second_person_refused`.
    """
    if own_password:
        prove_identity(
            user=performer,
            password=own_password,
            field="signature.own_password",
            wall_now=wall_now,
            code="own_password_wrong",
        )
    if second_password:
        field, code = "signature.second_username", "second_person_refused"
        second = User.objects.filter(username=second_username.strip()).first()
        if second is None:
            User().set_password(second_password)  # as slow as looking at one
            raise _refused(code, field)
        prove_identity(user=second, password=second_password, field=field, wall_now=wall_now, code=code)


def _refused(code: str, field: str) -> DomainError:
    return DomainError(
        code,
        REFUSED,
        extra={"field": field},
        failures=FAILURES_AT_MOST,
        minutes=int(WINDOW.total_seconds() // 60),
    )
