"""What a case tells, as one value that a version keeps for good.

Times are aware and in the ward's own offset; masses in grams, volumes in millilitres, rates in mL/h. What nobody
recorded is None or empty: unknown, never "no".
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

# The six criteria of ICH E2A, in the order of E.i.3.2a to f.
SERIOUSNESS = (
    "death",
    "life_threatening",
    "hospitalisation",
    "disability",
    "congenital_anomaly",
    "medically_important",
)
OUTCOMES = ("recovered", "recovering", "not_recovered", "recovered_with_sequelae", "fatal", "unknown")
ACTIONS_TAKEN = ("withdrawn", "dose_reduced", "dose_increased", "not_changed", "unknown", "not_applicable")
RECHALLENGES = ("recurred", "did_not_recur", "outcome_unknown", "not_done")
QUALIFICATIONS = ("physician", "pharmacist", "other_health_professional", "consumer")


def about_event(event_id: int, part: int = 0) -> str:
    """The name under which a reaction is coded: `event:4`, `event:4:1` for the second one in it."""
    return f"event:{event_id}:{part}" if part else f"event:{event_id}"


@dataclass(frozen=True, slots=True)
class Site:
    """Who sends. `code` is the middle part of the case's number; `country` ISO 3166-1 alpha-2."""

    country: str = ""
    code: str = ""
    organisation: str = ""
    department: str = ""
    city: str = ""
    postcode: str = ""
    telephone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Reporter:
    """The primary source. Names are left out unless the site lets them leave the house."""

    qualification: str = ""
    given_name: str = ""
    family_name: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Term:
    """What something is coded with: a low level term of one version of MedDRA."""

    code: str
    name: str
    version: str


@dataclass(frozen=True, slots=True)
class EarlierInfusion:
    """Immunoglobulin given before, with what happened then, in English."""

    product: str
    on: date
    grams: Decimal | None
    reactions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CasePatient:
    """About whom. `history` is English, one item a sentence.

    Where the site masks who it is, `initials` are empty, `born_on` is None, and `age` stands in its place: a number and
    its unit in UCUM, at the first onset.
    """

    initials: str = ""
    born_on: date | None = None
    age: tuple[int, str] | None = None
    sex: str = ""
    weight_kg: Decimal | None = None
    height_cm: Decimal | None = None
    pregnant: bool = False
    history: tuple[str, ...] = ()
    earlier: tuple[EarlierInfusion, ...] = ()


@dataclass(frozen=True, slots=True)
class Lot:
    """One lot in one infusion: what went in of it, and from when to when it ran."""

    number: str
    expires_on: date | None
    started_at: datetime
    ended_at: datetime | None
    given_ml: Decimal
    given_g: Decimal


@dataclass(frozen=True, slots=True)
class RateStretch:
    """From `started_at` on the pump ran at this rate; 0 is a pause or the end."""

    started_at: datetime
    rate_ml_per_h: Decimal
    rate_ml_per_kg_h: Decimal


@dataclass(frozen=True, slots=True)
class InfusionGiven:
    """One infusion of the suspect product."""

    session_id: int
    day_number: int
    started_at: datetime
    ended_at: datetime | None
    given_ml: Decimal
    given_g: Decimal
    g_per_kg: Decimal
    state: str = ""
    lots: tuple[Lot, ...] = ()
    rates: tuple[RateStretch, ...] = ()


@dataclass(frozen=True, slots=True)
class CaseDrug:
    """The suspect product and every infusion of the course or courses in question."""

    product_code: str
    name: str
    concentration_mg_per_ml: Decimal | None
    indication: str
    indication_term: Term | None = None
    infusions: tuple[InfusionGiven, ...] = ()


@dataclass(frozen=True, slots=True)
class Done:
    """What was done or given for a reaction."""

    what: str
    at: datetime
    detail: str = ""


@dataclass(frozen=True, slots=True)
class Assessed:
    """What one assessor makes of the product as the cause."""

    source: str
    method: str
    result: str


@dataclass(frozen=True, slots=True)
class CaseReaction:
    """One reaction. `seriousness` None: nobody has decided; empty: not serious.

    `english` is the reaction in English, `verbatim` in the words and the language (ISO 639-2) of the ward. `part`
    counts the reactions that a review sees in one adverse event, from 0.
    """

    event_id: int
    session_id: int
    term_code: str
    english: str
    verbatim: str
    language: str
    onset_at: datetime
    ended_at: datetime | None = None
    severity: str = ""
    symptoms: tuple[str, ...] = ()
    seriousness: tuple[str, ...] | None = None
    expected: bool | None = None
    outcome: str = "unknown"
    action_taken: str = "unknown"
    rechallenge: str = ""
    reviewed: bool = False
    medically_confirmed: bool = False
    coded: Term | None = None
    rate_ml_per_h: Decimal | None = None
    rate_ml_per_kg_h: Decimal | None = None
    step: int | None = None
    given_ml: Decimal | None = None
    given_g: Decimal | None = None
    interventions: tuple[Done, ...] = ()
    assessments: tuple[Assessed, ...] = ()
    note: str = ""
    part: int = 0

    @property
    def about(self) -> str:
        """The name under which it is coded."""
        return about_event(self.event_id, self.part)

    @property
    def serious(self) -> bool | None:
        """Whether a criterion is met; None while nobody has decided."""
        return None if self.seriousness is None else bool(self.seriousness)


@dataclass(frozen=True, slots=True)
class Measurement:
    """A sign or a laboratory result. `unit` is UCUM, empty where it has none and `text` says it all."""

    name: str
    taken_at: datetime
    value: Decimal | None = None
    comparator: str = ""
    unit: str = ""
    text: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Answered:
    """A question to the ward and what it answered."""

    question: str
    answer: str
    answered_at: datetime


@dataclass(frozen=True, slots=True)
class CaseContent:
    """Everything a version of a case tells."""

    site: Site
    reporter: Reporter
    patient: CasePatient
    drugs: tuple[CaseDrug, ...]
    reactions: tuple[CaseReaction, ...]
    measurements: tuple[Measurement, ...] = ()
    answers: tuple[Answered, ...] = ()
    narrative: str = ""
    native_narrative: str = ""
    native_language: str = ""
    sender_comment: str = ""
    meddra_version: str = ""
    linked: tuple[str, ...] = ()

    @property
    def first_reaction(self) -> CaseReaction | None:
        """The one that began first."""
        return min(self.reactions, key=lambda one: one.onset_at, default=None)

    @property
    def serious(self) -> bool | None:
        """Whether any reaction is serious; None while one is undecided and none is."""
        told = [reaction.serious for reaction in self.reactions]
        return True if True in told else None if None in told or not told else False

    @property
    def unexpected(self) -> bool | None:
        """Whether any reaction is unexpected; None while one is undecided and none is."""
        told = [reaction.expected for reaction in self.reactions]
        return True if False in told else None if None in told or not told else False

    @property
    def fatal_or_life_threatening(self) -> bool | None:
        """Whether any reaction was fatal or life-threatening; None while one is undecided and none was."""
        told = [
            None if one.seriousness is None else bool({"death", "life_threatening"} & {*one.seriousness})
            for one in self.reactions
        ]
        return True if True in told else None if None in told or not told else False
