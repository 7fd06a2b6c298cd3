"""How long an alert may wait for somebody to take it. Site policy, not from a guideline."""

from datetime import timedelta
from enum import StrEnum


class Priority(StrEnum):
    """Alarm priorities as in IEC 60601-1-8."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


ESCALATE_AFTER: dict[Priority, timedelta] = {
    Priority.HIGH: timedelta(minutes=2),
    Priority.MEDIUM: timedelta(minutes=10),
    Priority.LOW: timedelta(hours=1),
}
