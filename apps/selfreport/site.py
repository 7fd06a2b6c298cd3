"""Whom a patient calls: the numbers of this site. Empty means that nobody has said; then the words say it."""

import re

from django.conf import settings

_NUMBER = re.compile(r"\+?[0-9][0-9 ()/-]{1,24}", re.ASCII)


def emergency_number() -> str:
    """The number of the emergency services, such as 113 in Norway or 115 in Iran; empty when it is not set."""
    return _number(settings.EMERGENCY_NUMBER)


def hospital_number() -> str:
    """The number at which patients reach the hospital at any hour; empty when it is not set."""
    return _number(settings.HOSPITAL_NUMBER)


def dialled(number: str) -> str:
    """What a telephone dials."""
    return re.sub(r"[^+0-9]", "", number)


def _number(text: str) -> str:
    """A wrong number is worse than none."""
    return text if _NUMBER.fullmatch(text) else ""
