"""The rules that the element table drives: what is required, how long, of which kind, from which list.

Source: ICH ICSR Implementation Guide v5.03, the columns of the table; sections 0.5 to 0.9 of its general rules.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from functools import cache
from typing import Any

from apps.icsr.domain.codes import COUNTRIES as COUNTRY_SYSTEM
from apps.icsr.domain.codes import LANGUAGES, MEDDRA, UCUM
from apps.icsr.domain.elements import BY_NUMBER, ELEMENTS, Conformance, Element
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.reactions import Measured
from apps.icsr.domain.rules_frame import Case, Fault, is_filled, screen_for, shown
from apps.icsr.domain.rules_values import (
    COUNTRIES,
    NOT_UCUM,
    forbidden_character,
    is_language,
    is_meddra_code,
    is_meddra_version,
    is_metric,
    is_ucum,
    reads_as_english,
)
from apps.icsr.domain.times import E2bTime, Precision
from apps.icsr.domain.walking import Held, field_of, held, places
from apps.kernel.text import N_, Param, Phrase

# Everything in words is English but these.
NATIVE = frozenset({"E.i.1.1a", "H.5.r.1a"})
# Measured values may lie below zero; doses, ages and weights may not.
SIGNED = frozenset({"F.r.3.2", "F.r.4", "F.r.5"})
# Required with a section, though the table calls them conditional: every row of it has them.
ROW_REQUIRED = frozenset({"C.1.9.1.r.1", "C.1.9.1.r.2", "D.8.r.1"})
MEDDRA_VERSIONS = frozenset(
    element.number[:-1] + "a"
    for element in ELEMENTS
    if element.system == MEDDRA and element.number[-1] == "b"
)
_UNITS_OF_AGE = frozenset({"a", "mo", "wk", "d", "h", "10.a"})
_UNITS_OF_GESTATION = frozenset({"mo", "wk", "d", "{trimester}"})
# Units that say how often, not how long.
_NO_DURATIONS = frozenset({"{cyclical}", "{asnecessary}", "{total}", "{trimester}"})
# Intervals that are not counted (G.k.4.r.3 without G.k.4.r.2).
WITHOUT_A_COUNT = frozenset({"{cyclical}", "{asnecessary}", "{total}"})
_DURATIONS = frozenset({"E.i.6b", "G.k.4.r.6b", "G.k.9.i.3.1b", "G.k.9.i.3.2b"})

# What the table says, by code.
TABLE_MESSAGES = {
    "missing": N_("“%(title)s” is missing."),
    "missing_beside": N_("“%(title)s” is missing: “%(other)s” is filled in, and they go together."),
    "stands_alone": N_("“%(title)s” stands alone: without “%(other)s” it says nothing."),
    "blank": N_("“%(title)s” holds nothing but blanks."),
    "too_long": N_("“%(title)s” has %(length)s characters; %(limit)s is the most that may be sent."),
    "not_a_number": N_("“%(title)s” must be a number, written with digits and a dot."),
    "negative": N_("“%(title)s” must not be below zero."),
    "forbidden_character": N_(
        "“%(title)s” holds a character that cannot be sent (%(character)s). Type it again."
    ),
    "not_in_list": N_("“%(value)s” is no code for “%(title)s”."),
    "null_not_allowed": N_("“%(title)s” must not be left empty with the reason %(null)s."),
    "never_false": N_("“%(title)s” is either yes or left open: “no” is never sent."),
    "too_coarse": N_("“%(title)s” (%(value)s) is not exact enough: it must be known to the %(precision)s."),
    "in_future": N_("“%(title)s” (%(value)s) lies in the future."),
    "offset_missing": N_("“%(title)s” (%(value)s) has a time of day but no offset from UTC."),
    "meddra_code": N_("“%(title)s” (%(value)s) is no MedDRA code: a lowest level term has eight digits."),
    "meddra_version": N_("“%(title)s” (%(value)s) is no MedDRA version such as 28.1."),
    "country": N_("“%(title)s” (%(value)s) is no country code of ISO 3166-1 with two letters."),
    "language": N_(
        "“%(title)s” (%(value)s) is no language code of ISO 639-2 with three letters, such as nor or fas."
    ),
    "not_ucum": N_("“%(title)s” (%(value)s) is no UCUM unit."),
    "unit_misspelt": N_("“%(title)s” (%(value)s) is no UCUM unit: write %(right)s."),
    "not_metric": N_("“%(title)s” (%(value)s) is not metric."),
    "not_english": N_(
        "“%(title)s” must be in English; only the words of the place stay in their own language."
    ),
}
_PRECISIONS = {
    Precision.YEAR: N_("year"),
    Precision.MONTH: N_("month"),
    Precision.DAY: N_("day"),
    Precision.HOUR: N_("hour"),
    Precision.MINUTE: N_("minute"),
    Precision.SECOND: N_("second"),
}
TABLE_PHRASES = tuple(_PRECISIONS.values())


@dataclass(frozen=True, slots=True)
class _Wrong:
    code: str
    params: dict[str, Param]


def table_faults(case: Case) -> Iterator[Fault]:
    """Every element that is not as the table says, in the order of the report."""
    whole: Any = case.message if case.message is not None else case.report
    zone = _zone_of_sender(case)
    for cell in (*held(whole), *(held(case.batch) if case.batch else ())):
        for wrong in _wrong(cell, case.now, zone):
            yield Fault(
                code=wrong.code,
                element=cell.element.number,
                label=cell.label,
                message=TABLE_MESSAGES[wrong.code],
                params={"title": Phrase(cell.element.title), **wrong.params},
                screen=screen_for(cell.element.number),
            )


def _wrong(cell: Held, now: datetime, zone: timezone | None) -> Iterator[_Wrong]:
    element, value = cell.element, cell.value
    if value is None or (isinstance(value, str) and not value.strip()):
        yield from _absent(cell)
        return
    if _stands_alone(cell):
        yield _Wrong("stands_alone", {"other": Phrase(BY_NUMBER[element.needed_with or ""].title)})
    if isinstance(value, NullFlavor):
        if value not in element.nulls:
            yield _Wrong("null_not_allowed", {"null": value.value})
    elif isinstance(value, bool):
        if element.alphabet == "TRUE" and not value:
            yield _Wrong("never_false", {})
    elif isinstance(value, E2bTime):
        yield from _wrong_time(element, value, now, zone)
    elif isinstance(value, Decimal | Measured):
        yield from _wrong_number(element, value.number if isinstance(value, Measured) else value)
    elif isinstance(value, str):
        yield from _wrong_text(element, value)


def _absent(cell: Held) -> Iterator[_Wrong]:
    element = cell.element
    if element.conformance is Conformance.REQUIRED or element.number in ROW_REQUIRED:
        yield _Wrong("missing", {})
    elif _is_called_for(cell):
        other = BY_NUMBER[element.needed_with or ""]
        yield _Wrong("missing_beside", {"other": Phrase(other.title)})
    elif cell.value is not None:
        yield _Wrong("blank", {})


def _is_called_for(cell: Held) -> bool:
    """Whether the element that calls for this one is filled in, in the same row."""
    needed_with = cell.element.needed_with
    return needed_with in BY_NUMBER and is_filled(_beside(cell, needed_with))


def _stands_alone(cell: Held) -> bool:
    """Whether what calls for this one is missing, and would not itself be asked for by it."""
    needed_with = cell.element.needed_with
    if needed_with not in BY_NUMBER or BY_NUMBER[needed_with].needed_with == cell.element.number:
        return False
    if cell.element.number == "G.k.4.r.3" and cell.value in WITHOUT_A_COUNT:
        return False
    return not is_filled(_beside(cell, needed_with))


def _beside(cell: Held, number: str) -> object:
    section = type(cell.section)  # a dataclass of the report, which `object` does not say
    return getattr(cell.section, field_of(section, number)) if number in _numbers(section) else None  # type: ignore[arg-type]


@cache
def _numbers(section: type) -> frozenset[str]:
    return frozenset(place.element.number for place in places(section) if place.element)


def _wrong_time(element: Element, value: E2bTime, now: datetime, zone: timezone | None) -> Iterator[_Wrong]:
    said: dict[str, Param] = {"value": shown(value)}
    if value.precision < element.precision:
        phrase = Phrase(_PRECISIONS[element.precision])
        yield _Wrong("too_coarse", {**said, "precision": phrase})
    if value.precision >= Precision.HOUR and not value.has_offset:
        yield _Wrong("offset_missing", said)
    if _is_future(value, now, zone):
        yield _Wrong("in_future", said)


def _is_future(value: E2bTime, now: datetime, zone: timezone | None) -> bool:
    """A day without an offset is one of the sender's days, which the creation of the report knows."""
    if value.has_offset or zone is None:
        return value.earliest() > now
    today = now.astimezone(zone).strftime("%Y%m%d%H%M%S")
    return value.text[: value.precision] > today[: value.precision]


