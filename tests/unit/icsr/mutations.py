"""Breaking one thing in a valid report: a field by its element number, or a row by hand."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, is_dataclass, replace
from decimal import Decimal
from typing import Any

from apps.icsr.domain import Batch, E2bTime, Icsr, Message, NullFlavor
from apps.icsr.domain.codes import COUNTRIES, LANGUAGES, MEDDRA, UCUM
from apps.icsr.domain.elements import BY_NUMBER, ELEMENTS, REQUIRED, Element
from apps.icsr.domain.reactions import Measured
from apps.icsr.domain.rules_table import MEDDRA_VERSIONS, ROW_REQUIRED, SIGNED, allowed_codes, is_in_english
from apps.icsr.domain.times import Precision
from apps.icsr.domain.walking import places

_TOO_LATE = "20270101000000+0000"


@dataclass(frozen=True)
class Envelope:
    """What the rules look at, as one thing that can be broken anywhere."""

    report: Icsr
    message: Message
    batch: Batch
    previous: Icsr | None = None

    def put(self, number: str, value: Any) -> "Envelope":
        """The same with one element changed, in the first row that holds it."""
        if number.startswith("N.1"):
            return replace(self, batch=changed(self.batch, number, value))
        if number.startswith("N.2"):
            return replace(self, message=changed(self.message, number, value))
        return self.with_report(changed(self.report, number, value))

    def with_report(self, report: Icsr) -> "Envelope":
        """The same around another report; what the wrapper repeats of it goes along."""
        about = report.identification
        message = replace(self.message, report=report, identifier=about.report_id, created=about.created)
        return replace(self, report=report, message=message)

    def holding(self, number: str) -> Any:
        """The first value of an element, or None where it is nowhere filled in."""
        found = holding(self.batch, number)
        return holding(self.message, number) if found is None else found


def holding(section: Any, number: str) -> Any:
    """The first value of an element below a section, or None."""
    for place in places(type(section)):
        value = getattr(section, place.field)
        if place.element is None:
            for part in value if isinstance(value, tuple) else (value,):
                found = holding(part, number) if is_dataclass(part) else None
                if found is not None:
                    return found
        elif place.element.number == number and value not in (None, ()):
            return value[0] if isinstance(value, tuple) else value
    return None


def changed(section: Any, number: str, value: Any) -> Any:
    """The section with the first filled row of an element changed. The section itself where none is filled."""
    for place in places(type(section)):
        held = getattr(section, place.field)
        if place.element is None:
            if isinstance(held, tuple):
                for row, part in enumerate(held):
                    after = changed(part, number, value)
                    if after is not part:
                        return replace(section, **{place.field: (*held[:row], after, *held[row + 1 :])})
            elif is_dataclass(held):
                after = changed(held, number, value)
                if after is not held:
                    return replace(section, **{place.field: after})
        elif place.element.number == number and held not in (None, ()):
            return replace(section, **{place.field: (value, *held[1:]) if isinstance(held, tuple) else value})
    return section


@dataclass(frozen=True)
class Mutation:
    """One element broken in one way: the code that must catch it there."""

    code: str
    element: str
    change: Callable[[Any], Any]
    at: str  # the element that is changed, where it is another one
    detail: str = ""

    @property
    def name(self) -> str:
        return f"{self.code} {self.element} {self.detail}".strip()

    def of(self, envelope: Envelope) -> Envelope:
        """The envelope with the element broken."""
        return envelope.put(self.at, self.change(envelope.holding(self.at)))


def of_table() -> Iterator[Mutation]:
    """Every way in which the element table says that a value is wrong, for every element it holds for."""
    for element in ELEMENTS:
        number = element.number
        for code, change in _ways(element):
            yield Mutation(code, number, change, number)
        if element.alphabet:
            for null in NullFlavor:
                if null not in element.nulls:
                    yield Mutation("null_not_allowed", number, _always(null), number, null.value)
        needed = element.needed_with
        if needed in BY_NUMBER:
            yield Mutation("missing_beside", number, _always(None), number)
            if BY_NUMBER[needed].needed_with != number:
                yield Mutation("stands_alone", number, _always(None), needed)


def _always(value: Any) -> Callable[[Any], Any]:
    return lambda present: value


def _ways(element: Element) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    required = element.conformance is REQUIRED or element.number in ROW_REQUIRED
    if required:
        yield "missing", _always(None)
    if element.alphabet == "TRUE":
        yield "never_false", _always(False)
    if element.alphabet == "TS":
        yield from _times(element)
    coded = _code(element)
    if coded:
        yield coded[0], _always(coded[1])
    elif element.alphabet == "AN" and element.number not in SIGNED:
        if not required and element.needed_with is None:
            yield "blank", _always(" \t")
        yield "too_long", lambda present: f"{present}{'x' * (element.max_length or 0)}x"
        yield "forbidden_character", lambda present: f"{present}\x01"
        if is_in_english(element):
            yield "not_english", _always("متن")
    else:
        yield from _numbers(element)
    if element.system == UCUM:
        yield "not_metric", _always("[degF]")
        yield "unit_misspelt", _always("mmHg")


def _times(element: Element) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    yield "in_future", _always(E2bTime(_TOO_LATE))
    yield "offset_missing", lambda present: E2bTime(f"{present.text.split('+')[0]}0101000000"[:14])
    if element.precision > Precision.YEAR:
        coarser = max(one for one in Precision if one < element.precision)
        offset = "+0100" if coarser >= Precision.HOUR else ""
        yield "too_coarse", lambda present: E2bTime(present.text[:coarser] + offset)


def _code(element: Element) -> tuple[str, Any] | None:
    if allowed_codes(element):
        return "not_in_list", "Z"
    if element.number in MEDDRA_VERSIONS:
        return "meddra_version", "28"
    systems = {
        MEDDRA: ("meddra_code", "1234567"),
        COUNTRIES: ("country", "XX"),
        LANGUAGES: ("language", "no"),
    }
    systems[UCUM] = ("not_ucum", "g per L")
    return systems.get(element.system or "")


def _numbers(element: Element) -> Iterator[tuple[str, Callable[[Any], Any]]]:
    if element.number not in SIGNED and element.alphabet != "N":
        return
    measured = element.number == "F.r.3.2"
    wide, none = Decimal(10) ** (element.max_length or 0), Decimal("NaN")
    yield "too_long", _always(Measured(wide) if measured else wide)
    yield "not_a_number", _always(Measured(none) if measured else none)
    if element.number not in SIGNED:
        yield "negative", _always(Decimal(-1))
