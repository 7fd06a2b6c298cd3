"""Sending what leaves the house."""

from celery import shared_task

from apps.alerts.delivery.sender import send_waiting


@shared_task(name="apps.alerts.tasks.deliver")
def deliver() -> None:
    """Send the messages that wait; goes on in another task when time ran out."""
    if not send_waiting():
        deliver.apply_async(retry=False)
