"""What the discharge sheet says, in no language yet."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from apps.discharge.selectors import NamedRelease
from apps.guidelines.domain import LocalText


@dataclass(frozen=True, slots=True)
class Watch:
    """Something to watch for: questions in patient words, until when a yes may be an effect."""

    title: LocalText
    questions: tuple[LocalText, ...]
    until: datetime


@dataclass(frozen=True, slots=True)
class Appointment:
    """A call, a visit or a blood test that is planned; `closes_at` None where it may be at any later time."""

    name: LocalText
    kind: str
    due_at: datetime
    closes_at: datetime | None


@dataclass(frozen=True, slots=True)
class GivenOn:
    """What was given in one infusion: product, millilitres, lots with the day on which they expire."""

    on: date
    day_number: int
    product: str
    volume_ml: Decimal
    lots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DischargeSheet:
    """One course for the patient's hand, as it stands at `printed_at`.

    `url` is the patient's own link; it is drawn, and kept nowhere. `replaces_another`: a sheet before this one
    carried a link that opens no more. `emergencies` are so at any time; `early_emergencies` only until
    `early_until`, soon after the last dose.
    """

    course_id: int
    name: str
    medical_record_number: str
    birth_date: date | None
    ward: str
    time_zone: str
    emergencies: tuple[LocalText, ...]
    early_emergencies: tuple[LocalText, ...]
    early_until: datetime | None
    watch: tuple[Watch, ...]
    appointments: tuple[Appointment, ...]
    vaccines: tuple[NamedRelease, ...]
    antibodies_until: datetime | None
    anti_hbc_until: datetime | None
    given: tuple[GivenOn, ...]
    url: str
    link_until: datetime
    replaces_another: bool
    emergency_number: str
    hospital_number: str
    printed_at: datetime
    printed_by: str
