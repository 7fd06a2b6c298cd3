"""What a file says, row by row, before it becomes a report; and what in it was not understood."""

from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from typing import Any, get_args, get_type_hints

from apps.icsr import domain
from apps.icsr.domain.elements import Element
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.reactions import Measured
from apps.icsr.domain.report import IncludedFile
from apps.icsr.domain.structure import NAMESPACE
from apps.icsr.domain.times import E2bTime
from apps.icsr.domain.walking import places
from apps.icsr.xml.nodes import TYPE
from apps.icsr.xml.values import TOTAL, UNITS
from apps.icsr.xml.ways import Way, is_structure, keys_of
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_PREFIX = f"{{{NAMESPACE}}}"
_CONTENT = ("value", "code", "extension", "unit", "language", "mediaType", "assigningAuthorityName")
_OF_RESULT = frozenset({"F.r.4", "F.r.5"})  # normal values, in the unit of the result
_MOST_UNREAD = 500
_MOST_PARTS = 20_000
_LONGEST_NUMBER = 50
# Parts of the wrapper that are the same in every message.
_ALWAYS = frozenset(
    f"{_PREFIX}{name}"
    for name in (
        "interactionId",
        "responseModeCode",
        "processingCode",
        "processingModeCode",
        "acceptAckCode",
        "statusCode",
    )
)
_PARENTS_OF_FIXED_CODE = frozenset({f"{_PREFIX}investigationEvent", f"{_PREFIX}controlActProcess"})


@dataclass(frozen=True, slots=True)
class Unread:
    """Something in a file that was not understood: where it stands, and what it says."""

    path: str
    text: str


@dataclass(slots=True)
class Raw:
    """The values, links and rows that stand in one row of a message."""

    values: dict[str, Any] = field(default_factory=dict)
    links: dict[str, str] = field(default_factory=dict)
    rows: dict[str, list["Raw"]] = field(default_factory=dict)


@dataclass(slots=True)
class Gatherer:
    """Walks through a message along the ways of the table."""

    unread: list[Unread] = field(default_factory=list)
    truncated: bool = False
    parts: int = 0

    def walk(self, node: Any, way: Way, raw: Raw, path: str = "") -> None:
        """Gather what stands in and below an element that is understood."""
        if way.row:
            self._count()
            row = Raw()
            raw.rows.setdefault(way.row, []).append(row)
            raw = row
        if way.by_hand == "result":
            self._result(node, raw, path)
            return
        if way.by_hand == "file":
            self._file(node, raw)
            return
        if way.by_hand == "total":
            raw.values.setdefault("total", True)
        if way.link:
            raw.links.setdefault(way.link, "|".join(filter(None, (node.get("root"), node.get("extension")))))
        else:
            self._take(node, way, raw, path)
        for child in node:
            self._step(child, way, raw, path)

    def _count(self) -> None:
        """One more row, or one more element that nobody knows: both are bounded."""
        self.parts += 1
        if self.parts > _MOST_PARTS:
            raise DomainError(
                "icsr_report_too_large",
                N_("A report in this file has more than %(limit)s parts. Ask its sender for a smaller one."),
                limit=_MOST_PARTS,
            )

    def note(self, path: str, text: str) -> None:
        """Remember what was not understood; after some hundred only that there is more."""
        if len(self.unread) < _MOST_UNREAD:
            self.unread.append(Unread(path, " ".join(text.split())[:200]))
        else:
            self.truncated = True

    def _step(self, child: Any, way: Way, raw: Raw, path: str) -> None:
        keys = keys_of(child)
        below = f"{path}/{keys[0]}" if path else keys[0]
        for key in keys:
            if key in way.ways:
                self.walk(child, way.ways[key], raw, below)
                return
        if child.tag in _ALWAYS or is_structure(child) or _is_fixed_code(child):
            return
        self._unknown(child, below)

    def _unknown(self, node: Any, path: str) -> None:
        """Note an element nobody knows, if it or something in it says anything."""
        self._count()
        for part in node.iter(f"{_PREFIX}*"):
            if is_structure(part) and part is not node:
                continue
            text = part.get("value") or part.get("code") or part.get("extension") or (part.text or "").strip()
            if text:
                steps = [keys_of(one)[0] for one in part.iterancestors() if _within(one, node)]
                last = [keys_of(part)[0]] if part is not node else []
                self.note("/".join([path, *reversed(steps), *last]), text)
                return

    def _take(self, node: Any, way: Way, raw: Raw, path: str) -> None:
        taken = {"text"} if any(element.node is None for element in way.elements) else set()
        for element in way.elements:
            taken.add(element.node or "text")
            value = self._value(node, element, raw, path)
            if element.number in UNITS or element.number in _OF_RESULT:
                taken.add("unit")
            if value is None:
                continue
            if element.number in REPEATED:
                raw.values.setdefault(element.number, []).append(value)
            elif raw.values.setdefault(element.number, value) != value:
                self.note(path, str(value))
        for attribute in _CONTENT:
            if attribute not in taken and node.get(attribute):
                self.note(f"{path}/@{attribute}", node.get(attribute))
        if "text" not in taken and (node.text or "").strip():
            self.note(path, node.text)

    def _value(self, node: Any, element: Element, raw: Raw, path: str) -> Any:
        text = (node.get(element.node) if element.node else node.text) or ""
        text = text.strip()
        if not text:
            return self._null(node, element, path)
        if not _belongs(node, element, raw):
            self.note(path, f"{text} ({node.get('unit') or node.get('codeSystem')})")
            return None
        try:
            return _converted(text, element)
        except (DomainError, InvalidOperation, KeyError, ValueError):
            self.note(path, text)
            return None

    def _null(self, node: Any, element: Element, path: str) -> NullFlavor | None:
        flavor = node.get("nullFlavor")
        if not flavor:
            return None
        if element.nulls and flavor in NullFlavor.__members__.values():
            return NullFlavor(flavor)
        if not (element.node and element.node.startswith("codeSystem")):
            self.note(f"{path}/@nullFlavor", flavor)
        return None

    def _result(self, node: Any, raw: Raw, path: str) -> None:
        """A test's result: text, or a number in the middle, below or above (F.r.3.2 to F.r.3.4)."""
        kind = (node.get(TYPE) or "").rpartition(":")[2]
        if kind in ("ED", "ST"):
            if (node.text or "").strip():
                raw.values.setdefault("F.r.3.4", node.text.strip())
            return
        ends = {one.tag.removeprefix(_PREFIX): one for one in node if isinstance(one.tag, str)}
        ends = {name: one for name, one in ends.items() if one.get("value") or one.get("unit")}
        if not ends and (node.get("value") or node.get("unit")):
            ends = {"center": node}
        comparison, end = _comparison(ends)
        if comparison is None or end is None:
            self._unknown(node, path)
            return
        if end.get("unit"):
            raw.values.setdefault("F.r.3.3", end.get("unit").strip())
        if end.get("value"):
            try:
                number = _number(end.get("value").strip())
                # The comparison was read from the list that Measured names; a str to the checker.
                raw.values.setdefault("F.r.3.2", Measured(number, comparison))  # type: ignore[arg-type]
            except (InvalidOperation, ValueError):
                self.note(path, end.get("value"))

    def _file(self, node: Any, raw: Raw) -> None:
        content = "".join((node.text or "").split())
        if content and node.get("representation") == "B64":
            raw.values["C.1.6.1.r.2"] = IncludedFile(
                media_type=node.get("mediaType") or "text/plain",
                base64=content,
                compression="DF" if node.get("compression") == "DF" else None,
            )
        elif content:
            self.note("reference/document{1@CL27}/text", node.text)


