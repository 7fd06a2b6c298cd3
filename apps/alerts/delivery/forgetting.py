"""The wording of messages out of the ward goes after its time; that they went, and when, stays."""

from datetime import datetime

from django.db.models import Q

from apps.alerts.models import OutgoingMessage

_OPEN = (OutgoingMessage.State.QUEUED, OutgoingMessage.State.SENDING)


def forget_messages(*, before: datetime, dry_run: bool = False) -> int:
    """Wipe title, text and details of what is settled and older. Returns how many there are or were."""
    old = OutgoingMessage.objects.filter(created_at__lt=before).exclude(state__in=_OPEN)
    worded = old.exclude(Q(title="") & Q(text="") & Q(details={}))
    return worded.count() if dry_run else worded.update(title="", text="", details={}, last_error="")
