"""Reports of others: kept as they came, beside our own and in none of our counts."""

import hashlib
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff, require
from apps.icsr.domain import Icsr
from apps.icsr.services import read_batch
from apps.ledger.services import unit_of_work
from apps.submissions.models import ForeignFile, ForeignReport

_MOST_NAMES = 50


def import_reports(*, performer: Staff | None, content: bytes, now: datetime, name: str = "") -> ForeignFile:
    """Keep a file of others; the same file again is the one that is kept. Raises what `read_batch` raises."""
    if performer is not None:
        require(performer, Action.SEND_CASES)
    digest = hashlib.sha256(content).hexdigest()
    known = ForeignFile.objects.filter(sha256=digest).first()
    if known is not None:
        return known
    read = read_batch(content)
    with unit_of_work():
        file, fresh = ForeignFile.objects.get_or_create(
            sha256=digest,
            defaults={
                "content": content,
                "name": name[:255],
                "batch_number": (read.batch.number or "")[:200],
                "sender": (read.batch.sender or "")[:200],
                "received_at": now,
                "received_by": performer,
            },
        )
        if fresh:
            ForeignReport.objects.bulk_create(
                _row(file, position, one.message.report)
                for position, one in enumerate(read.messages, start=1)
            )
    return file


def _row(file: ForeignFile, position: int, report: Icsr) -> ForeignReport:
    about = report.identification
    return ForeignReport(
        file=file,
        position=position,
        report_number=_text(about.report_id, 200),
        worldwide_number=_text(about.worldwide_id, 200),
        created=_text(about.created, 40),
        reactions=[
            _text(one.native_text, 250) or _text(one.translation, 250) or _text(one.meddra_code, 20)
            for one in report.reactions[:_MOST_NAMES]
        ],
        drugs=[_text(one.name, 250) for one in report.drugs[:_MOST_NAMES]],
    )


def _text(value: Any, longest: int) -> str:
    """What was said, in words; a null flavour says nothing."""
    said = getattr(value, "text", value)
    return said[:longest] if isinstance(said, str) and type(value).__name__ != "NullFlavor" else ""
