"""What the rows of a session mean in the domain."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from apps.guidelines.domain import Guidelines, ObservationSchedule
from apps.guidelines.selectors import current_guidelines, guidelines_version
from apps.infusions.domain import (
    MEASURED_SIGNS,
    VITAL_SIGNS,
    Age,
    Consciousness,
    Hung,
    Rate,
    RespiratoryEffort,
    SetRate,
    Vitals,
    age_on,
    volume_given_ml,
)
from apps.infusions.models import Correctable, HungVial, InfusionSession, Observation, RateChange, Reaction


def guidelines_of(session: InfusionSession) -> Guidelines:
    """The guideline version that the session pins."""
    return guidelines_version(session.guideline_version)


def rates_of(session: InfusionSession) -> list[Rate]:
    """What the pump was set to, in order of time."""
    return [Rate(change.started_at, change.rate_ml_per_h) for change in changes_of(session)]


def changes_of(session: InfusionSession) -> list[RateChange]:
    """Every setting of the pump, in order of time."""
    return session.kept("rate_changes")


def last_change(session: InfusionSession) -> RateChange | None:
    """The newest setting of the pump."""
    return next(reversed(changes_of(session)), None)


def last_running(session: InfusionSession) -> RateChange | None:
    """The rate that runs, or ran last before a pause or the end."""
    return next((change for change in reversed(changes_of(session)) if change.rate_ml_per_h), None)


def unbroken_since(session: InfusionSession) -> datetime | None:
    """When the pump began, or last went on after a pause; None before the start."""
    since, ran = None, Decimal(0)
    for change in changes_of(session):
        if change.rate_ml_per_h and not ran:
            since = change.started_at
        ran = change.rate_ml_per_h
    return since


def at_onset(changes: Sequence[RateChange], onset_at: datetime) -> RateChange | None:
    """Of these changes, in order of time, the one in force when a reaction began.

    What was set in that very moment is as a rule the answer to it: the higher rate counts.
    """
    before = [change for change in changes if change.started_at < onset_at]
    within = [change for change in changes if change.started_at == onset_at]
    return max([*before[-1:], *within], key=lambda change: change.rate_ml_per_h, default=None)


def rate_at_onset(session: InfusionSession, onset_at: datetime) -> RateChange | None:
    """The rate at which a reaction began; None when nothing ran."""
    change = at_onset(changes_of(session), onset_at)
    return change if change and change.rate_ml_per_h else None


def set_rate(change: RateChange) -> SetRate:
    """A stored rate as the domain sees it."""
    return SetRate(change.step_index, change.rate_ml_per_kg_h, change.rate_ml_per_h)


def vials_of(session: InfusionSession) -> list[HungVial]:
    """What was hung, wrong entries left out."""
    return _right(session.kept("vials"))


def hung_of(session: InfusionSession) -> list[Hung]:
    """What was hung, with its volume; where volumes were not kept yet, all of it from the start."""
    vials = vials_of(session)
    if any(vial.volume_ml is None for vial in vials):
        return [Hung(vials[0].hung_at, session.volume_total_ml)]
    return [Hung(vial.hung_at, vial.volume_ml or Decimal(0)) for vial in vials]


def given_ml(session: InfusionSession, now: datetime) -> Decimal:
    """Millilitres given until `now` by the rates that were set, never more than was hung.

    Once what was left over has been measured, that counts instead.
    """
    hung = hung_of(session)
    if session.residual_ml is not None and session.ended_at is not None and now >= session.ended_at:
        return max(Decimal(0), sum((vial.volume_ml for vial in hung), Decimal(0)) - session.residual_ml)
    return volume_given_ml(rates_of(session), hung, now)


def observations_of(session: InfusionSession) -> list[Vitals]:
    """The session's vital signs in order of effective time, baseline included, wrong entries left out."""
    return [vitals_of(row) for row in valid_observations(session)]


def valid_observations(session: InfusionSession) -> list[Observation]:
    """The rows that count, in order of effective time."""
    return _right(session.kept("observations"))


def valid_reactions(session: InfusionSession) -> list[Reaction]:
    """The session's reactions in order of onset, wrong entries left out."""
    return _right(session.kept("reactions"))


def baseline_of(session: InfusionSession) -> Vitals | None:
    """The vital signs from before the start."""
    row = next((row for row in valid_observations(session) if row.is_baseline), None)
    return vitals_of(row) if row else None


def vitals_of(row: Observation) -> Vitals:
    """A stored observation as the domain sees it, made once: an entry is marked or replaced, never changed."""
    made: Vitals | None = row.__dict__.get("_vitals")
    if made is None:
        made = row.__dict__["_vitals"] = _made_vitals(row)
    return made


def _made_vitals(row: Observation) -> Vitals:
    told = {"consciousness": Consciousness, "respiratory_effort": RespiratoryEffort}
    values = {sign: getattr(row, sign) for sign in VITAL_SIGNS}
    for sign, words in told.items():
        values[sign] = words(values[sign]) if values[sign] else None
    return Vitals(effective_at=row.effective_at, not_done=frozenset(row.not_done), **values)


def _right(rows: list[Any]) -> list[Any]:
    return [row for row in rows if row.status != Correctable.Status.ENTERED_IN_ERROR]


def age_of(session: InfusionSession, now: datetime) -> Age:
    """The patient's age, in the ward's days."""
    today = now.astimezone(ZoneInfo(session.ward.time_zone)).date()
    return age_on(session.patient.birth_date, today)


def signs_needed(session: InfusionSession, now: datetime) -> tuple[str, ...]:
    """The signs without which a set of this patient is not complete."""
    guidelines = with_bedside_data(session)
    return guidelines.signs_needed_for(age_of(session, now).group.value) or MEASURED_SIGNS


def schedule_of(session: InfusionSession) -> ObservationSchedule:
    """When this session's vital signs are due."""
    return with_bedside_data(session).observation_schedules[0]


def with_bedside_data(session: InfusionSession) -> Guidelines:
    """What the session pins; see `bedside_guidelines`."""
    return bedside_guidelines(session.guideline_version)


def bedside_guidelines(version: str) -> Guidelines:
    """The pinned version, or today's for versions from before the bedside was in the guidelines."""
    pinned = guidelines_version(version)
    return pinned if pinned.observation_schedules else current_guidelines()
