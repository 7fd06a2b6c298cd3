"""One row of the element table."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from apps.icsr.domain import codes as lists
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.times import Precision


class Conformance(StrEnum):
    """Whether ICH requires an element: always, under a condition, or never."""

    REQUIRED = "required"
    CONDITIONAL = "conditional"
    OPTIONAL = "optional"


REQUIRED = Conformance.REQUIRED
CONDITIONAL = Conformance.CONDITIONAL
OPTIONAL = Conformance.OPTIONAL

_SYSTEMS = {
    "MEDDRA": lists.MEDDRA,
    "UCUM": lists.UCUM,
    "COUNTRY": lists.COUNTRIES,
    "LANGUAGE": lists.LANGUAGES,
    "SEX": lists.SEXES,
}


@dataclass(frozen=True, slots=True)
class Element:
    """What ICH says of one element, and where it stands in the message.

    `context` and `path` lead to its place (`apps.icsr.domain.structure` explains them); `node` is the
    attribute that holds it, or None for text. `alphabet` is "AN", "N" (digits, and `. E + -`), "A" (letters),
    "TS", "BL", "TRUE" (true, never false) or "" for what is neither; `max_length` counts characters. `system`
    is the OID of its codes, or the name of a list that depends on the receiver (`DOSE_FORM`, `ROUTE`);
    `allowed` are the codes themselves where the list is closed. `precision` is the coarsest time allowed.
    `needed_with` names the element whose value calls for this one; other conditions are rules of their own.
    `ivig`: fill it for an immunoglobulin whenever it is known.
    """

    number: str
    title: str
    context: str
    path: str
    node: str | None
    hl7: str
    alphabet: str
    max_length: int | None
    conformance: Conformance
    system: str | None
    allowed: frozenset[str]
    nulls: frozenset[NullFlavor]
    needed_with: str | None
    precision: Precision
    ivig: bool


def row(
    number: str,
    title: str,
    place: str,
    form: str,
    conformance: Conformance | None = None,
    *,
    system: str | None = None,
    codes: Iterable[str] = (),
    nulls: str = "",
    needed_with: str | None = None,
    precision: int = Precision.YEAR,
    ivig: bool = False,
) -> Element:
    """A row from its short forms: `place` is "CONTEXT: path/@attribute HL7TYPE", `form` as ICH prints it."""
    context, path, hl7 = _place(place)
    before, _, last = path.rpartition("/")
    node = last[1:] if last.startswith("@") else None
    digits = form.rstrip("ABELNRSTU-")
    return Element(
        number=number,
        title=title,
        context=context,
        path=before if node else path,
        node=node,
        hl7=hl7,
        alphabet=form[len(digits) :].strip("-"),
        max_length=int(digits) if digits else None,
        conformance=conformance or (CONDITIONAL if needed_with else OPTIONAL),
        system=_system(system),
        allowed=frozenset(codes) or _codes_of(system),
        nulls=frozenset(NullFlavor(null) for null in nulls.split()),
        needed_with=needed_with,
        precision=Precision(precision),
        ivig=ivig,
    )


def _place(place: str) -> tuple[str, str, str]:
    context, _, rest = place.partition(": ")
    path, _, hl7 = rest.rpartition(" ")
    return context, path, hl7


def _system(name: str | None) -> str | None:
    if name and name.startswith("CL"):
        return lists.code_list_oid(int(name[2:]))
    return _SYSTEMS.get(name, name) if name else None


def _codes_of(name: str | None) -> frozenset[str]:
    if name == "SEX":
        return frozenset("12")
    return frozenset(lists.CODE_LISTS[int(name[2:])]) if name and name.startswith("CL") else frozenset()
