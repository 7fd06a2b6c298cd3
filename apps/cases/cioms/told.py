"""Pieces of a report as sentences of a form. Dates are Gregorian, as in the report that travels electronically."""

from collections.abc import Iterable
from datetime import date

from apps.cases.cioms.content import DatePart, Paragraphs
from apps.cases.domain.narrative import age_at
from apps.icsr.domain import (
    Dosage,
    Drug,
    E2bTime,
    Icsr,
    NullFlavor,
    Patient,
    PrimarySource,
    Reaction,
    Sender,
    TestResult,
)
from apps.icsr.domain.codes import CODE_LISTS
from apps.icsr.domain.times import Precision
from apps.kernel.numbers import plain

_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_EMPTY = {
    NullFlavor.MASKED: "masked",
    NullFlavor.UNKNOWN: "unknown",
    NullFlavor.ASKED_BUT_UNKNOWN: "unknown",
    NullFlavor.NOT_ASKED: "not asked",
    NullFlavor.NO_INFORMATION: "no information",
    NullFlavor.NOT_APPLICABLE: "not applicable",
}
_UNITS = {"a": "years", "mo": "months", "wk": "weeks", "d": "days", "h": "hours", "10.a": "decades"}
_OUTCOMES, _ACTIONS, _RESULTS = CODE_LISTS[11], CODE_LISTS[15], CODE_LISTS[12]
_QUALIFICATIONS = CODE_LISTS[6]


def told(value: str | NullFlavor | None) -> str:
    """A text, or in words why there is none."""
    if isinstance(value, NullFlavor):
        return _EMPTY[value]
    return value or ""


def date_parts(value: E2bTime | NullFlavor | None) -> DatePart:
    """Day, month and year for three cells; a reason for an empty date stands in the last."""
    if not isinstance(value, E2bTime):
        return ("", "", told(value))
    digits = value.text
    day = digits[6:8] if value.precision >= Precision.DAY else ""
    month = _MONTHS[int(digits[4:6]) - 1] if value.precision >= Precision.MONTH else ""
    return (day, month, digits[:4])


def told_time(value: E2bTime | NullFlavor | None, *, days: bool = False) -> str:
    """`02-MAR-2026 11:30 +0100` as far as known, or to the day."""
    if not isinstance(value, E2bTime):
        return told(value)
    shown = "-".join(part for part in date_parts(value) if part)
    if days or value.precision < Precision.HOUR:
        return shown
    minute = value.text[10:12] if value.precision >= Precision.MINUTE else ""
    offset = value.text[-5:] if value.text[-5:-4] in {"+", "-"} else ""
    return f"{shown} {value.text[8:10]}{':' + minute if minute else ' h'} {offset}".strip()


def onset_and_age(report: Icsr) -> tuple[DatePart, str]:
    """When the first reaction began, and how old the patient was then."""
    begun = [one.started for one in report.reactions if isinstance(one.started, E2bTime)]
    first = min(begun, key=lambda one: one.earliest(), default=None)
    onset = date_parts(first) if first else ("", "", "")
    patient = report.patient
    if patient.age is not None:
        unit = _UNITS.get(patient.age_unit or "", patient.age_unit or "")
        return onset, f"{plain(patient.age)} {unit}"
    born = patient.born.day if isinstance(patient.born, E2bTime) else None
    if born is None or first is None or first.day is None:
        return onset, ""
    return onset, _age(born, first.day)


def _age(born: date, on: date) -> str:
    found = age_at(born, on)
    return f"{found[0]} {_UNITS.get(found[1], found[1])}" if found else ""


def described(report: Icsr) -> Paragraphs:
    """Field 7 + 13: every reaction, the case in words, and what was measured."""
    words = report.narrative
    return (
        *(_reaction(number, one) for number, one in enumerate(report.reactions, start=1)),
        *_lines(words.text),
        *_titled("Reporter's comment", words.reporter_comments),
        *_titled("Sender's comment", words.sender_comments),
        *(line for native in words.native for line in _lines(native.text)),
        *(["Tests and laboratory data:"] if report.tests else []),
        *(_test(one) for one in report.tests),
        *_assessed(report),
    )


