"""Which version may follow which, and what keeps its number through all of them."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import N_


class Kind(StrEnum):
    """What a version is. Amendment and nullification bring no new information (C.1.11.1)."""

    INITIAL = "initial"
    FOLLOW_UP = "follow_up"
    AMENDMENT = "amendment"
    NULLIFICATION = "nullification"


MAX_REASON = 2000  # characters of C.1.11.2
_COUNTRY = re.compile(r"[A-Z]{2}", re.ASCII)
_CODE = re.compile(r"[A-Z0-9]{2,30}", re.ASCII)  # no hyphen: it parts the three segments


@dataclass(frozen=True, slots=True)
class Made:
    """A version that was made."""

    number: int
    kind: Kind
    most_recent_at: datetime


def report_identifier(*, country: str, code: str, year: int, number: int) -> str:
    """C.1.1 and C.1.8.1: country, organisation and number, for good. Raises DomainError `site_not_described`."""
    if not (_COUNTRY.fullmatch(country) and _CODE.fullmatch(code)):
        raise DomainError(
            "site_not_described",
            N_(
                "The site's country (two letters) and code (letters and digits) make up the case's number for good."
                " Ask the administrator to set CASE_COUNTRY and CASE_ORGANISATION_CODE."
            ),
        )
    return f"{country}-{code}-{year}{number:06d}"


def most_recent(
    made: Sequence[Made],
    *,
    kind: Kind,
    information_at: datetime | None,
    first_received_at: datetime,
    now: datetime,
) -> datetime:
    """C.1.5 of the next version: moved by new information alone. Raises what stands in the way.

    `information_at`: when the newest information came in, for an initial report and a follow-up. Raises
    ConflictError `case_nullified`, `case_version_order`; DomainError `information_at_implausible`.
    """
    last = made[-1] if made else None
    if last is not None and last.kind is Kind.NULLIFICATION:
        raise ConflictError(
            "case_nullified", N_("This case was nullified. What happened belongs to another case.")
        )
    if (last is None) is not (kind is Kind.INITIAL):
        raise ConflictError(
            "case_version_order",
            N_("The first version is the initial one, and only the first. Look at the versions again."),
        )
    if last is not None and kind in (Kind.AMENDMENT, Kind.NULLIFICATION):
        return last.most_recent_at
    earliest = last.most_recent_at if last is not None else first_received_at
    moment = information_at or (now if last is not None else first_received_at)
    if not earliest <= moment <= now:
        raise DomainError(
            "information_at_implausible",
            N_("New information comes after what was known before, and not in the future. Check the day."),
            extra={"field": "information_at"},
        )
    return moment


def check_reason(kind: Kind, reason: str) -> str:
    """The reason as it is kept. Raises DomainError `reason_missing` where C.1.11.2 needs one."""
    text = reason.strip()
    if not text and kind in (Kind.AMENDMENT, Kind.NULLIFICATION):
        raise DomainError(
            "reason_missing",
            N_("Say why it is amended or nullified: the receiver reads it."),
            extra={"field": "reason"},
        )
    return text[:MAX_REASON]