def _zone_of_sender(case: Case) -> timezone | None:
    created = case.report.identification.created
    if not isinstance(created, E2bTime) or not created.has_offset:
        return None
    sign = -1 if created.text[-5] == "-" else 1
    return timezone(sign * timedelta(hours=int(created.text[-4:-2]), minutes=int(created.text[-2:])))


def _wrong_number(element: Element, number: Decimal) -> Iterator[_Wrong]:
    if not number.is_finite():
        yield _Wrong("not_a_number", {})
        return
    if number < 0 and element.number not in SIGNED:
        yield _Wrong("negative", {})
    yield from _too_long(element, f"{number:f}")


def _wrong_text(element: Element, text: str) -> Iterator[_Wrong]:
    character = forbidden_character(text)
    if character:
        yield _Wrong("forbidden_character", {"character": character})
    yield from _too_long(element, text)
    wrong_code = _wrong_code(element, text)
    if wrong_code:
        yield wrong_code
    elif is_in_english(element) and not reads_as_english(text):
        yield _Wrong("not_english", {})


def is_in_english(element: Element) -> bool:
    """Whether an element is free text that the guide wants in English."""
    return element.alphabet == "AN" and element.node is None and element.number not in NATIVE


def allowed_codes(element: Element) -> frozenset[str]:
    """The codes of a closed list that fit this element; empty where none is closed."""
    if element.number == "D.2.2b":
        return _UNITS_OF_AGE
    if element.number == "G.k.6b":
        return _UNITS_OF_GESTATION
    return element.allowed - _NO_DURATIONS if element.number in _DURATIONS else element.allowed