def _reaction(number: int, one: Reaction) -> str:
    names = [one.translation or "", f"“\u2068{one.native_text}\u2069”" if one.native_text else ""]
    code = f"MedDRA {one.meddra_version} {one.meddra_code}" if one.meddra_code else "not coded"
    times = f"from {told_time(one.started)}" + (f" to {told_time(one.ended)}" if one.ended else "")
    outcome = _OUTCOMES.get(one.outcome or "0", "unknown")
    return f"{number}. {' '.join(name for name in names if name)} [{code}] {times}; outcome: {outcome}."


def _test(one: TestResult) -> str:
    result = ""
    if one.result is not None:
        sign = "" if one.result.comparison == "=" else one.result.comparison
        result = f"{sign}{plain(one.result.number)} {one.result_unit or ''}".strip()
    coded = _RESULTS.get(one.result_code or "", "")
    said = ", ".join(part for part in (result, coded, one.result_text or "", one.comments or "") if part)
    return f"{told_time(one.date)} {one.name or ''}: {said or 'no result'}"


def _assessed(report: Icsr) -> Iterable[str]:
    """What assessors make of each drug as the cause: the form has no field for it."""
    for drug in report.drugs:
        for link in drug.reactions:
            for one in link.assessments:
                parts = ", ".join(part for part in (one.source, one.method) if part)
                yield f"Causality, {drug.name}, reaction {link.reaction} ({parts}): {one.result}"


def drug_told(number: int, drug: Drug) -> str:
    """Field 14: the name with its substances and strength, and every lot with its time and expiry."""
    inside = [
        f"{one.name or ''} {plain(one.strength) if one.strength is not None else ''} {one.strength_unit or ''}"
        for one in drug.substances
    ]
    generic = f" ({'; '.join(' '.join(text.split()) for text in inside)})" if inside else ""
    lots = [
        f"{row.lot} ({told_time(row.started)} – {told_time(row.ended) or 'going on'})"
        for row in drug.dosages
        if row.lot
    ]
    expiry = f" {drug.additional_text}." if drug.additional_text else ""
    taken = _ACTIONS.get(drug.action_taken or "0", "unknown")
    shown = "; ".join(lots) or "not known"
    return f"{number}. {drug.name or ''}{generic}. Lots: {shown}.{expiry} Action taken: {taken}."


def dose_told(row: Dosage) -> str:
    """Field 15: what went in of a lot."""
    return f"{plain(row.dose)} {row.dose_unit or ''}".strip() if row.dose is not None else "dose not known"


def history_told(report: Icsr) -> Paragraphs:
    """Field 23: weight, history and earlier drugs."""
    patient = report.patient
    said = [
        f"Weight {plain(patient.weight_kg)} kg" if patient.weight_kg is not None else "",
        f"Height {plain(patient.height_cm)} cm" if patient.height_cm is not None else "",
        told(patient.history_text),
        *(one.comments or one.meddra_code or "" for one in patient.history),
        *_past(patient),
    ]
    death = patient.death
    if death.date is not None:
        said.append(f"Died: {told_time(death.date)}")
    return tuple(text for text in said if text)


def _past(patient: Patient) -> Iterable[str]:
    for one in patient.past_drugs:
        yield f"Earlier: {told(one.name)} {told_time(one.started)}".strip()


def sender_told(sender: Sender, sources: tuple[PrimarySource, ...]) -> Paragraphs:
    """Field 24a: who sends, and how to reach them; the reporter's address where the sender's form has none."""
    source = next(iter(sources), PrimarySource())
    place = " ".join(text for text in (told(source.postcode), told(source.city)) if text)
    lines = [
        sender.organisation or "",
        sender.department or "",
        ", ".join(text for text in (place, sender.country or "") if text),
        ", ".join(text for text in (sender.telephone or "", sender.email or "") if text),
    ]
    return tuple(line for line in lines if line)


def reporter_told(source: PrimarySource) -> str:
    """Field 26: who told of it, by name only where the site lets names leave the house."""
    names = [
        one
        for one in (source.given_name, source.family_name)
        if isinstance(one, str) and not isinstance(one, NullFlavor)
    ]
    kind = _QUALIFICATIONS.get(str(source.qualification), "")
    return ", ".join(part for part in (" ".join(names), kind, source.country or "") if part)


def _lines(text: str | None) -> tuple[str, ...]:
    return tuple(line.strip() for line in (text or "").splitlines() if line.strip())


def _titled(title: str, text: str | None) -> tuple[str, ...]:
    first, *rest = _lines(text) or ("",)
    return (f"{title}: {first}", *rest) if first else ()
