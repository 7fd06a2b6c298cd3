"""Taking due timers and giving each to a worker."""

from celery import shared_task

from apps.kernel import clock
from apps.ledger.services.timers import claim_due_timers
from apps.ledger.services.timers import fire_timer as fire_timer_service


@shared_task(name="apps.ledger.tasks.tick")
def tick() -> int:
    """Claim due timers and give each to a worker. Returns how many."""
    claimed = claim_due_timers(now=clock.now(), wall_now=clock.wall_now())
    for timer_id, attempt in claimed:
        fire_timer.delay(timer_id, attempt)
    return len(claimed)


@shared_task(name="apps.ledger.tasks.fire_timer")
def fire_timer(timer_id: int, attempt: int) -> None:
    """Fire one claimed timer."""
    fire_timer_service(timer_id=timer_id, attempt=attempt)
