"""With which drug (G.k): substances, doses with their lots, indications, and the drug against each reaction."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.times import E2bTime


@dataclass(frozen=True, slots=True, kw_only=True)
class Substance:
    """What is in it (G.k.2.3.r); the strength per one of what the unit names."""

    name: Annotated[str | None, "G.k.2.3.r.1"] = None
    strength: Annotated[Decimal | None, "G.k.2.3.r.3a"] = None
    strength_unit: Annotated[str | None, "G.k.2.3.r.3b"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dosage:
    """One lot in one infusion (G.k.4.r): a second lot is a second row.

    Rates and grams per kilogram have no unit in the list of the standard: they go into `text`.
    """

    dose: Annotated[Decimal | None, "G.k.4.r.1a"] = None
    dose_unit: Annotated[str | None, "G.k.4.r.1b"] = None
    interval: Annotated[Decimal | None, "G.k.4.r.2"] = None
    interval_unit: Annotated[str | None, "G.k.4.r.3"] = None
    started: Annotated[E2bTime | NullFlavor | None, "G.k.4.r.4"] = None
    ended: Annotated[E2bTime | NullFlavor | None, "G.k.4.r.5"] = None
    duration: Annotated[Decimal | None, "G.k.4.r.6a"] = None
    duration_unit: Annotated[str | None, "G.k.4.r.6b"] = None
    lot: Annotated[str | None, "G.k.4.r.7"] = None
    text: Annotated[str | None, "G.k.4.r.8"] = None
    form: Annotated[str | NullFlavor | None, "G.k.4.r.9.1"] = None
    form_code_version: Annotated[str | None, "G.k.4.r.9.2a"] = None
    form_code: Annotated[str | None, "G.k.4.r.9.2b"] = None
    route: Annotated[str | NullFlavor | None, "G.k.4.r.10.1"] = None
    route_code_version: Annotated[str | None, "G.k.4.r.10.2a"] = None
    route_code: Annotated[str | None, "G.k.4.r.10.2b"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Indication:
    """What it was given for (G.k.7.r)."""

    text: Annotated[str | NullFlavor | None, "G.k.7.r.1"] = None
    meddra_version: Annotated[str | None, "G.k.7.r.2a"] = None
    meddra_code: Annotated[str | None, "G.k.7.r.2b"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessment:
    """What one assessor makes of the drug as the cause (G.k.9.i.2.r)."""

    source: Annotated[str | None, "G.k.9.i.2.r.1"] = None
    method: Annotated[str | None, "G.k.9.i.2.r.2"] = None
    result: Annotated[str | None, "G.k.9.i.2.r.3"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DrugReaction:
    """The drug against one reaction (G.k.9.i). `reaction` is the reaction's number in the report, from 1."""

    reaction: Annotated[int, "G.k.9.i.1"]
    assessments: tuple[Assessment, ...] = ()
    start_to_onset: Annotated[Decimal | None, "G.k.9.i.3.1a"] = None
    start_to_onset_unit: Annotated[str | None, "G.k.9.i.3.1b"] = None
    last_dose_to_onset: Annotated[Decimal | None, "G.k.9.i.3.2a"] = None
    last_dose_to_onset_unit: Annotated[str | None, "G.k.9.i.3.2b"] = None
    recurrence: Annotated[str | None, "G.k.9.i.4"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drug:
    """A drug and its part in what happened (G.k)."""

    role: Annotated[str | None, "G.k.1"] = None
    name: Annotated[str | None, "G.k.2.2"] = None
    substances: tuple[Substance, ...] = ()
    country_obtained: Annotated[str | None, "G.k.2.4"] = None
    authorisation_number: Annotated[str | None, "G.k.3.1"] = None
    authorisation_country: Annotated[str | None, "G.k.3.2"] = None
    holder: Annotated[str | None, "G.k.3.3"] = None
    dosages: tuple[Dosage, ...] = ()
    cumulative_dose: Annotated[Decimal | None, "G.k.5a"] = None
    cumulative_dose_unit: Annotated[str | None, "G.k.5b"] = None
    gestation: Annotated[Decimal | None, "G.k.6a"] = None
    gestation_unit: Annotated[str | None, "G.k.6b"] = None
    indications: tuple[Indication, ...] = ()
    action_taken: Annotated[str | None, "G.k.8"] = None
    reactions: tuple[DrugReaction, ...] = ()
    additional_codes: Annotated[tuple[str, ...], "G.k.10.r"] = ()
    additional_text: Annotated[str | None, "G.k.11"] = None
