"""For somebody who lost every second factor."""

from datetime import datetime

from django.contrib.auth import get_user_model

from apps.identity.models import Factors, Passkey, RecoveryCode
from apps.identity.services.changes import SYSTEM, acting_on, note_change
from apps.kernel.errors import NotFoundError
from apps.kernel.text import N_


def reset_factors(*, username: str, now: datetime) -> None:
    """Take away authenticator, passkeys and recovery codes; the password stays. For whoever runs the service.

    Raises NotFoundError.
    """
    found = get_user_model().objects.filter(username=username).values_list("pk", flat=True).first()
    if found is None:
        raise NotFoundError("not_found", N_("There is no account of this name."))
    with acting_on(found):
        Passkey.objects.filter(user=found).delete()
        RecoveryCode.objects.filter(user=found).delete()
        Factors.objects.filter(user=found).update(totp_sealed="", totp_waiting="", totp_added_at=None)
        note_change(user_id=found, what="factors_reset", now=now, actor=SYSTEM)
