"""A receiver's answer (MCCI_IN200101UV01) as a value: strict about what is opened, lenient about what is said."""

from collections.abc import Iterator
from enum import StrEnum
from io import BytesIO
from typing import Any, TypeVar

from lxml import etree

from apps.icsr.domain.acknowledgements import (
    Acknowledgement,
    BatchVerdict,
    MessageAnswer,
    MessageVerdict,
    Remark,
)
from apps.icsr.domain.codes import id_root
from apps.icsr.domain.structure import NAMESPACE
from apps.icsr.domain.times import E2bTime
from apps.icsr.xml.reading import SAFE, broken_file, refuse_early
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

LARGEST_FILE_BYTES = 20 * 1024 * 1024
LONGEST_REMARK = 2000  # the guide says 250; receivers write more, and what they write is kept
_PREFIX = f"{{{NAMESPACE}}}"
_ROOT = f"{_PREFIX}MCCI_IN200101UV01"
_MESSAGE = f"{_PREFIX}MCCI_IN000002UV01"
_REPORTS = f"{_PREFIX}MCCI_IN200100UV01"
# ICH code list 24: what an attention line holds, by code and by the name that some write instead.
_MESSAGE_CREATED = ("1", "dateOfIcsrMessageCreation")
_LOCAL_NUMBER = ("2", "acknowledgementLocalMessageNumber")
_BATCH_SENT = ("3", "dateOfIcsrBatchTransmission")
_KINDS_OF_REMARK = ("E", "W", "I")
_Verdict = TypeVar("_Verdict", bound=StrEnum)


def read_acknowledgement(content: bytes, *, largest_bytes: int = LARGEST_FILE_BYTES) -> Acknowledgement:
    """The answer in a file. Nothing outside the file is opened and no entity is expanded.

    What is missing or cannot be read stays empty; `peculiarities` of the value names it. Raises DomainError
    `icsr_file_too_large`, `icsr_file_encoding`, `icsr_file_doctype` or `icsr_file_broken` as for reports,
    `acknowledgement_root` for another kind of file, `acknowledgement_empty` when it names no batch and no report.
    """
    refuse_early(content, largest_bytes)
    answers: list[MessageAnswer] = []
    root = None
    try:
        for event, node in etree.iterparse(BytesIO(content), events=("start", "end"), **SAFE):
            if root is None:
                root = node
                _check_root(root)
            elif event == "end" and node.tag == _MESSAGE and node.getparent() is root:
                answers.append(_answer(node))
                node.clear(keep_tail=False)
    except etree.XMLSyntaxError as broken:
        raise broken_file(broken) from None
    if root is None:
        raise _empty()
    acknowledgement = _of_batch(root, tuple(answers))
    if not acknowledgement.batch_number and not any(answer.message_number for answer in answers):
        raise _empty()
    return acknowledgement


def _of_batch(root: Any, answers: tuple[MessageAnswer, ...]) -> Acknowledgement:
    said = _child(root, "acknowledgement")
    return Acknowledgement(
        number=_id(root, 20),
        sender=_device(root, "sender", 17),
        receiver=_device(root, "receiver", 18),
        acknowledged=_time(_attribute(_child(root, "creationTime"), "value")),
        batch_number=_id(_child(said, "targetBatch"), 22),
        local_number=_attention(root, _LOCAL_NUMBER),
        batch_sent=_time(_attention(root, _BATCH_SENT)),
        verdict=_verdict(said, BatchVerdict),
        remarks=_remarks(said),
        answers=answers,
    )


def _answer(message: Any) -> MessageAnswer:
    said = _child(message, "acknowledgement")
    return MessageAnswer(
        message_number=_id(_child(said, "targetMessage"), 1),
        local_number=_own_id(message, 19),
        receiver=_device(message, "receiver", 16),
        sender=_device(message, "sender", 15),
        message_created=_time(_attention(message, _MESSAGE_CREATED)),
        verdict=_verdict(said, MessageVerdict),
        remarks=_remarks(said),
    )


def _check_root(root: Any) -> None:
    if root.tag == _ROOT:
        return
    if root.tag == _REPORTS:
        message = N_("This file holds reports, no acknowledgement. Import it as a case of others.")
    elif root.tag == "ichicsrack":
        message = N_("This acknowledgement is in the older format E2B(R2), which is not read.")
    else:
        message = N_("This file is no acknowledgement in E2B(R3).")
    raise DomainError("acknowledgement_root", message)


def _empty() -> DomainError:
    return DomainError(
        "acknowledgement_empty",
        N_("This acknowledgement names neither a batch nor a report: ask the receiver what it answers."),
    )


def _children(node: Any, name: str) -> Iterator[Any]:
    return node.iterchildren(f"{_PREFIX}{name}") if node is not None else iter(())


def _child(node: Any, name: str) -> Any:
    return next(_children(node, name), None)


def _attribute(node: Any, name: str) -> str:
    return " ".join((node.get(name) or "").split()) if node is not None else ""


def _id(node: Any, kind: int) -> str:
    """The id of that kind; where none carries its root, the first that says anything."""
    return _own_id(node, kind) or next(
        (said for one in _children(node, "id") if (said := _attribute(one, "extension"))), ""
    )


def _own_id(node: Any, kind: int) -> str:
    ids = (one for one in _children(node, "id") if one.get("root") == id_root(kind))
    return next((said for one in ids if (said := _attribute(one, "extension"))), "")


def _device(node: Any, role: str, kind: int) -> str:
    return _id(_child(_child(node, role), "device"), kind)


def _attention(node: Any, wanted: tuple[str, str]) -> str:
    """What the attention line of that kind says, as a value, an id or text."""
    for line in _children(node, "attentionLine"):
        key = _child(line, "keyWordText")
        named = {_attribute(key, "code"), _attribute(key, "displayName"), _text(key)} - {""}
        value = _child(line, "value")
        if named & set(wanted) and value is not None:
            return _attribute(value, "value") or _attribute(value, "extension") or _text(value)
    return ""


def _text(node: Any) -> str:
    return " ".join("".join(node.itertext()).split()) if node is not None else ""


def _remarks(said: Any) -> tuple[Remark, ...]:
    found = []
    for detail in _children(said, "acknowledgementDetail"):
        kind = _attribute(detail, "typeCode")
        text = _text(_child(detail, "text")) or _attribute(_child(detail, "code"), "displayName")
        if text:
            found.append(Remark(kind if kind in _KINDS_OF_REMARK else None, text[:LONGEST_REMARK]))
    return tuple(found)


def _verdict(said: Any, verdicts: type[_Verdict]) -> _Verdict | None:
    code = _attribute(said, "typeCode").upper()
    return next((verdict for verdict in verdicts if verdict.value == code), None)


def _time(text: str) -> E2bTime | None:
    try:
        return E2bTime(text) if text else None
    except DomainError:
        return None
