"""A report as a value: who tells (C), about whom (D), what happened (E, F), with which drug (G), in words (H).

Each class is a section of ICH E2B(R3) under its clinical name, each field an element: its number stands
beside its type and leads to the element table (`elements`). A field is None where the element is left out,
and a `NullFlavor` where it is empty with a reason. Codes are text, numbers are Decimal, the unit is the
field after. Rows refer to each other by their number in the report, counted from 1.
"""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated, Literal, TypeAlias

from apps.icsr.domain.drugs import Drug
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.reactions import Reaction, TestResult
from apps.icsr.domain.times import E2bTime

Text: TypeAlias = str | None
TextOrNull: TypeAlias = str | NullFlavor | None
TimeOrNull: TypeAlias = E2bTime | NullFlavor | None
FlagOrNull: TypeAlias = bool | NullFlavor | None


@dataclass(frozen=True, slots=True, kw_only=True)
class IncludedFile:
    """A document that travels in the report: its media type and its bytes in base 64, perhaps deflated."""

    media_type: str
    base64: str
    compression: Literal["DF"] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldDocument:
    """A document the sender holds (C.1.6.1.r)."""

    title: Annotated[Text, "C.1.6.1.r.1"] = None
    included: Annotated[IncludedFile | None, "C.1.6.1.r.2"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class OtherCaseId:
    """A number under which the case was sent before (C.1.9.1.r)."""

    source: Annotated[Text, "C.1.9.1.r.1"] = None
    identifier: Annotated[Text, "C.1.9.1.r.2"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Identification:
    """What the report is and when (C.1)."""

    report_id: Annotated[Text, "C.1.1"] = None
    created: Annotated[E2bTime | None, "C.1.2"] = None
    report_type: Annotated[Text, "C.1.3"] = None
    first_received: Annotated[E2bTime | None, "C.1.4"] = None
    most_recent: Annotated[E2bTime | None, "C.1.5"] = None
    has_documents: Annotated[bool | None, "C.1.6.1"] = None
    documents: tuple[HeldDocument, ...] = ()
    expedited: Annotated[FlagOrNull, "C.1.7"] = None
    worldwide_id: Annotated[Text, "C.1.8.1"] = None
    first_sender: Annotated[Text, "C.1.8.2"] = None
    has_other_ids: Annotated[FlagOrNull, "C.1.9.1"] = None
    other_ids: tuple[OtherCaseId, ...] = ()
    linked_reports: Annotated[tuple[str, ...], "C.1.10.r"] = ()
    change: Annotated[Text, "C.1.11.1"] = None  # 1 nullification, 2 amendment
    change_reason: Annotated[Text, "C.1.11.2"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PrimarySource:
    """Somebody who told of it (C.2.r). `is_primary` is "1" for the one who counts for regulation."""

    title: Annotated[TextOrNull, "C.2.r.1.1"] = None
    given_name: Annotated[TextOrNull, "C.2.r.1.2"] = None
    family_name: Annotated[TextOrNull, "C.2.r.1.4"] = None
    organisation: Annotated[TextOrNull, "C.2.r.2.1"] = None
    department: Annotated[TextOrNull, "C.2.r.2.2"] = None
    city: Annotated[TextOrNull, "C.2.r.2.4"] = None
    state: Annotated[TextOrNull, "C.2.r.2.5"] = None
    postcode: Annotated[TextOrNull, "C.2.r.2.6"] = None
    telephone: Annotated[TextOrNull, "C.2.r.2.7"] = None
    country: Annotated[Text, "C.2.r.3"] = None
    qualification: Annotated[TextOrNull, "C.2.r.4"] = None
    is_primary: Annotated[Text, "C.2.r.5"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sender:
    """Who sends the report (C.3)."""

    kind: Annotated[Text, "C.3.1"] = None
    organisation: Annotated[Text, "C.3.2"] = None
    department: Annotated[Text, "C.3.3.1"] = None
    given_name: Annotated[Text, "C.3.3.3"] = None
    family_name: Annotated[Text, "C.3.3.5"] = None
    country: Annotated[Text, "C.3.4.5"] = None
    telephone: Annotated[Text, "C.3.4.6"] = None
    email: Annotated[Text, "C.3.4.8"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class LiteratureReference:
    """An article the case is taken from (C.4.r)."""

    reference: Annotated[TextOrNull, "C.4.r.1"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """The study in which it happened (C.5)."""

    kind: Annotated[Text, "C.5.4"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastHistory:
    """An earlier or present disease or operation (D.7.1.r)."""

    meddra_version: Annotated[Text, "D.7.1.r.1a"] = None
    meddra_code: Annotated[Text, "D.7.1.r.1b"] = None
    started: Annotated[TimeOrNull, "D.7.1.r.2"] = None
    continuing: Annotated[FlagOrNull, "D.7.1.r.3"] = None
    comments: Annotated[Text, "D.7.1.r.5"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDrug:
    """A drug of the past and what it did (D.8.r): earlier immunoglobulins belong here."""

    name: Annotated[TextOrNull, "D.8.r.1"] = None
    started: Annotated[TimeOrNull, "D.8.r.4"] = None
    ended: Annotated[TimeOrNull, "D.8.r.5"] = None
    reaction_meddra_version: Annotated[Text, "D.8.r.7a"] = None
    reaction_meddra_code: Annotated[Text, "D.8.r.7b"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CauseOfDeath:
    """A cause of death as it was reported (D.9.2.r)."""

    meddra_version: Annotated[Text, "D.9.2.r.1a"] = None
    meddra_code: Annotated[Text, "D.9.2.r.1b"] = None
    text: Annotated[Text, "D.9.2.r.2"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Death:
    """When and of what the patient died (D.9); empty for the living."""

    date: Annotated[TimeOrNull, "D.9.1"] = None
    causes: tuple[CauseOfDeath, ...] = ()
    autopsy: Annotated[FlagOrNull, "D.9.3"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Patient:
    """About whom (D). `weight_kg` in kilograms, `height_cm` in centimetres."""

    name: Annotated[TextOrNull, "D.1"] = None
    hospital_record_number: Annotated[TextOrNull, "D.1.1.3"] = None
    born: Annotated[TimeOrNull, "D.2.1"] = None
    age: Annotated[Decimal | None, "D.2.2a"] = None
    age_unit: Annotated[Text, "D.2.2b"] = None
    age_group: Annotated[Text, "D.2.3"] = None
    weight_kg: Annotated[Decimal | None, "D.3"] = None
    height_cm: Annotated[Decimal | None, "D.4"] = None
    sex: Annotated[TextOrNull, "D.5"] = None
    history: tuple[PastHistory, ...] = ()
    history_text: Annotated[TextOrNull, "D.7.2"] = None
    has_concomitant_therapies: Annotated[bool | None, "D.7.3"] = None
    past_drugs: tuple[PastDrug, ...] = ()
    death: Death = Death()


@dataclass(frozen=True, slots=True, kw_only=True)
class SenderDiagnosis:
    """What the sender makes of the signs together (H.3.r)."""

    meddra_version: Annotated[Text, "H.3.r.1a"] = None
    meddra_code: Annotated[Text, "H.3.r.1b"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NativeSummary:
    """The case in the language of the place (H.5.r)."""

    text: Annotated[Text, "H.5.r.1a"] = None
    language: Annotated[Text, "H.5.r.1b"] = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Narrative:
    """The case in words (H). The text is English, whatever the ward speaks."""

    text: Annotated[Text, "H.1"] = None
    reporter_comments: Annotated[Text, "H.2"] = None
    diagnoses: tuple[SenderDiagnosis, ...] = ()
    sender_comments: Annotated[Text, "H.4"] = None
    native: tuple[NativeSummary, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Icsr:
    """One individual case safety report."""

    identification: Identification = Identification()
    primary_sources: tuple[PrimarySource, ...] = ()
    sender: Sender = Sender()
    literature: tuple[LiteratureReference, ...] = ()
    study: Study = Study()
    patient: Patient = Patient()
    reactions: tuple[Reaction, ...] = ()
    tests: tuple[TestResult, ...] = ()
    drugs: tuple[Drug, ...] = ()
    narrative: Narrative = Narrative()
