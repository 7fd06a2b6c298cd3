"""Accepting what a source means where it cannot be trusted as printed."""

from datetime import datetime

from apps.accounts.selectors import Action, Staff, require
from apps.accounts.services import Signature, sign_with_second_person
from apps.accounts.signing import signature_of
from apps.guidelines.domain.accepting import StatedReading, check_reading, fingerprint
from apps.guidelines.models import RegimenReading
from apps.guidelines.selectors import current_guidelines
from apps.kernel.errors import DomainError
from apps.kernel.text import N_
from apps.ledger.services import actor_of, record_event, unit_of_work


def accept_reading(
    *,
    performer: Staff,
    signature: Signature,
    indication_slug: str,
    regimen_code: str,
    reading: StatedReading,
    reason: str,
    now: datetime,
) -> RegimenReading:
    """State how a regimen under query is to be read; a physician and a second person sign together.

    Raises the refusals of `check_reading` and `sign_with_second_person`, and DomainError
    `reading_reason_needed`. Source: clinical facts 1.11, 9.3 rule 1.
    """
    require(performer, Action.ACCEPT_READING)
    indication = current_guidelines().indication(indication_slug)
    regimen = indication.regimen(regimen_code)
    check_reading(regimen, reading)
    if not reason.strip():
        raise DomainError(
            "reading_reason_needed",
            N_("Say on what this reading rests: a source, a label, a colleague asked."),
            extra={"field": "reason"},
        )
    with unit_of_work():
        second = sign_with_second_person(performer=performer, signature=signature, ward_id=None)
        accepted = RegimenReading.objects.create(
            indication_slug=indication_slug,
            regimen_code=regimen_code,
            fingerprint=fingerprint(indication, regimen),
            amount_mg_per_kg_min=reading.amount_mg_per_kg_min,
            amount_mg_per_kg_max=reading.amount_mg_per_kg_max,
            basis=reading.basis,
            days_min=reading.days_min,
            days_max=reading.days_max,
            reason=reason.strip(),
            physician=performer,
            second_person=second,
            accepted_at=now,
        )
        record_event(
            name="guideline.reading.accepted",
            subject=f"reading:{accepted.pk}",
            ward_id=None,
            actor=actor_of(performer),
            now=now,
            payload={
                "indication": indication_slug,
                "regimen": regimen_code,
                "amount_mg_per_kg": [str(reading.amount_mg_per_kg_min), str(reading.amount_mg_per_kg_max)],
                "basis": reading.basis,
                "second_person": actor_of(second),
                "reason": accepted.reason,
                "signatures": [
                    signature_of(
                        person, meaning=meaning, signed=[accepted.fingerprint, accepted.pk, accepted.reason]
                    )
                    for person, meaning in ((performer, "approval"), (second, "second_signature"))
                ],
            },
        )
    return accepted
