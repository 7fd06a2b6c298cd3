"""What a case still lacks: each gap a sentence, with the screen on which it is filled.

`vital` gaps are the four criteria of a valid case (ICH E2D; ICSR Implementation Guide 3.3.1). `needed` ones must be
filled before a version can be sent. `useful` ones make the case worth reading.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from apps.cases.domain.content import CaseContent, CaseDrug, CaseReaction
from apps.kernel.text import N_, Params

Weight = Literal["vital", "needed", "useful"]
WEIGHTS: dict[Weight, int] = {"vital": 5, "needed": 3, "useful": 1}


@dataclass(frozen=True, slots=True)
class Gap:
    """Something missing. `screen` is a key of the product's screens; `about` the number of an event or a session."""

    code: str
    weight: Weight
    screen: str
    message: str
    params: Params
    about: int | None = None


@dataclass(frozen=True, slots=True)
class Completeness:
    """What is missing, and how much of what is asked for is there, in percent, rounded down."""

    gaps: tuple[Gap, ...]
    percent: int

    @property
    def valid(self) -> bool:
        """Whether patient, reporter, reaction and product are there: a case at all."""
        return not any(gap.weight == "vital" for gap in self.gaps)

    @property
    def ready(self) -> bool:
        """Whether nothing that must be there before sending is missing."""
        return not any(gap.weight != "useful" for gap in self.gaps)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One thing that is looked for, and whether it is there."""

    there: bool
    gap: Gap


def completeness(content: CaseContent) -> Completeness:
    """Weigh what is there against what is asked for."""
    asked = list(_asked(content))
    total = sum(WEIGHTS[one.gap.weight] for one in asked)
    there = sum(WEIGHTS[one.gap.weight] for one in asked if one.there)
    return Completeness(tuple(one.gap for one in asked if not one.there), 100 * there // total)


def _asked(content: CaseContent) -> Iterator[_Asked]:
    yield from _criteria(content)
    yield from _sender(content)
    for reaction in content.reactions:
        yield from _reaction(reaction)
    for drug in content.drugs:
        yield from _drug(drug)
    patient = content.patient
    yield _ask(
        patient.weight_kg is not None, "weight_missing", "useful", "course", N_("The weight is not known.")
    )
    yield _ask(
        bool(patient.history or patient.earlier),
        "history_missing",
        "useful",
        "course",
        N_("Nothing is known of the patient's history. Ask the ward."),
    )
    yield _ask(
        bool(content.measurements),
        "tests_missing",
        "useful",
        "laboratory",
        N_("There are no vital signs around the onset and no laboratory results."),
    )
    yield _ask(
        bool(content.narrative.strip()),
        "narrative_missing",
        "needed",
        "case.narrative",
        N_("The narrative is empty."),
    )


def _criteria(content: CaseContent) -> Iterator[_Asked]:
    patient = content.patient
    yield _ask(
        bool(patient.initials or patient.born_on or patient.age or patient.sex),
        "patient_not_identifiable",
        "vital",
        "patient",
        N_("Nothing identifies the patient: not initials, age nor sex."),
    )
    yield _ask(
        bool(content.reporter.qualification),
        "reporter_missing",
        "vital",
        "case.reporter",
        N_("Nobody is named who reported it. Say who the primary source is."),
    )
    yield _ask(bool(content.reactions), "reaction_missing", "vital", "event", N_("The case has no reaction."))
    yield _ask(
        any(drug.name for drug in content.drugs),
        "product_missing",
        "vital",
        "course",
        N_("The case has no suspect product."),
    )


def _sender(content: CaseContent) -> Iterator[_Asked]:
    site = content.site
    yield _ask(
        bool(site.country and site.code and site.organisation),
        "sender_missing",
        "needed",
        "site.settings",
        N_("The site's country, code or name is not set. Ask the administrator."),
    )


def _reaction(reaction: CaseReaction) -> Iterator[_Asked]:
    name, number = {"reaction": reaction.english}, reaction.event_id

    def ask(there: bool, code: str, weight: Weight, screen: str, message: str) -> _Asked:
        return _ask(there, code, weight, screen, message, name, number)

    yield ask(
        reaction.coded is not None,
        "reaction_not_coded",
        "needed",
        "case.coding",
        N_("“%(reaction)s” is not coded with MedDRA."),
    )
    yield ask(
        reaction.seriousness is not None,
        "seriousness_not_decided",
        "needed",
        "event",
        N_("Nobody has decided whether “%(reaction)s” is serious. A physician reviews it."),
    )
    yield ask(
        reaction.expected is not None,
        "expectedness_not_decided",
        "useful",
        "event",
        N_("Nobody has decided whether “%(reaction)s” is expected by the product's label."),
    )
    yield ask(
        bool(reaction.assessments),
        "causality_missing",
        "useful",
        "event",
        N_("Nobody has assessed whether the product caused “%(reaction)s”."),
    )
    yield ask(
        reaction.outcome != "unknown",
        "outcome_unknown",
        "useful",
        "event",
        N_("How “%(reaction)s” ended is not known. Ask the ward."),
    )
    yield ask(
        reaction.action_taken != "unknown",
        "action_unknown",
        "useful",
        "event",
        N_("What was done with the product after “%(reaction)s” is not recorded."),
    )


def _drug(drug: CaseDrug) -> Iterator[_Asked]:
    name = {"product": drug.name}
    first = drug.infusions[0].session_id if drug.infusions else None
    yield _ask(
        bool(drug.infusions),
        "infusion_missing",
        "useful",
        "course",
        N_("No infusion of %(product)s is known."),
        name,
    )
    yield _ask(
        bool(drug.infusions) and all(one.lots for one in drug.infusions),
        "lot_missing",
        "needed",
        "session",
        N_("The lot of %(product)s is not known. It is on the vial: ask the ward."),
        name,
        first,
    )
    yield _ask(
        bool(drug.indication),
        "indication_missing",
        "useful",
        "course",
        N_("Why %(product)s was given is not known."),
        name,
    )


def _ask(
    there: bool,
    code: str,
    weight: Weight,
    screen: str,
    message: str,
    params: Params | None = None,
    about: int | None = None,
) -> _Asked:
    return _Asked(there, Gap(code, weight, screen, message, params or {}, about))
