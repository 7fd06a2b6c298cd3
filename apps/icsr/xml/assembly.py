"""From the rows of a file to a report; links between rows become their numbers."""

from collections.abc import Iterable
from typing import Any, TypeVar

from apps.icsr.domain.batch import Message
from apps.icsr.domain.drugs import Assessment, Dosage, Drug, DrugReaction, Indication, Substance
from apps.icsr.domain.reactions import Reaction, TestResult
from apps.icsr.domain.report import (
    CauseOfDeath,
    Death,
    HeldDocument,
    Icsr,
    Identification,
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
from apps.icsr.domain.walking import places
from apps.icsr.xml.raw import REPEATED, TOTAL, Gatherer, Raw

_T = TypeVar("_T")
_PAIRED = {
    "FROM_START": ("G.k.9.i.3.1a", "G.k.9.i.3.1b"),
    "FROM_END": ("G.k.9.i.3.2a", "G.k.9.i.3.2b"),
    "AGAIN": ("G.k.9.i.4",),
}


def build_section(section: type[_T], raw: Raw, **others: Any) -> _T:
    """The section from the values of its row; `others` are the fields that hold no element, or a default."""
    values = dict(others)
    for place in places(section):
        number = place.element.number if place.element else ""
        if number in raw.values:
            value = raw.values[number]
            values[place.field] = tuple(value) if number in REPEATED else value
    return section(**values)


def build_message(raw: Raw, gatherer: Gatherer) -> Message:
    """The message with its report. Links that lead nowhere are noted."""
    patient = build_section(
        Patient,
        raw,
        history=_rows(PastHistory, raw, "HIST"),
        past_drugs=_rows(PastDrug, raw, "PASTD"),
        death=build_section(Death, raw, causes=_rows(CauseOfDeath, raw, "DEATH")),
    )
    report = Icsr(
        identification=build_section(
            Identification,
            raw,
            documents=_rows(HeldDocument, raw, "DOC"),
            other_ids=_rows(OtherCaseId, raw, "OTHID"),
        ),
        primary_sources=_rows(PrimarySource, raw, "SRC"),
        sender=build_section(Sender, raw),
        literature=_rows(LiteratureReference, raw, "LIT"),
        study=build_section(Study, raw),
        patient=patient,
        reactions=_rows(Reaction, raw, "RX"),
        tests=_rows(TestResult, raw, "TEST"),
        drugs=_drugs(raw, gatherer),
        narrative=build_section(
            Narrative,
            raw,
            diagnoses=_rows(SenderDiagnosis, raw, "SDX"),
            native=_rows(NativeSummary, raw, "NATIVE"),
        ),
    )
    return build_section(Message, raw, report=report)


def _rows(section: type[_T], raw: Raw, context: str) -> tuple[_T, ...]:
    return tuple(build_section(section, row) for row in raw.rows.get(context, ()))


def _drugs(raw: Raw, gatherer: Gatherer) -> tuple[Drug, ...]:
    reactions, drugs = _numbers(raw.rows.get("RX", ())), _numbers(raw.rows.get("DRUG", ()))
    of_drug: dict[int, list[tuple[str, Raw]]] = {}
    for context in ("ROLE", "CAUS"):
        for row in raw.rows.get(context, ()):
            number = drugs.get(row.links.get("drug", ""))
            if number is None:
                gatherer.note(f"{context}/subject2/productUseReference/id", row.links.get("drug", "?"))
            else:
                of_drug.setdefault(number, []).append((context, row))
    return tuple(
        _drug(row, of_drug.get(number, []), reactions, gatherer)
        for number, row in enumerate(raw.rows.get("DRUG", ()), start=1)
    )


def _numbers(rows: Iterable[Raw]) -> dict[str, int]:
    """Of each row's own link its number, from 1; where two have the same, the first."""
    found: dict[str, int] = {}
    for number, row in enumerate(rows, start=1):
        if row.links.get("self"):
            found.setdefault(row.links["self"], number)
    return found


def _drug(raw: Raw, judged: list[tuple[str, Raw]], reactions: dict[str, int], gatherer: Gatherer) -> Drug:
    roles = [row.values.get("G.k.1") for context, row in judged if context == "ROLE"]
    pairs: dict[int, dict[str, Any]] = {}
    rows = [(context, row) for context, row in judged if context == "CAUS"]
    rows += [(context, row) for context in _PAIRED for row in raw.rows.get(context, ())]
    for context, row in rows:
        link = row.links.get("reaction", "")
        number = reactions.get(link)
        if number is None:
            said = "; ".join(str(value) for value in row.values.values())
            gatherer.note(f"{context}/reaction/id", f"{link or '?'} {said}")
            continue
        pair = pairs.setdefault(number, {"assessments": []})
        if context == "CAUS":
            assessment = build_section(Assessment, row)
            if assessment != Assessment():
                pair["assessments"].append(assessment)
        else:
            for element in _PAIRED[context]:
                if element in row.values:
                    pair.setdefault(element, row.values[element])
    for role in roles[1:]:
        gatherer.note("ROLE/value", str(role))
    values = Raw({**raw.values, **({"G.k.1": roles[0]} if roles and roles[0] else {})})
    return build_section(
        Drug,
        values,
        substances=_rows(Substance, raw, "SUBST"),
        dosages=tuple(_dosage(row) for row in raw.rows.get("DOSE", ())),
        indications=_rows(Indication, raw, "INDIC"),
        reactions=tuple(
            build_section(
                DrugReaction, Raw(pair), reaction=number, assessments=tuple(pair.pop("assessments"))
            )
            for number, pair in pairs.items()
        ),
    )


def _dosage(row: Raw) -> Dosage:
    """A dosage; one that is written as a dose to be checked is a single total (G.k.4.r.3)."""
    if row.values.pop("total", False):
        row.values.setdefault("G.k.4.r.3", TOTAL)
    return build_section(Dosage, row)
