"""A message on its way to XML: elements that are found or made by their path, and put in order at the end."""

import re
from typing import Any

from lxml import etree

from apps.icsr.domain.codes import RANGES
from apps.icsr.domain.paths import Step, joints_of
from apps.icsr.domain.structure import FIXED, NAMESPACE, ORDER, oid
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

XSI = "http://www.w3.org/2001/XMLSchema-instance"
TYPE = f"{{{XSI}}}type"
NAMESPACES: Any = {None: NAMESPACE, "xsi": XSI}
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTERVAL = {"low": "IVL_TS", "high": "IVL_TS", "width": "IVL_TS", "period": "PIVL_TS"}


class Node:
    """An element with what it holds. `made` finds again what one path shares with another."""

    __slots__ = ("attributes", "children", "made", "name", "text")

    def __init__(self, name: str, attributes: dict[str, str] | None = None, text: str | None = None) -> None:
        self.name = name
        self.attributes = attributes if attributes is not None else {}
        self.text = text
        self.children: list[Node] = []
        self.made: dict[str, Node] = {}

    def append(self, child: "Node") -> "Node":
        """Hold one more element."""
        self.children.append(child)
        return child

    def reach(self, path: str, *, kind: str | None = None, anew: bool = False) -> "Node":
        """The element at the end of the path, made where it is missing; `kind` is the HL7 type of its value."""
        node = self
        for joint in joints_of(path):
            key = "/".join(step.key for step in joint)
            row = anew or joint[0].new
            found = None if row else node.made.get(key)
            if found is None:
                found = node
                for step in joint:
                    found = found.make(step, kind)
                if not row:
                    node.made[key] = found
            node, anew = found, False
        return node

    def make(self, step: Step, kind: str | None = None) -> "Node":
        """A new element of this step below this one, with all that the step says of it."""
        fixed = FIXED.get(f"{self.name}/{step.name}") or FIXED.get(step.name) or {}
        child = self.append(Node(step.name, dict(fixed)))
        if step.name == "value" and kind:
            child.attributes[TYPE] = kind
        elif step.name in _INTERVAL and self.name == "effectiveTime":
            self.attributes.setdefault(TYPE, _INTERVAL[step.name])
        if step.mark:
            _mark(child, step.mark)
        if step.code:
            bearer = child
            if step.name == "outboundRelationship":
                bearer = child.reach("relatedInvestigation")
            bearer.append(_code(step.code))
        if step.by:
            who = "performer" if step.name == "observation" else "author"
            child.reach(f"{who}/assignedEntity").append(_code(step.by))
        return child

    def xml(self) -> Any:
        """The element as lxml knows it, children in the order of the schema."""
        root = etree.Element(f"{{{NAMESPACE}}}{self.name}", self.attributes, nsmap=NAMESPACES)
        self._fill(root)
        return root

    def sorted_children(self) -> list["Node"]:
        """The children in the order of the schema; equals stay in the order in which they were made."""
        order = ORDER.get(self.name)
        if order is None or len(self.children) < 2:
            return self.children
        return sorted(self.children, key=lambda child: order[child.name])

    def _fill(self, element: Any) -> None:
        element.text = self.text
        for child in self.sorted_children():
            child._fill(etree.SubElement(element, f"{{{NAMESPACE}}}{child.name}", child.attributes))


def writable(text: str, number: str) -> str:
    """The text without blanks around it. Raises DomainError `icsr_text_unwritable` for what XML cannot hold."""
    if _UNWRITABLE.search(text):
        raise DomainError(
            "icsr_text_unwritable",
            N_("Element %(element)s holds a control character that cannot be sent. Type its text again."),
            element=number,
        )
    return text.strip()


def _mark(node: Node, mark: str) -> None:
    if node.name == "id":
        node.attributes["root"] = oid(mark)
    elif node.name.endswith(("Relationship", "Relationship1", "Relationship2")):
        node.attributes["typeCode"] = mark
    elif node.name == "observationRange":
        node.append(Node("interpretationCode", {"code": mark, "codeSystem": RANGES}))


def _code(text: str) -> Node:
    if text.startswith("~"):
        return Node("code", {"nullFlavor": text[1:]})
    code, _, system = text.partition("@")
    return Node("code", {"code": code, "codeSystem": oid(system)})
