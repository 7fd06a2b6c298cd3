"""ICH E2B(R3) without XML: the report as a value, and the table that says of each element what it may hold."""

from apps.icsr.domain.batch import Batch, Message, message_of
from apps.icsr.domain.drugs import Assessment, Dosage, Drug, DrugReaction, Indication, Substance
from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.reactions import Measured, Reaction, TestResult
from apps.icsr.domain.report import (
    CauseOfDeath,
    Death,
    HeldDocument,
    Icsr,
    Identification,
    IncludedFile,
    LiteratureReference,
    Narrative,
    NativeSummary,
    OtherCaseId,
    PastDrug,
    PastHistory,
    Patient,
    PrimarySource,
    Sender,
    SenderDiagnosis,
    Study,
)
from apps.icsr.domain.times import E2bTime, Precision

__all__ = [
    "Assessment",
    "Batch",
    "CauseOfDeath",
    "Death",
    "Dosage",
    "Drug",
    "DrugReaction",
    "E2bTime",
    "HeldDocument",
    "Icsr",
    "Identification",
    "IncludedFile",
    "Indication",
    "LiteratureReference",
    "Measured",
    "Message",
    "Narrative",
    "NativeSummary",
    "NullFlavor",
    "OtherCaseId",
    "PastDrug",
    "PastHistory",
    "Patient",
    "Precision",
    "PrimarySource",
    "Reaction",
    "Sender",
    "SenderDiagnosis",
    "Study",
    "Substance",
    "TestResult",
    "message_of",
]
