"""How readings and days are sealed. Pure."""

from apps.audit.domain.sealing import DaySum, reading_hash

__all__ = ["DaySum", "reading_hash"]
