"""The element table turned round: from an element of a file to what it means."""

from dataclasses import dataclass, field
from functools import cache

from apps.icsr.domain.codes import ICH_IDS, ICH_LISTS, MEDDRA, RANGES
from apps.icsr.domain.elements import ELEMENTS, Element
from apps.icsr.domain.paths import Step, steps_of
from apps.icsr.domain.structure import CONTEXTS, LINKS, NAMESPACE

_PREFIX = f"{{{NAMESPACE}}}"
# Elements whose code, given as a child, decides what they are.
_CODED = frozenset(
    {
        "asIdentifiedEntity",
        "causalityAssessment",
        "document",
        "investigationCharacteristic",
        "observation",
        "observationEvent",
        "organizer",
        "productEvent",
    }
)
# Rows that hold two elements which only their author tells apart (H.2, H.4).
_BY_AUTHOR = "observationEvent{10@CL19"


@dataclass(slots=True)
class Way:
    """What may stand at one place of a message: elements of the table, a row that begins, a link, more ways."""

    ways: dict[str, "Way"] = field(default_factory=dict)
    elements: list[Element] = field(default_factory=list)
    row: str | None = None
    link: str | None = None
    by_hand: str | None = None

    def follow(self, path: str) -> "Way":
        """The way at the end of the path, laid where it is missing."""
        way = self
        for step in steps_of(path):
            way = way.ways.setdefault(_key(step), Way())
        return way


@cache
def ways() -> dict[str, Way]:
    """The way into a batch (BATCH) and into a message (MSG)."""
    starts = {"BATCH": Way(), "MSG": Way()}

    def start(context: str) -> Way:
        if context not in starts:
            parent, path = CONTEXTS[context]
            way = start(parent).follow(path)
            starts[context] = way
            if "+" in path:
                way.row = context
            for kind, link in LINKS.get(context, {}).items():
                way.follow(link).link = kind
        return starts[context]

    for element in ELEMENTS:
        for path in _spellings(element):
            start(element.context).follow(path).elements.append(element)
    for context in LINKS:
        start(context)
    start("TEST").follow("value").by_hand = "result"
    start("DOC").follow("text").by_hand = "file"
    start("DOSE").follow("doseCheckQuantity").by_hand = "total"
    return starts


def keys_of(node: object) -> list[str]:
    """The keys under which an element of a file may be known, the most telling first."""
    tag = node.tag  # type: ignore[attr-defined]
    name = tag.removeprefix(_PREFIX) if isinstance(tag, str) else ""
    get = node.get  # type: ignore[attr-defined]
    find = node.find  # type: ignore[attr-defined]
    if name == "id":
        root = get("root") or ""
        return [f"id[NS{root.removeprefix(ICH_IDS)}]", "id"] if root.startswith(ICH_IDS) else ["id"]
    if name == "outboundRelationship1":
        return [f"{name}[{get('typeCode')}]", name]
    if name == "telecom":
        kind, colon, _ = (get("value") or "tel:").partition(":")
        return [f"telecom[{kind.lower()}]"] if colon else [name]
    if name == "observationRange":
        code = find(f"{_PREFIX}interpretationCode")
        return [f"{name}[{code.get('code')}]" if code is not None else name]
    if name == "outboundRelationship":
        return [_coded(name, find(f"{_PREFIX}relatedInvestigation/{_PREFIX}code"))]
    if name not in _CODED:
        return [name] if name else [str(tag)]
    coded = _coded(name, find(f"{_PREFIX}code"))
    if coded.startswith(_BY_AUTHOR):
        author = find(f"{_PREFIX}author/{_PREFIX}assignedEntity/{_PREFIX}code")
        if author is not None:
            return [f"{coded[:-1]} by {author.get('code')}@{_short(author.get('codeSystem'))}}}"]
    return [coded, name]


def is_structure(node: object) -> bool:
    """Whether an element only says what its parent is: codes of the lists from which the message is built."""
    get = node.get  # type: ignore[attr-defined]
    tag = node.tag  # type: ignore[attr-defined]
    if tag in (f"{_PREFIX}code", f"{_PREFIX}interpretationCode"):
        system = get("codeSystem") or ""
        return (
            system == RANGES
            or get("nullFlavor") == "NA"
            or (system.startswith(ICH_LISTS) and system.removeprefix(ICH_LISTS) in _LISTS_OF_STRUCTURE)
        )
    # A strength or a total is per one.
    return bool(tag == f"{_PREFIX}denominator") and get("value") == "1" and get("unit", "1") == "1"


_LISTS_OF_STRUCTURE = frozenset({"4", "18", "19", "20", "21", "22", "23", "27"})


def _spellings(element: Element) -> tuple[str, ...]:
    """The path of the table and the other ways in which the same is written."""
    if element.path.startswith("effectiveTime/"):
        return element.path, element.path.replace("effectiveTime/", "effectiveTime/comp/")
    if element.path == "doseQuantity":
        return element.path, "doseQuantity/center", "doseCheckQuantity/numerator"
    return (element.path,)


def _key(step: Step) -> str:
    if step.code:
        by = f" by {step.by}" if step.by and step.key.startswith(_BY_AUTHOR) else ""
        return f"{step.name}{{{step.code}{by}}}"
    # The type of a relationship is read only where it alone tells two apart.
    marked = step.name in ("id", "observationRange", "outboundRelationship1", "telecom")
    return f"{step.name}[{step.mark}]" if step.mark and marked else step.name


def _coded(name: str, code: object) -> str:
    if code is None:
        return name
    get = code.get  # type: ignore[attr-defined]
    if get("code"):
        return f"{name}{{{get('code')}@{_short(get('codeSystem'))}}}"
    return f"{name}{{~{get('nullFlavor')}}}"


def _short(system: str | None) -> str:
    """The short form of an OID as paths write it."""
    for short, prefix in (("CL", ICH_LISTS), ("NS", ICH_IDS)):
        if system and system.startswith(prefix):
            return short + system.removeprefix(prefix)
    return "MEDDRA" if system == MEDDRA else system or ""
