"""Stored answers go when nobody sends a second time any more."""

from datetime import datetime

from apps.edge.models import IdempotentAnswer

BATCH = 5000


def forget_answers(*, before: datetime, dry_run: bool = False) -> int:
    """Delete the answers stored before a moment of real time, in batches. Returns how many there are or were."""
    old = IdempotentAnswer.objects.filter(created_at__lt=before)
    if dry_run:
        return old.count()
    deleted = 0
    while taken := list(old.order_by("pk").values_list("pk", flat=True)[:BATCH]):
        deleted += IdempotentAnswer.objects.filter(pk__in=taken).delete()[0]
    return deleted
