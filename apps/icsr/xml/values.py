"""Values that are more than one attribute: times with durations, doses with intervals, measured results."""

from decimal import Decimal

from apps.icsr.domain.drugs import Dosage
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.reactions import Reaction, TestResult
from apps.icsr.domain.times import E2bTime
from apps.icsr.xml.nodes import TYPE, Node, writable

# Elements that are written by the functions below, by links, or as an attachment.
BY_HAND = frozenset(
    {
        "C.1.6.1.r.2",
        *("E.i.4", "E.i.5", "E.i.6a", "E.i.6b"),
        *("F.r.3.2", "F.r.3.3", "F.r.3.4", "F.r.4", "F.r.5"),
        *("G.k.4.r.1a", "G.k.4.r.1b", "G.k.4.r.2", "G.k.4.r.3"),
        *("G.k.4.r.4", "G.k.4.r.5", "G.k.4.r.6a", "G.k.4.r.6b"),
        *("G.k.9.i.1", "G.k.9.i.3.1a", "G.k.9.i.3.1b", "G.k.9.i.3.2a", "G.k.9.i.3.2b", "G.k.9.i.4"),
    }
)
# Numbers whose unit is part of the element.
UNITS = {"D.3": "kg", "D.4": "cm"}
TOTAL = "{total}"

_TimeOrNull = E2bTime | NullFlavor | None


def write_times(reaction_node: Node, reaction: Reaction) -> None:
    """Start, end and duration of a reaction: one interval, or two parts of a set when all three are known."""
    span = _span(reaction.started, reaction.ended)
    width = _quantity("width", reaction.duration, reaction.duration_unit, "E.i.6")
    if len(span) == 2 and width:
        _set_of(reaction_node, [("IVL_TS", span), ("IVL_TS", [width])])
    elif span or width:
        _interval(reaction_node, "effectiveTime", "IVL_TS", [*span, *([width] if width else [])])


def write_dosage(dose_node: Node, dosage: Dosage) -> None:
    """Dose, interval and times of one row. A single total has no interval: it is a dose to be checked."""
    total = dosage.interval_unit == TOTAL and dosage.interval is None and dosage.dose is not None
    dose = _quantity("numerator" if total else "doseQuantity", dosage.dose, dosage.dose_unit, "G.k.4.r.1")
    if dose and total:
        check = dose_node.append(Node("doseCheckQuantity"))
        dose.attributes[TYPE] = "PQ"
        check.append(dose)
        check.append(Node("denominator", {TYPE: "PQ", "value": "1", "unit": "1"}))
    elif dose:
        dose_node.append(dose)
    unit = None if total else dosage.interval_unit
    period = _quantity("period", dosage.interval, unit, "G.k.4.r.2")
    span = _span(dosage.started, dosage.ended)
    width = _quantity("width", dosage.duration, dosage.duration_unit, "G.k.4.r.6")
    parts = [
        *([("PIVL_TS", [period])] if period else []),
        *([("IVL_TS", span)] if span else []),
        *([("IVL_TS", [width])] if width else []),
    ]
    if len(parts) > 1:
        _set_of(dose_node, parts)
    elif parts:
        _interval(dose_node, "effectiveTime", *parts[0])


def write_result(test_node: Node, test: TestResult) -> None:
    """A result as a number with its comparison, as text, or both; the normal values in the same unit."""
    unit = {"unit": writable(test.result_unit, "F.r.3.3")} if test.result_unit else {}
    if test.result is not None or unit:
        value = test_node.append(Node("value", {TYPE: "IVL_PQ"}))
        number = {"value": f"{test.result.number:f}", **unit} if test.result is not None else unit
        comparison = test.result.comparison if test.result is not None else "="
        if comparison == "=":
            value.append(Node("center", number))
        else:
            inclusive = {"inclusive": "true" if comparison.endswith("=") else "false"}
            below = comparison.startswith("<")
            value.append(Node("low", {"nullFlavor": "NINF"} if below else number | inclusive))
            value.append(Node("high", number | inclusive if below else {"nullFlavor": "PINF"}))
    if test.result_text:
        test_node.append(Node("value", {TYPE: "ED"}, writable(test.result_text, "F.r.3.4")))
    for end, limit in (("L", test.normal_low), ("H", test.normal_high)):
        if limit is not None:
            value = test_node.reach(f"referenceRange/observationRange[{end}]/value", kind="PQ")
            value.attributes |= {"value": f"{limit:f}"} | unit


def _span(started: _TimeOrNull, ended: _TimeOrNull) -> list[Node]:
    return [_bound(name, time) for name, time in (("low", started), ("high", ended)) if time is not None]


def _bound(name: str, time: E2bTime | NullFlavor) -> Node:
    return Node(name, {"nullFlavor": time.value} if isinstance(time, NullFlavor) else {"value": time.text})


def _quantity(name: str, number: Decimal | None, unit: str | None, element: str) -> Node | None:
    if number is None and not unit:
        return None
    value = {"value": f"{number:f}"} if number is not None else {}
    return Node(name, value | ({"unit": writable(unit, element)} if unit else {}))


def _interval(parent: Node, name: str, kind: str, parts: list[Node]) -> Node:
    node = parent.append(Node(name, {TYPE: kind}))
    node.children.extend(parts)
    return node


def _set_of(parent: Node, parts: list[tuple[str, list[Node]]]) -> None:
    whole = parent.append(Node("effectiveTime", {TYPE: "SXPR_TS"}))
    for number, (kind, children) in enumerate(parts):
        part = _interval(whole, "comp", kind, children)
        if number:
            part.attributes["operator"] = "A"
