"""Writers of retention: a person's identity is erased, and what has had its time goes."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.sessions.models import Session

from apps.accounts.selectors import Action, Staff
from apps.accounts.services import Signature, sign_with_second_person
from apps.alerts.delivery.forgetting import forget_messages
from apps.edge.forgetting import forget_answers
from apps.kernel.errors import ConflictError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work
from apps.patients.domain.search import words_of
from apps.patients.selectors import access_patient
from apps.patients.services import wipe_identity
from apps.retention.domain.policy import checked_reason
from apps.retention.selectors import open_matters_of, policy
from apps.selfreport.services import forget_addresses, forget_contact


@dataclass(frozen=True, slots=True)
class Erased:
    """What stays of a patient whose identity was erased, and what was still open."""

    pseudonym: str
    open_matters: tuple[str, ...]


def erase_identity(
    *,
    performer: Staff,
    patient_id: int,
    signature: Signature,
    reason: str,
    although_open: str = "",
    now: datetime,
) -> Erased:
    """Wipe name, birth date and record number for good, and every address the patient was written to.

    An administrator asks, a nurse or a physician of the ward signs with them. Courses, infusions, adverse events and
    cases stay under the pseudonym (GDPR article 17(3)(c) with 9(2)(i)). While something is open that needs the person,
    `although_open` must say why it is done nevertheless.

    Raises NotFoundError, ForbiddenError; DomainError `reason_too_short`, `reason_names_patient` and those of
    `sign_with_second_person`; ConflictError `already_erased`, `identity_in_use`.
    """
    with unit_of_work():
        patient = access_patient(performer, patient_id, Action.ADMINISTER)
        named = words_of(patient.name) | words_of(patient.medical_record_number)
        reason = checked_reason(reason, name_words=named, reason_words=words_of(reason))
        matters = open_matters_of(patient.pk)
        if matters and not although_open.strip():
            raise ConflictError(
                "identity_in_use",
                N_(
                    "Something is still open that needs to know who this is. Finish it first, or say why not."
                ),
                extra={"open": matters},
            )
        if matters:
            although_open = checked_reason(
                although_open, name_words=named, reason_words=words_of(although_open)
            )
        second = sign_with_second_person(performer=performer, signature=signature, ward_id=patient.ward_id)
        wipe_identity(patient_id=patient.pk, now=now)
        forget_contact(patient_id=patient.pk, performer=performer, now=now)
        record_event(
            name="patient.identity_erased",
            subject=f"patient:{patient.pk}",
            ward_id=patient.ward_id,
            actor=actor_of(performer),
            now=now,
            payload={
                "pseudonym": patient.pseudonym,
                "second_person": second.pk,
                "reason": reason,
                "open": matters,
                "although_open": although_open.strip() if matters else "",
            },
        )
    return Erased(patient.pseudonym, tuple(matters))


def forget_what_is_due(*, wall_now: datetime, dry_run: bool) -> dict[str, int]:
    """Delete or wipe what has had its time. Returns how many of what; with `dry_run` nothing is touched."""
    rule = policy()
    expired = Session.objects.filter(expire_date__lt=wall_now)
    done = {
        "self_report_address": forget_addresses(
            before=rule.before("self_report_address", wall_now), dry_run=dry_run
        ),
        "stored_answer": forget_answers(before=rule.before("stored_answer", wall_now), dry_run=dry_run),
        "outgoing_message": forget_messages(
            before=rule.before("outgoing_message", wall_now), dry_run=dry_run
        ),
        "session": expired.count(),
    }
    if not dry_run:
        expired.delete()
    return done
