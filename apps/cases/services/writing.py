"""What a person writes into a case. Nothing drafted ever takes its place."""

import hashlib
from datetime import datetime
from typing import Any

from apps.accounts.selectors import Staff
from apps.cases.domain.narrative import MAX_LENGTH
from apps.cases.gathering import gather
from apps.cases.models import Case
from apps.cases.services.common import case_to_change, record, save_changed
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import unit_of_work


def write_narrative(*, performer: Staff, case_id: int, revision: int, text: str, now: datetime) -> Case:
    """Keep the narrative as a person wrote it.

    Raises ConflictError `case_changed` when somebody else wrote meanwhile.
    """
    with unit_of_work():
        case = case_to_change(performer, case_id)
        _expect(case, revision)
        before = _sealed(case.narrative)
        case.narrative = text.strip()[:MAX_LENGTH]
        case.narrative_by, case.narrative_at = performer, now
        save_changed(case, "narrative", "narrative_by", "narrative_at")
        record(
            case,
            "narrative_written",
            performer,
            now,
            length=len(case.narrative),
            **_sealed(case.narrative),
            before=before,
        )
    return case


def draft_again(*, performer: Staff, case_id: int, revision: int, now: datetime) -> Case:
    """Give up what was written: the narrative is drafted from the record again. What versions keep stays."""
    with unit_of_work():
        case = case_to_change(performer, case_id)
        _expect(case, revision)
        before = _sealed(case.narrative)
        case.narrative, case.narrative_by, case.narrative_at = "", None, None
        save_changed(case, "narrative", "narrative_by", "narrative_at")
        record(case, "narrative_given_up", performer, now, before=before)
    return case


def describe_case(
    *,
    performer: Staff,
    case_id: int,
    revision: int,
    reporter_qualification: str,
    native_narrative: str,
    sender_comment: str,
    now: datetime,
) -> Case:
    """Who told of it, the summary in the ward's language, the sender's comment. Raises ConflictError `case_changed`."""
    with unit_of_work():
        case = case_to_change(performer, case_id)
        _expect(case, revision)
        before = _description(case)
        case.reporter_qualification = reporter_qualification
        case.native_narrative = "" if _is_draft(case, native_narrative, now) else native_narrative.strip()
        case.sender_comment = sender_comment.strip()
        save_changed(case, "reporter_qualification", "native_narrative", "sender_comment")
        record(case, "described", performer, now, **_description(case), before=before)
    return case


def _sealed(text: str) -> dict[str, str]:
    """A text's SHA-256: it may hold what identifies somebody, and events never do."""
    return {"sha256": hashlib.sha256(text.encode()).hexdigest()} if text else {}


def _description(case: Case) -> dict[str, Any]:
    return {
        "reporter_qualification": case.reporter_qualification,
        "native_narrative": _sealed(case.native_narrative),
        "sender_comment": _sealed(case.sender_comment),
    }


def _is_draft(case: Case, text: str, now: datetime) -> bool:
    """Whether a summary is still the one that is drafted; it goes on growing with the record then."""
    return not case.native_narrative and text.split() == gather(case, now=now).native_narrative.split()


def _expect(case: Case, revision: int) -> None:
    if case.revision != revision:
        raise ConflictError(
            "case_changed",
            N_("Somebody changed this case meanwhile. Your text is still here: compare, then save again."),
            extra={"revision": case.revision},
        )
