"""What happened in a session, oldest first, from the lines of its record. Vital signs have a table of their own."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal

from apps.infusions.domain import SessionState, to_tenth_ml
from apps.infusions.record.content import Volumes
from apps.infusions.record.entries import (
    AlertLine,
    Correction,
    HandoverLine,
    Happening,
    InterventionLine,
    ObservationLine,
    RateLine,
    ReactionLine,
    Sentence,
    VialLine,
)
from apps.kernel.text import N_, Param

_RATES = {
    "started": N_("Infusion started at %(rate)s mL/h."),
    "raised": N_("Rate changed to %(rate)s mL/h. %(reason)s"),
    "lowered": N_("Rate changed to %(rate)s mL/h. %(reason)s"),
    "unchanged": N_("Rate kept at %(rate)s mL/h. %(reason)s"),
    "paused": N_("Paused. %(reason)s"),
    "resumed": N_("Resumed at %(rate)s mL/h. %(reason)s"),
}
_ENDS = {
    SessionState.STOPPED: N_("Stopped after %(volume)s mL. %(reason)s"),
    SessionState.COMPLETED: N_("Completed with %(volume)s mL. %(reason)s"),
}


def happenings_of(
    *,
    rates: Sequence[RateLine],
    vials: Sequence[VialLine],
    observations: Sequence[ObservationLine],
    reactions: Sequence[ReactionLine],
    interventions: Sequence[InterventionLine],
    alerts: Sequence[AlertLine],
    handovers: Sequence[HandoverLine],
    state: str,
    volumes: Volumes,
) -> tuple[Happening, ...]:
    """The story of the session, the oldest first."""
    told = [
        *(_rate(line, state, volumes) for line in rates),
        *(
            _told(line.written.at, N_("Vial hung, lot %(lot)s."), line.written.by, lot=line.lot_number)
            for line in vials
        ),
        *(one for line in reactions for one in _reaction(line)),
        *(
            _told(line.written.at, N_("Done or given: %(what)s."), line.written.by, what=line.name)
            for line in interventions
        ),
        *(one for line in alerts for one in _alert(line)),
        *(one for line in handovers for one in _handover(line)),
        *_wrong_entries(observations, N_("Vital signs of %(at)s marked as entered in error.")),
        *_wrong_entries(vials, N_("Vial of %(at)s marked as entered in error.")),
        *_wrong_entries(interventions, N_("Treatment of %(at)s marked as entered in error.")),
    ]
    return tuple(sorted(told, key=lambda happening: happening.at))


def _told(at: datetime, message: str, by: str = "", **params: Param) -> Happening:
    return Happening(at, Sentence(message, params), by)


def _rate(line: RateLine, state: str, volumes: Volumes) -> Happening:
    message = _RATES[line.kind] if line.kind in _RATES else _ENDS.get(SessionState(state), _RATES["paused"])
    volume: Decimal = to_tenth_ml(volumes.given_ml)
    params: dict[str, Param] = {"rate": line.rate_ml_per_h, "volume": volume, "reason": line.reason}
    return _told(line.written.at, message, line.written.by, **params)


def _reaction(line: ReactionLine) -> Iterator[Happening]:
    for symptom in line.symptoms:
        yield _told(line.written.at, N_("Reaction: %(term)s."), line.written.by, term=symptom.term)
    if line.resolved_at:
        term = line.symptoms[0].term
        yield _told(line.resolved_at, N_("Reaction passed: %(term)s."), line.resolved_by, term=term)


def _alert(line: AlertLine) -> Iterator[Happening]:
    yield Happening(line.raised_at, line.text, "")
    number = line.number
    for called_at, names in line.calls:
        if names:
            message = N_("Alert %(number)s not acknowledged. Called: %(names)s.")
            yield _told(called_at, message, number=number, names=names)
        else:
            yield _told(called_at, N_("Alert %(number)s not acknowledged, escalated."), number=number)
    if line.acknowledged_at:
        yield _told(
            line.acknowledged_at, N_("Alert %(number)s acknowledged."), line.acknowledged_by, number=number
        )


def _handover(line: HandoverLine) -> Iterator[Happening]:
    yield _told(line.offered_at, N_("Handover offered to %(name)s."), line.given_by, name=line.given_to)
    if line.accepted_at:
        yield _told(line.accepted_at, N_("Handover accepted."), line.given_to)
    if line.withdrawn_at:
        yield _told(line.withdrawn_at, N_("Handover withdrawn."), line.given_by)


def _wrong_entries(
    lines: Iterable[ObservationLine | VialLine | InterventionLine], message: str
) -> Iterator[Happening]:
    for line in lines:
        wrong: Correction | None = line.correction
        if wrong:
            yield Happening(wrong.at, Sentence(message, {"at": line.written.at}), wrong.by)
