"""A message as elements: the table says where each value stands; what no table can say is done by hand."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid5

from apps.icsr.domain.batch import Message
from apps.icsr.domain.drugs import Drug, DrugReaction
from apps.icsr.domain.elements import Element
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.receivers import Receiver
from apps.icsr.domain.report import HeldDocument, Icsr
from apps.icsr.domain.structure import (
    ACT_CODES,
    CONTEXTS,
    INTERACTIONS,
    LINKS,
    MESSAGE,
    TRIGGER,
    TRIGGERS,
)
from apps.icsr.domain.times import E2bTime
from apps.icsr.domain.walking import places
from apps.icsr.xml.nodes import Node, writable
from apps.icsr.xml.values import BY_HAND, UNITS, write_dosage, write_result, write_times

# Names local links: the same report gives the same links, so that the same report is the same file.
_LINKS = UUID("6f0b7e1c-95a3-5d0e-8f43-1f0c8a3b7d52")

# Children the schema asks for, even where a row says nothing in them.
_ALWAYS = {"HIST": ("code",), "SUBST": ("ingredientSubstance/name",)}

Open = dict[str, Node]


def message_node(message: Message, receiver: Receiver) -> Node:
    """The message with its report (PORR_IN049016UV) for a receiver.

    Raises DomainError `icsr_text_unwritable` when a text holds what XML cannot.
    """
    return _Writer(message, receiver).message()


def write_fields(section: Any, at: Open, receiver: Receiver) -> None:
    """Every element of one section in its place; what hangs below it is for the caller."""
    for place in places(type(section)):
        element = place.element
        if element is None or element.number in BY_HAND:
            continue
        value = getattr(section, place.field)
        for one in value if isinstance(value, tuple) else (value,):
            if one is not None and one != "":
                start = open_context(at, element.context)
                node = start.reach(element.path, kind=element.hl7, anew=isinstance(value, tuple))
                put(node, element, one, receiver)


def open_context(at: Open, context: str) -> Node:
    """The element in which the context stands, made where it is missing."""
    if context not in at:
        parent, path = CONTEXTS[context]
        at[context] = open_context(at, parent).reach(path)
    return at[context]


def put(node: Node, element: Element, value: Any, receiver: Receiver) -> None:
    """One value into its attribute or text, with the code system or unit that belongs to it."""
    if isinstance(value, NullFlavor):
        node.attributes["nullFlavor"] = value.value
        return
    text = _text(value, element)
    if element.node is None:
        node.text = text
        return
    node.attributes[element.node] = text
    if element.node == "code" and element.system:
        known = element.system[0].isdigit()
        node.attributes["codeSystem"] = element.system if known else receiver.system(element.system, text)
    if element.number in UNITS:
        node.attributes["unit"] = UNITS[element.number]


def _text(value: Any, element: Element) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, E2bTime):
        return value.text
    text = writable(value, element.number)
    if element.path.endswith("telecom[tel]"):
        return f"tel:{text}"
    return f"mailto:{text}" if element.path.endswith("telecom[mailto]") else text


class _Writer:
    def __init__(self, message: Message, receiver: Receiver) -> None:
        self.wrapper, self.report, self.receiver = message, message.report, receiver
        self.at: Open = {"MSG": Node(MESSAGE)}

    def message(self) -> Node:
        message = self.at["MSG"]
        write_fields(self.wrapper, self.at, self.receiver)
        _constants(message, self.receiver)
        event = open_context(self.at, "INV")
        event.append(Node("code", {"code": "PAT_ADV_EVNT", "codeSystem": ACT_CODES}))
        event.append(Node("statusCode", {"code": "active"}))
        open_context(self.at, "PAT").reach("player1")
        self._report(self.report)
        return message

    def _report(self, report: Icsr) -> None:
        about, patient, narrative = report.identification, report.patient, report.narrative
        for section in (about, report.sender, report.study, patient, patient.death, narrative):
            write_fields(section, self.at, self.receiver)
        for document in about.documents:
            self._document(document)
        self._rows("OTHID", about.other_ids)
        self._rows("SRC", report.primary_sources)
        self._rows("LIT", report.literature)
        self._rows("HIST", patient.history)
        self._rows("PASTD", patient.past_drugs)
        self._rows("DEATH", patient.death.causes)
        for number, reaction in enumerate(report.reactions, start=1):
            row = self._row("RX", reaction=number)
            write_fields(reaction, row, self.receiver)
            write_times(row["RX"], reaction)
        for test in report.tests:
            row = self._row("TEST")
            write_fields(test, row, self.receiver)
            row["TEST"].reach("code")
            write_result(row["TEST"], test)
        for number, drug in enumerate(report.drugs, start=1):
            self._drug(drug, number)
        self._rows("SDX", narrative.diagnoses)
        self._rows("NATIVE", narrative.native)

    def _drug(self, drug: Drug, number: int) -> None:
        row = self._row("DRUG", drug=number)
        if drug.role is not None:
            row["ROLE"] = self._row("ROLE", drug=number)["ROLE"]
        write_fields(drug, row, self.receiver)
        self._rows("SUBST", drug.substances, row)
        for dosage in drug.dosages:
            dose = self._row("DOSE", row)
            write_fields(dosage, dose, self.receiver)
            write_dosage(dose["DOSE"], dosage)
        self._rows("INDIC", drug.indications, row)
        for matched in drug.reactions:
            self._matrix(matched, row, number)

    def _matrix(self, matched: DrugReaction, row: Open, number: int) -> None:
        """The drug against one reaction. One assessment at least is written: it is what names the pair."""
        for assessment in matched.assessments or (None,):
            pair = self._row("CAUS", reaction=matched.reaction, drug=number)
            if assessment is not None:
                write_fields(assessment, pair, self.receiver)
        given = {
            "FROM_START": (matched.start_to_onset, matched.start_to_onset_unit),
            "FROM_END": (matched.last_dose_to_onset, matched.last_dose_to_onset_unit),
            "AGAIN": (matched.recurrence,),
        }
        for context, values in given.items():
            if any(value is not None for value in values):
                place = {**row, **self._row(context, row, reaction=matched.reaction)}
                _write_some(matched, context, place, self.receiver)

    def _document(self, document: HeldDocument) -> None:
        row = self._row("DOC")
        write_fields(document, row, self.receiver)
        if document.included is not None:
            text = row["DOC"].append(Node("text", {"mediaType": document.included.media_type}))
            text.attributes["representation"] = "B64"
            if document.included.compression:
                text.attributes["compression"] = document.included.compression
            text.text = writable(document.included.base64, "C.1.6.1.r.2")

    def _rows(self, context: str, sections: Iterable[Any], at: Open | None = None) -> None:
        for section in sections:
            row = self._row(context, at)
            write_fields(section, row, self.receiver)
            for name in _ALWAYS.get(context, ()):
                row[context].reach(name)
            if context == "SUBST" and "quantity" in row["SUBST"].made:
                row["SUBST"].reach("quantity").append(Node("denominator", {"value": "1", "unit": "1"}))

    def _row(self, context: str, at: Open | None = None, **links: int) -> Open:
        """A new row of the context below what is open, with its links; what is open with it."""
        parent, path = CONTEXTS[context]
        at = self.at if at is None else at
        node = open_context(at, parent).reach(path)
        for kind, way in LINKS.get(context, {}).items():
            target = next(iter(links)) if kind == "self" else kind
            if target in links:
                node.reach(way).attributes["root"] = self._link(target, links[target])
        return {**at, context: node}

    def _link(self, kind: str, number: int) -> str:
        return str(uuid5(_LINKS, f"{self.report.identification.report_id}/{kind}/{number}"))


def _write_some(section: Any, context: str, at: Open, receiver: Receiver) -> None:
    for place in places(type(section)):
        value = getattr(section, place.field)
        element = place.element
        if element is not None and element.context == context and value not in (None, ""):
            node = at[context].reach(element.path, kind=element.hl7)
            put(node, element, value, receiver)


def _constants(message: Node, receiver: Receiver) -> None:
    message.append(Node("interactionId", {"root": INTERACTIONS, "extension": MESSAGE}))
    message.append(Node("processingCode", {"code": "P"}))
    message.append(Node("processingModeCode", {"code": receiver.processing_mode}))
    message.append(Node("acceptAckCode", {"code": "AL"}))
    message.reach("controlActProcess").append(Node("code", {"code": TRIGGER, "codeSystem": TRIGGERS}))
