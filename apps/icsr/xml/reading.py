"""A file of somebody else's made into reports: what is understood as values, what is not as a list."""

from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any, TypeVar

from lxml import etree

from apps.icsr.domain.batch import Batch, Message
from apps.icsr.domain.structure import MESSAGE, NAMESPACE, ROOT
from apps.icsr.xml.assembly import build_message, build_section
from apps.icsr.xml.raw import Gatherer, Raw, Unread
from apps.icsr.xml.ways import ways
from apps.kernel.errors import DomainError
from apps.kernel.text import N_

LARGEST_FILE_BYTES = 50 * 1024 * 1024
_MOST_TAGS = 4_000_000
_ACKNOWLEDGEMENT = f"{{{NAMESPACE}}}MCCI_IN200101UV01"
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class ReadMessage:
    """A message of a file: its values, and what in it was not understood (`more`: and more than is listed)."""

    message: Message
    not_understood: tuple[Unread, ...] = ()
    more: bool = False


@dataclass(frozen=True, slots=True)
class ReadBatch:
    """A file that was read."""

    batch: Batch
    messages: tuple[ReadMessage, ...]
    not_understood: tuple[Unread, ...] = ()


def read_batch(content: bytes, *, largest_bytes: int = LARGEST_FILE_BYTES) -> ReadBatch:
    """Read an E2B(R3) batch (MCCI_IN200100UV01) of any sender.

    Nothing outside the file is opened and no entity is expanded. What a report says beyond the element
    table, or against it, is listed and never guessed. Raises DomainError `icsr_file_too_large`,
    `icsr_file_encoding`, `icsr_file_doctype`, `icsr_file_broken`, `icsr_file_root` or `icsr_file_empty`.
    """
    refuse_early(content, largest_bytes)
    messages: list[ReadMessage] = []
    root = None
    try:
        for event, node in etree.iterparse(BytesIO(content), events=("start", "end"), **SAFE):
            if root is None:
                root = node
                _check_root(root)
            elif event == "end" and node.getparent() is root and node.tag == f"{{{NAMESPACE}}}{MESSAGE}":
                messages.append(_message(node))
                node.clear(keep_tail=False)
    except etree.XMLSyntaxError as broken:
        raise broken_file(broken) from None
    if not messages or root is None:
        raise DomainError("icsr_file_empty", N_("This file holds no report."))
    gatherer, raw = Gatherer(), Raw()
    for node in list(root):
        if node.tag == f"{{{NAMESPACE}}}{MESSAGE}":
            root.remove(node)
    gatherer.walk(root, ways()["BATCH"], raw)
    return ReadBatch(build_section(Batch, raw, kind=None), tuple(messages), tuple(gatherer.unread))


# No entity, no document type, nothing from the network, no giant trees.
SAFE: dict[str, Any] = {
    "resolve_entities": False,
    "load_dtd": False,
    "no_network": True,
    "huge_tree": False,
    "remove_comments": True,
    "remove_pis": True,
}


def _message(node: Any) -> ReadMessage:
    gatherer, raw = Gatherer(), Raw()
    gatherer.walk(node, ways()["MSG"], raw)
    message = build_message(raw, gatherer)
    return ReadMessage(message, tuple(gatherer.unread), gatherer.truncated)


def refuse_early(content: bytes, largest_bytes: int) -> None:
    """Refuse a file that is too large, not in UTF-8 or has a document type, before anything of it is parsed."""
    if len(content) > largest_bytes or content.count(b"<") > _MOST_TAGS:
        raise DomainError(
            "icsr_file_too_large",
            N_("This file is larger than %(limit)s MB. Ask its sender for smaller batches."),
            limit=largest_bytes // (1024 * 1024),
        )
    try:
        text_start = content[:4096].decode("utf-8", errors="ignore")
        content.decode("utf-8")
    except UnicodeDecodeError:
        raise _encoding() from None
    declared = _declared_encoding(text_start)
    if "\0" in text_start or (declared and declared.lower() not in ("utf-8", "utf8", "us-ascii")):
        raise _encoding()
    if any(piece.startswith("<!DOCTYPE") for piece in _before_the_root(content)):
        raise DomainError(
            "icsr_file_doctype",
            N_("This file declares a document type. Reports have none: it is not read, for safety."),
        )


def _declared_encoding(start: str) -> str | None:
    head = start.lstrip("\ufeff")
    if not head.startswith("<?xml"):
        return None
    _, found, rest = head.partition("?>")[0].partition("encoding")
    value = rest.lstrip(" \t\r\n=") if found else ""
    return value[1:].partition(value[0])[0] if value[:1] in ("'", '"') else None


def _before_the_root(content: bytes) -> Iterator[str]:
    """The beginnings of what stands before the first element: declarations, comments, instructions."""
    at = 0
    while (at := content.find(b"<", at)) >= 0:
        start = content[at : at + 9].decode("ascii", errors="replace")
        yield start
        end = {"<?": b"?>", "<!": b">"}.get(start[:2])
        if end is None or start.startswith("<!DOCTYPE"):
            return
        at = content.find(b"-->" if start.startswith("<!--") else end, at)
        if at < 0:
            return


def _check_root(root: Any) -> None:
    if root.tag == f"{{{NAMESPACE}}}{ROOT}":
        return
    if root.tag == _ACKNOWLEDGEMENT:
        message = N_("This file is an acknowledgement, no report. Import it where reports are sent.")
    elif root.tag == "ichicsr":
        message = N_(
            "This file is in the older format E2B(R2), which is not read. Ask its sender for E2B(R3)."
        )
    else:
        message = N_("This file is no batch of reports in E2B(R3).")
    raise DomainError("icsr_file_root", message)


def _encoding() -> DomainError:
    return DomainError("icsr_file_encoding", N_("This file is not in UTF-8, as E2B(R3) asks."))


def broken_file(error: etree.XMLSyntaxError) -> DomainError:
    """The error for a file that is no XML."""
    return DomainError(
        "icsr_file_broken",
        N_("This file is damaged: it cannot be read from line %(line)s on."),
        line=error.lineno or 1,
    )
