"""What events and readings are called on the auditor's pages. What has no words here goes by its own name."""

from collections.abc import Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

from apps.edge.messages import fill
from apps.kernel.text import N_

SENTENCES: dict[str, str] = {
    "patient.registered": N_("Patient registered."),
    "patient.trough.recorded": N_("Trough level recorded."),
    "patient.trough.entered_in_error": N_("Trough level marked as entered in error."),
    "patient.infection.recorded": N_("Infection recorded."),
    "patient.infection.entered_in_error": N_("Infection marked as entered in error."),
    "course.opened": N_("Course approved."),
    "course.revised": N_("Course changed: version %(version)s."),
    "course.response.recorded": N_("Effect of the treatment recorded."),
    "course.response.entered_in_error": N_("Effect of the treatment marked as entered in error."),
    "infusion.session.prepared": N_("Prepared."),
    "infusion.session.started": N_("Infusion started at %(rate_ml_per_h)s mL/h."),
    "infusion.session.paused": N_("Infusion paused."),
    "infusion.session.resumed": N_("Infusion resumed at %(rate_ml_per_h)s mL/h."),
    "infusion.session.stopped": N_("Infusion stopped."),
    "infusion.session.completed": N_("Infusion completed."),
    "infusion.session.abandoned": N_("Infusion abandoned before it began."),
    "infusion.session.taken_over": N_("Patient taken over without an offer."),
    "infusion.rate.changed": N_("Rate set to %(rate_ml_per_h)s mL/h."),
    "infusion.step.due": N_("Next step due."),
    "infusion.step.postponed": N_("The rate stays for a while."),
    "infusion.observation.due": N_("Vital signs due."),
    "infusion.observation.recorded": N_("Vital signs recorded."),
    "infusion.observation.corrected": N_("Vital signs corrected."),
    "infusion.observation.entered_in_error": N_("Vital signs marked as entered in error."),
    "infusion.spo2_scale.changed": N_("Scale of the oxygen saturation changed."),
    "infusion.vial.hung": N_("Vial hung."),
    "infusion.vial.entered_in_error": N_("Vial marked as entered in error."),
    "infusion.reaction.recorded": N_("Reaction recorded."),
    "infusion.reaction.described": N_("Reaction described."),
    "infusion.reaction.resolved": N_("Reaction passed."),
    "infusion.reaction.entered_in_error": N_("Reaction marked as entered in error."),
    "infusion.intervention.recorded": N_("Measure or drug recorded."),
    "infusion.handover.offered": N_("Handover offered."),
    "infusion.handover.accepted": N_("Handover accepted."),
    "infusion.handover.withdrawn": N_("Handover taken back."),
    "laboratory.result.recorded": N_("Laboratory result recorded."),
    "laboratory.result.corrected": N_("Laboratory result corrected."),
    "laboratory.result.entered_in_error": N_("Laboratory result marked as entered in error."),
    "alert.raised": N_("Alert raised."),
    "alert.acknowledged": N_("Alert acknowledged."),
    "alert.escalated": N_("Alert climbed to the next level."),
    "alert.resolved": N_("Alert resolved."),
    "followup.check.planned": N_("Follow-up planned."),
    "followup.check.answered": N_("Follow-up answered."),
    "followup.fact.noted": N_("Fact for the follow-up noted."),
    "discharge.patient.discharged": N_("Patient discharged."),
    "discharge.sheet.printed": N_("Discharge sheet printed."),
    "discharge.vaccine.overridden": N_("Waiting time of a vaccine set aside."),
    "safety.adverse_event.opened": N_("Adverse event opened."),
    "safety.review.signed": N_("Review of an adverse event signed."),
    "safety.adverse_events.exported": N_("Adverse events exported."),
    "case.opened": N_("Case opened."),
    "case.coded": N_("Term of a case coded."),
    "case.narrative_written": N_("Narrative of a case written."),
    "lots.lot.held": N_("Lot put on hold."),
    "lots.release.asked": N_("Release of a lot asked for."),
    "lots.release.refused": N_("Release of a lot refused."),
    "lots.lot.released": N_("Lot released."),
    "on_call.set": N_("Duty on call set."),
    "on_call.withdrawn": N_("Duty on call taken back."),
    "user.added": N_("Account added."),
    "user.changed": N_("Account changed: %(fields)s."),
    "user.removed": N_("Account removed."),
    "ward.added": N_("Ward added."),
    "ward.changed": N_("Ward changed: %(fields)s."),
    "audit.export.taken": N_("File taken out: %(kind)s."),
}
_RAISED = N_("Rate raised from %(before)s to %(after)s mL/h.")
_LOWERED = N_("Rate lowered from %(before)s to %(after)s mL/h.")

PURPOSES: dict[str, str] = {
    "care": N_("Seen: %(kind)s."),
    "break_glass": N_("Seen in an emergency: %(kind)s."),
    "export": N_("Taken out as a file: %(kind)s."),
}
# Pages and addresses by their names; others go by the name itself.
PLACES: dict[str, str] = {
    "api/v1/wards/<int:ward_id>/board/": N_("board of the ward"),
    "api/v1/wards/<int:ward_id>/board/changes/": N_("board of the ward"),
    "api/v1/patients/": N_("list of patients"),
    "api/v1/patients/<int:patient_id>/": N_("patient"),
    "api/v1/sessions/<int:session_id>/": N_("infusion"),
    "api/v1/courses/<int:course_id>/": N_("course"),
    "patients:detail": N_("patient"),
    "patients:list": N_("list of patients"),
    "infusions:detail": N_("infusion"),
    "infusions:record": N_("record of the infusion"),
    "courses:detail": N_("course"),
    "discharge:sheet": N_("discharge sheet"),
    "followups:list": N_("list of follow-ups"),
    "inspection:find": N_("search of an auditor"),
}


def event_text(name: str, payload: Mapping[str, Any]) -> str:
    """An event as a sentence in the reader's language."""
    rate = _rates(payload) if name == "infusion.rate.changed" else None
    if rate:
        before, after = rate
        return fill(_RAISED if after > before else _LOWERED, {"before": before, "after": after})
    if name not in SENTENCES:
        return name
    return fill(SENTENCES[name], _Params(payload))


def reading_text(kind: str, purpose: str) -> str:
    """A reading as a sentence in the reader's language."""
    return fill(PURPOSES.get(purpose, PURPOSES["care"]), {"kind": place_text(kind)})


def place_text(kind: str) -> str:
    """A page or address in words."""
    return fill(PLACES[kind], {}) if kind in PLACES else kind


def _rates(payload: Mapping[str, Any]) -> tuple[Decimal, Decimal] | None:
    try:
        before, after = Decimal(payload["rate_ml_per_h_before"]), Decimal(payload["rate_ml_per_h"])
    except (KeyError, TypeError, InvalidOperation):
        return None
    return (before, after) if before != after else None


class _Params(dict[str, Any]):
    """What fills a sentence: the payload's numbers as numbers, and nothing where it holds nothing."""

    def __init__(self, payload: Mapping[str, Any]) -> None:
        after = payload.get("after")
        fields = ", ".join(after) if isinstance(after, dict) else ""
        numbers = {
            "rate_ml_per_h": _number(payload.get("rate_ml_per_h")),
            "version": payload.get("version") if isinstance(payload.get("version"), int) else "",
        }
        kind = payload.get("kind")
        super().__init__(fields=fields, kind=place_text(kind) if isinstance(kind, str) else "", **numbers)


def _number(value: Any) -> Decimal | str:
    try:
        return Decimal(value) if value is not None else ""
    except (TypeError, InvalidOperation):
        return ""
