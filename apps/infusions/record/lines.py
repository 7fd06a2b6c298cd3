"""A session's rows as lines of its record."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from apps.accounts.selectors import Staff
from apps.alerts.selectors import AlertRecord, people_called_for
from apps.edge.messages import params_from_json
from apps.guidelines.domain import Guidelines
from apps.infusions.domain.rate_plan import mg_per_kg_min
from apps.infusions.domain.scores.score import Score
from apps.infusions.models import (
    Correctable,
    HungVial,
    InfusionSession,
    Observation,
    RateChange,
    Reaction,
)
from apps.infusions.record.entries import (
    AlertLine,
    Correction,
    HandoverLine,
    InterventionLine,
    Name,
    NotDone,
    ObservationLine,
    RateLine,
    ReactionLine,
    Sentence,
    Symptom,
    VialLine,
    Written,
    rate_kind,
)
from apps.infusions.rows import vitals_of
from apps.infusions.watching import scored
from apps.kernel.text import N_, Phrase

# A reaction may begin with one tap and be described later.
_NOT_DESCRIBED = Phrase(N_("Reaction, not described"))


def name_of(person: Staff | None) -> str:
    """The name to print; empty for nobody."""
    return person.display_name if person else ""


def rate_lines(session: InfusionSession, changes: Sequence[RateChange]) -> tuple[RateLine, ...]:
    """What the pump was set to, in order of time."""
    lines = []
    for index, change in enumerate(changes):
        before = [earlier.rate_ml_per_h for earlier in changes[:index]]
        ended = session.ended_at is not None and index == len(changes) - 1
        lines.append(
            RateLine(
                written=Written(change.started_at, change.recorded_at, name_of(change.performer)),
                kind=rate_kind(before, change.rate_ml_per_h, ended=ended),
                rate_ml_per_h=change.rate_ml_per_h,
                rate_ml_per_kg_h=change.rate_ml_per_kg_h,
                rate_mg_per_kg_min=mg_per_kg_min(change.rate_ml_per_kg_h, session.concentration_mg_per_ml),
                reason=change.reason,
            )
        )
    return tuple(lines)


def vial_lines(vials: Iterable[HungVial]) -> tuple[VialLine, ...]:
    """What was hung, wrong entries included."""
    return tuple(
        VialLine(
            number=number,
            written=Written(vial.hung_at, vial.recorded_at, name_of(vial.performer)),
            lot_number=vial.lot_number,
            expires_on=vial.expires_on,
            gtin=vial.gtin,
            serial=vial.serial,
            volume_ml=vial.volume_ml,
            correction=_correction(vial),
        )
        for number, vial in enumerate(vials, start=1)
    )


def observation_lines(
    session: InfusionSession, guidelines: Guidelines, now: datetime
) -> tuple[ObservationLine, ...]:
    """Every set of vital signs, wrong entries included."""
    rows = list(session.observations.select_related("performer", "status_changed_by", "replaces"))
    replaced_by = {row.replaces_id: row.effective_at for row in rows if row.replaces_id}
    return tuple(
        ObservationLine(
            written=Written(row.effective_at, row.recorded_at, name_of(row.performer)),
            vitals=vitals_of(row),
            is_baseline=row.is_baseline,
            score=_score(session, row, now),
            told=_told(row, guidelines),
            not_done=tuple(
                NotDone(_sign_name(guidelines, sign), str(why.get("code", "")), str(why.get("reason", "")))
                for sign, why in row.not_done.items()
            ),
            note=row.note,
            correction=_correction(row),
            replaced_by_at=replaced_by.get(row.pk),
            replaces_at=row.replaces.effective_at if row.replaces else None,
        )
        for row in rows
    )


def _score(session: InfusionSession, row: Observation, now: datetime) -> Score | None:
    """None for a wrong entry, and in pregnancy."""
    if session.pregnant or row.status == Observation.Status.ENTERED_IN_ERROR:
        return None
    return scored(session, vitals_of(row), now)


def reaction_lines(session: InfusionSession, guidelines: Guidelines) -> tuple[ReactionLine, ...]:
    """The reactions in the order in which they began."""
    return tuple(
        ReactionLine(
            number=number,
            written=Written(row.onset_at, row.recorded_at, name_of(row.performer)),
            symptoms=_symptoms(row, guidelines),
            action=row.action,
            note=row.note,
            resolved_at=row.resolved_at,
            resolved_by=name_of(row.resolved_by),
        )
        for number, row in enumerate(_reactions(session), start=1)
    )


def intervention_lines(session: InfusionSession, guidelines: Guidelines) -> tuple[InterventionLine, ...]:
    """What was done or given, wrong entries included."""
    numbers = {row.pk: number for number, row in enumerate(_reactions(session), start=1)}
    rows = session.interventions.select_related("performer", "status_changed_by")
    return tuple(
        InterventionLine(
            number=number,
            written=Written(row.given_at, row.recorded_at, name_of(row.performer)),
            name=_intervention_name(guidelines, row.code),
            detail=row.detail,
            reaction_number=numbers[row.reaction_id] if row.reaction_id else None,
            correction=_correction(row),
        )
        for number, row in enumerate(rows, start=1)
    )


def alert_lines(alerts: Iterable[AlertRecord]) -> tuple[AlertLine, ...]:
    """Every alert of the session, the oldest first."""
    return tuple(
        AlertLine(
            number=number,
            raised_at=alert.raised_at,
            priority=alert.priority,
            text=Sentence(alert.message, params_from_json(alert.params)),
            calls=people_called_for(alert),
            acknowledged_at=alert.acknowledged_at,
            acknowledged_by=name_of(alert.acknowledged_by),
            resolved_at=alert.resolved_at,
        )
        for number, alert in enumerate(alerts, start=1)
    )


def handover_lines(session: InfusionSession) -> tuple[HandoverLine, ...]:
    """Who passed the patient to whom."""
    return tuple(
        HandoverLine(
            offered_at=row.offered_at,
            given_by=name_of(row.given_by),
            given_to=name_of(row.given_to),
            note=row.note,
            accepted_at=row.accepted_at,
            withdrawn_at=row.withdrawn_at,
        )
        for row in session.handovers.select_related("given_by", "given_to")
    )


def _reactions(session: InfusionSession) -> Iterable[Reaction]:
    return session.reactions.select_related("performer", "resolved_by").order_by("onset_at", "pk")


def _symptoms(row: Reaction, guidelines: Guidelines) -> tuple[Symptom, ...]:
    seen = row.symptoms or [{"term": row.term, "severity": row.severity}]
    return tuple(Symptom(_term_name(guidelines, one["term"]), one["severity"]) for one in seen)


def _term_name(guidelines: Guidelines, code: str) -> Name:
    known = {term.code: term.name for term in guidelines.reaction_terms}
    if code in known:
        return known[code].as_mapping()
    return _NOT_DESCRIBED if code == "unspecified" else _readable(code)


def _intervention_name(guidelines: Guidelines, code: str) -> Name:
    known = {item.code: item.name for item in getattr(guidelines, "interventions", ())}
    return known[code].as_mapping() if code in known else _readable(code)


def _readable(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _told(row: Observation, guidelines: Guidelines) -> dict[str, Name]:
    known = {
        (sign.code, choice.code): choice.name.as_mapping()
        for sign in guidelines.assessed_signs
        for choice in sign.choices
    }
    codes = {sign: getattr(row, sign) for sign in ("consciousness", "respiratory_effort")}
    return {sign: known.get((sign, code), _readable(code)) for sign, code in codes.items() if code}


def _sign_name(guidelines: Guidelines, code: str) -> Name:
    known = {sign.code: sign.name for sign in guidelines.vital_signs}
    known |= {sign.code: sign.name for sign in guidelines.assessed_signs}
    return known[code].as_mapping() if code in known else _readable(code)


def _correction(row: Correctable) -> Correction | None:
    if row.status != Correctable.Status.ENTERED_IN_ERROR or row.status_changed_at is None:
        return None
    return Correction(row.status_changed_at, name_of(row.status_changed_by), row.status_reason)