def _wrong_code(element: Element, text: str) -> _Wrong | None:
    said: dict[str, Param] = {"value": text[:40]}
    allowed = allowed_codes(element)
    if allowed:
        return None if text in allowed else _Wrong("not_in_list", said)
    if element.number in MEDDRA_VERSIONS:
        return None if is_meddra_version(text) else _Wrong("meddra_version", said)
    if element.system == MEDDRA:
        return None if is_meddra_code(text) else _Wrong("meddra_code", said)
    if element.system == COUNTRY_SYSTEM:
        return None if text in COUNTRIES else _Wrong("country", said)
    if element.system == LANGUAGES:
        return None if is_language(text) else _Wrong("language", said)
    return _wrong_unit(text, said) if element.system == UCUM else None


def _wrong_unit(unit: str, said: dict[str, Param]) -> _Wrong | None:
    if unit in NOT_UCUM:
        return _Wrong("unit_misspelt", {**said, "right": NOT_UCUM[unit]})
    if not is_ucum(unit):
        return _Wrong("not_ucum", said)
    return None if is_metric(unit) else _Wrong("not_metric", said)


def _too_long(element: Element, text: str) -> Iterator[_Wrong]:
    if element.max_length is not None and len(text) > element.max_length:
        yield _Wrong("too_long", {"length": len(text), "limit": element.max_length})
