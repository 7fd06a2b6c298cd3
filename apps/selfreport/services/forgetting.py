"""Addresses of patients go when they have served."""

from datetime import datetime

from django.db.models import Q

from apps.accounts.selectors import Staff
from apps.selfreport.models import SelfReportLink, Sending
from apps.selfreport.services.common import OPEN_SENDINGS
from apps.selfreport.services.issuing import close_link


def forget_addresses(*, before: datetime, dry_run: bool = False) -> int:
    """Wipe the addresses of what was sent, failed or was withdrawn and asked for before a moment.

    Returns how many there are or were. That and when a message was sent, and the consent, stay.
    """
    served = Sending.objects.exclude(sealed_address="").exclude(state__in=OPEN_SENDINGS)
    old = served.filter(Q(consent_at__lt=before))
    return old.count() if dry_run else old.update(sealed_address="", last_error="")


def forget_contact(*, patient_id: int, performer: Staff, now: datetime) -> int:
    """Take back a patient's open link and wipe every address they were written to. Returns how many.

    To be called within a unit of work.
    """
    for link in SelfReportLink.objects.select_for_update().filter(
        patient=patient_id, revoked_at__isnull=True
    ):
        close_link(link, performer, SelfReportLink.Revocation.WITHDRAWN, "", now)
    sendings = Sending.objects.filter(link__patient=patient_id).exclude(sealed_address="")
    return sendings.update(sealed_address="", sealed_token="", last_error="")  # nosec B106  # wiped
