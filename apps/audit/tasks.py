"""What Celery beat drives: closing the days that are over."""

from celery import shared_task

from apps.audit.services import close_finished_days
from apps.kernel import clock


@shared_task(name="apps.audit.tasks.close_days", time_limit=600)
def close_days() -> int:
    """Close each day that is over and still open. Returns how many; a second run finds none."""
    return len(close_finished_days(now=clock.now(), wall_now=clock.wall_now()))
