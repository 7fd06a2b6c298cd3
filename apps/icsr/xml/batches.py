"""A batch written as a stream: one report at a time is in memory, however many there are."""

from collections.abc import Iterable
from io import BytesIO
from typing import BinaryIO

from lxml import etree

from apps.icsr.domain.batch import Batch, Message
from apps.icsr.domain.receivers import ICH, Receiver
from apps.icsr.domain.structure import INTERACTIONS, NAMESPACE, ROOT
from apps.icsr.xml.nodes import NAMESPACES, Node
from apps.icsr.xml.writing import message_node, write_fields
from apps.kernel.errors import DomainError
from apps.kernel.text import N_


def write_batch(out: BinaryIO, batch: Batch, messages: Iterable[Message], receiver: Receiver = ICH) -> int:
    """Write the messages as one file (MCCI_IN200100UV01, UTF-8) and return how many there were.

    The same values give the same bytes. Raises DomainError `icsr_batch_empty`, because the schema knows no
    empty batch, and `icsr_text_unwritable`; what was written by then is to be thrown away.
    """
    head = _head(batch, receiver)
    count = 0
    with etree.xmlfile(out, encoding="UTF-8") as file:
        file.write_declaration()
        with file.element(f"{{{NAMESPACE}}}{ROOT}", {"ITSVersion": "XML_1.0"}, nsmap=NAMESPACES):
            for node in head[:-2]:
                file.write(node.xml())
            for message in messages:
                file.write(message_node(message, receiver).xml())
                count += 1
            for node in head[-2:]:
                file.write(node.xml())
    if not count:
        raise DomainError("icsr_batch_empty", N_("There is no report to send in this batch."))
    return count


def batch_bytes(batch: Batch, messages: Iterable[Message], receiver: Receiver = ICH) -> bytes:
    """The file of `write_batch` in memory, for few reports."""
    out = BytesIO()
    write_batch(out, batch, messages, receiver)
    return out.getvalue()


def _head(batch: Batch, receiver: Receiver) -> list[Node]:
    """What the batch says of itself in the order of the schema; receiver and sender come after the messages."""
    root = Node(ROOT)
    write_fields(batch, {"BATCH": root}, receiver)
    if batch.kind == "1":
        root.reach("name").attributes["displayName"] = "ichicsr"
    root.append(Node("responseModeCode", {"code": "D"}))
    root.append(Node("interactionId", {"root": INTERACTIONS, "extension": ROOT}))
    for name in ("receiver", "sender"):
        root.reach(name)
    return root.sorted_children()
