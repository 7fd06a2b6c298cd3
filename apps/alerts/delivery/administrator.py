"""Telling the administrator of the service's own trouble, without database, Redis or Celery."""

import logging
import uuid

from apps.alerts.delivery.channels import administrator_targets
from apps.alerts.delivery.gateways import GatewayError, Letter, send

logger = logging.getLogger(__name__)


def notify_administrator(text: str, *, title: str = "IVIG Monitor needs attention") -> int:
    """Send a text directly, each channel within a bounded time. Returns how many took it; never raises for a gateway.

    The text must not identify a patient. The caller decides how often.
    """
    letter = Letter(str(uuid.uuid4()), " ".join(title.split()), text)
    taken = 0
    for target in administrator_targets():
        try:
            send(target, letter)
        except GatewayError as error:
            logger.error("The administrator was not told by %s: %s", type(target).__name__, error)
        else:
            taken += 1
    return taken
