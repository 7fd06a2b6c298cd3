"""What every writer of a case needs: the case under its lock, and the event that says what was done."""

from datetime import datetime
from typing import Any

from apps.accounts.selectors import Action, Staff
from apps.cases.models import Case
from apps.cases.selectors import access_case
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event


def case_to_change(performer: Staff, case_id: int) -> Case:
    """The case, locked. Raises ConflictError `case_nullified`; NotFoundError, ForbiddenError as `access_case`."""
    case = access_case(performer, case_id, Action.MANAGE_CASES, for_update=True)
    if case.state == Case.State.NULLIFIED:
        raise ConflictError(
            "case_nullified", N_("This case was nullified. What happened belongs to another case.")
        )
    return case


def save_changed(case: Case, *fields: str) -> None:
    """Save these fields under a new revision."""
    case.revision += 1
    case.save(update_fields=[*fields, "revision"])


def record(case: Case, name: str, performer: Staff | None, now: datetime, **payload: Any) -> None:
    """Record an event of the case."""
    record_event(
        name=f"case.{name}",
        subject=f"case:{case.pk}",
        ward_id=case.ward_id,
        actor=actor_of(performer),
        now=now,
        payload={"patient_id": case.patient_id, **payload},
    )
