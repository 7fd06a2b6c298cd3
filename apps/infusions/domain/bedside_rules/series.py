"""A session's observations and reactions as the rules look at them: in order of bedside time, each once."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import Any

from apps.infusions.domain.age import Age
from apps.infusions.domain.scores.score import Score
from apps.infusions.domain.vitals import VITAL_SIGNS, Vitals


@dataclass(frozen=True, slots=True)
class SeenReaction:
    """A symptom somebody saw, with its wording by language code. Open while `resolved_at` is None."""

    term: str
    name: Mapping[str, str]
    organ_groups: tuple[str, ...]
    severity: str
    onset_at: datetime
    resolved_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Series:
    """What the rules look at; made by `make_series`. No entry in it was entered in error.

    `spo2_scale` is the scale of NEWS2 by which the patient's oxygen saturation is judged.

    `observations` stand in order of effective time, baseline included. `score_of` gives the score of a set
    for this patient.
    """

    age: Age
    weight_kg: Decimal
    baseline: Vitals | None
    observations: tuple[Vitals, ...]
    reactions: tuple[SeenReaction, ...]
    score_of: Callable[[Vitals], Score]
    spo2_scale: int = 1

    @property
    def open_reactions(self) -> tuple[SeenReaction, ...]:
        """The symptoms that have not passed."""
        return tuple(reaction for reaction in self.reactions if reaction.resolved_at is None)


def make_series(
    *,
    age: Age,
    weight_kg: Decimal,
    baseline: Vitals | None,
    observations: Iterable[Vitals],
    reactions: Iterable[SeenReaction],
    score_of: Callable[[Vitals], Score],
    spo2_scale: int = 1,
) -> Series:
    """The series of these entries, whatever the order in which they came and however often each came."""
    sets = (*observations, *((baseline,) if baseline else ()))
    vitals_by_key = {_vitals_key(vitals): vitals for vitals in sets}
    reactions_by_key = {_reaction_key(reaction): reaction for reaction in reactions}
    return Series(
        age=age,
        weight_kg=weight_kg,
        baseline=baseline,
        observations=tuple(vitals_by_key[key] for key in sorted(vitals_by_key)),
        reactions=tuple(reactions_by_key[key] for key in sorted(reactions_by_key)),
        score_of=score_of,
        spo2_scale=spo2_scale,
    )


def as_of(series: Series, moment: datetime) -> Series:
    """The series as it was at a moment: what became effective later has not happened.

    The baseline stays, so that a set from before it is known for one.
    """
    return replace(
        series,
        observations=tuple(vitals for vitals in series.observations if vitals.effective_at <= moment),
        reactions=tuple(
            replace(reaction, resolved_at=None)
            if reaction.resolved_at and reaction.resolved_at > moment
            else reaction
            for reaction in series.reactions
            if reaction.onset_at <= moment
        ),
    )


def _vitals_key(vitals: Vitals) -> tuple[Any, ...]:
    values = (getattr(vitals, sign) for sign in VITAL_SIGNS)
    measured = tuple(() if value is None else (value,) for value in values)
    return (vitals.effective_at, measured, tuple(sorted(vitals.not_done)))


def _reaction_key(reaction: SeenReaction) -> tuple[Any, ...]:
    resolved = () if reaction.resolved_at is None else (reaction.resolved_at,)
    return (reaction.onset_at, reaction.term, reaction.severity, resolved, reaction.organ_groups)
