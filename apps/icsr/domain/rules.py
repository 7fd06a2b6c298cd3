"""All business rules of ICH E2B(R3) over a report, checked before it is sent.

Source: ICH ICSR Implementation Guide v5.03. A schema finds one broken rule in eighteen; a receiver rejects on these.
"""

from datetime import datetime

from apps.icsr.domain import (
    rules_batch,
    rules_drugs,
    rules_patient,
    rules_reactions,
    rules_report,
    rules_versions,
)
from apps.icsr.domain.batch import Batch, Message
from apps.icsr.domain.report import Icsr
from apps.icsr.domain.rules_batch import batch_faults
from apps.icsr.domain.rules_frame import Case, Fault, Rule, Screen
from apps.icsr.domain.rules_table import table_faults

# The minimum of a valid case (guide 3.3.1), and what must be there for any message to be accepted (3.3.2).
VALIDITY = ("patient_not_identifiable", "reporter_not_identifiable", "no_reaction", "no_suspect_drug")
ADMINISTRATIVE_MINIMUM = (
    *("C.1.1", "C.1.3", "C.1.5", "C.1.7", "C.1.8.1", "C.1.8.2", "C.2.r.3", "C.3.2", "C.5.4"),
)
RULES: tuple[Rule, ...] = (
    *rules_report.RULES,
    *rules_patient.RULES,
    *rules_reactions.RULES,
    *rules_drugs.RULES,
    *rules_versions.RULES,
    *rules_batch.RULES,
)
_ABSENT = frozenset(
    {"missing", "primary_source_country", "one_primary_source", "sender_organisation", "study_kind_missing"}
)


def faults(
    report: Icsr,
    *,
    now: datetime,
    message: Message | None = None,
    batch: Batch | None = None,
    previous: Icsr | None = None,
) -> tuple[Fault, ...]:
    """Everything that would make a receiver reject this report; empty when nothing would.

    `message` and `batch` are its wrapper, where it has one already. `previous` is the version that was sent last:
    None means that none was, so that there is nothing to amend or nullify.
    """
    case = Case(report, now, message, batch, previous)
    found = [*table_faults(case)]
    for rule in RULES:
        found.extend(rule.faults(case))
    return tuple(found)


def lacks_minimum(found: tuple[Fault, ...]) -> tuple[Fault, ...]:
    """Of all faults those for which it is not yet a case that may be sent at all (guide 3.3.1 and 3.3.2)."""
    return tuple(
        fault
        for fault in found
        if fault.code in VALIDITY
        or (fault.code in _ABSENT and fault.element in (*ADMINISTRATIVE_MINIMUM, "C.2.r.5"))
    )


__all__ = [
    "ADMINISTRATIVE_MINIMUM",
    "RULES",
    "VALIDITY",
    "Fault",
    "Rule",
    "Screen",
    "batch_faults",
    "faults",
    "lacks_minimum",
]