def _comparison(ends: dict[str, Any]) -> tuple[str | None, Any]:
    if list(ends) == ["center"]:
        return "=", ends["center"]
    for name, sign in (("high", "<"), ("low", ">")):
        if list(ends) == [name]:
            return sign + ("" if ends[name].get("inclusive") == "false" else "="), ends[name]
    return None, None


def _belongs(node: Any, element: Element, raw: Raw) -> bool:
    """Whether the number is in the unit, or the code from the list, that the element has."""
    if element.number in _OF_RESULT:
        return node.get("unit") in (None, raw.values.get("F.r.3.3"))
    if element.number in UNITS:
        return node.get("unit") in (None, UNITS[element.number])
    if element.node == "code" and element.system and element.system[0].isdigit():
        return node.get("codeSystem") in (None, element.system)
    return True


def _converted(text: str, element: Element) -> Any:
    kind = _KINDS[element.number]
    if kind is E2bTime:
        return E2bTime(text)
    if kind is bool:
        return {"true": True, "1": True, "false": False, "0": False}[text.lower()]
    if kind is Decimal:
        return _number(text)
    for prefix in ("tel", "mailto"):
        if element.path.endswith(f"telecom[{prefix}]"):
            return text[len(prefix) + 1 :].strip() or None if text.lower().startswith(f"{prefix}:") else text
    return text


def _number(text: str) -> Decimal:
    number = Decimal(text) if text.isascii() and "_" not in text and len(text) <= _LONGEST_NUMBER else None
    if number is None or not number.is_finite() or abs(number.adjusted()) > _LONGEST_NUMBER:
        raise ValueError("no number")
    return number


def _is_fixed_code(node: Any) -> bool:
    parent = node.getparent()
    return node.tag == f"{_PREFIX}code" and parent is not None and parent.tag in _PARENTS_OF_FIXED_CODE


def _within(node: Any, whole: Any) -> bool:
    return node is not whole and whole in node.iterancestors()


def _kinds() -> tuple[dict[str, type], frozenset[str]]:
    """Of each element the type of its field, and which elements are repeated by themselves."""
    kinds: dict[str, type] = {}
    repeated: set[str] = set()
    for name in domain.__all__:
        section = getattr(domain, name)
        if not (isinstance(section, type) and hasattr(section, "__dataclass_fields__")):
            continue
        hints = get_type_hints(section)
        for place in places(section):
            if place.element is not None:
                hint = hints[place.field]
                choices = get_args(hint) or (hint,)
                kinds[place.element.number] = next(iter(choices))
                if getattr(hint, "__origin__", None) is tuple:
                    repeated.add(place.element.number)
    return kinds, frozenset(repeated)


_KINDS, REPEATED = _kinds()
__all__ = ["REPEATED", "TOTAL", "Gatherer", "Raw", "Unread"]
