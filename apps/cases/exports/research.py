"""Adverse events for research: nobody is named, no date, no place, no words anybody typed."""

import io
import zipfile
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from zoneinfo import ZoneInfo

from django.conf import settings

from apps.cases.domain.deidentified import (
    SUPPRESSED,
    TOP_CODED_AGE,
    Class,
    Kept,
    age_band,
    export_key,
    pseudonym,
    suppress_small_cells,
)
from apps.cases.exports.listing import yes_no
from apps.cases.exports.tables import csv_lines
from apps.cases.reviews import NOT_REVIEWED, ReviewedPart, reviewed_parts
from apps.courses.selectors import get_course
from apps.infusions.selectors import begun_infusions
from apps.kernel.numbers import plain
from apps.safety.selectors import AdverseEventRecord, minutes_since_start, onset_of

COLUMNS = (
    "patient",
    "age_band",
    "sex",
    "indication",
    "event",
    "reaction",
    "days_since_first_infusion",
    "minutes_since_start",
    "onset_class",
    "onset_class_norwegian",
    "term",
    "severity",
    "grade",
    "product",
    "lots",
    "rate_ml_per_kg_h",
    "step",
    "serious",
    "seriousness",
    "expected",
    "causality",
    "outcome",
    "action_taken",
    "rechallenge",
)
_NOTE = """Adverse events of immunoglobulin infusions, de-identified.

patients: {patients}
rows: {rows}
cells suppressed ({mark}): {cells}
patients left out because too few are like them: {left_out}
fewest patients that share age band, sex and indication (k): {at_least}

Pseudonyms of patients and lots hold within this export alone: those of another export cannot be joined with them, and
without the site's key nobody can turn them back. Days are counted from the patient's first infusion known here, in the
time of the ward; a negative number lies before it. Ages are those at that infusion, from {top} on in one band. What was
typed in words, dates, wards, staff and MedDRA codes are left out. Causality: WHO-UMC and Naranjo as signed, one
after the other where physicians differ.

Small cells are suppressed by age band, sex and indication only. Who knows that somebody had a rare reaction may still
recognise them: treat the rows as confidential, and publish no table with fewer than {at_least} patients in a cell.
"""


@dataclass(frozen=True, slots=True)
class ResearchExport:
    """The rows, and the note that travels with them."""

    rows: tuple[tuple[str, ...], ...]
    note: str


def research_export(events: Iterable[AdverseEventRecord], *, salt: bytes) -> ResearchExport:
    """The rows of an export with its own salt, in an order that tells nothing."""
    events = list(events)
    key = export_key(settings.RESEARCH_SECRET or settings.SECRET_KEY, salt)
    first_days = {event.patient_id: _first_day(event) for event in events}
    kept = suppress_small_cells(_classes(events, first_days, key), at_least=settings.RESEARCH_SMALLEST_CELL)
    rows = []
    for event in events:
        patient = _patient(key, event)
        if patient in kept.classes:
            rows += _rows(event, patient, kept.classes[patient], first_days[event.patient_id], key)
    rows.sort()
    return ResearchExport(tuple(rows), _note(rows, kept))


def research_zip(export: ResearchExport) -> bytes:
    """Rows and note in one file, which bears no date."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in (
            ("adverse-events.csv", "".join(csv_lines(COLUMNS, export.rows))),
            ("README.txt", export.note),
        ):
            archive.writestr(zipfile.ZipInfo(name), text, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def _rows(
    event: AdverseEventRecord, patient: str, group: Class, first_day: date, key: bytes
) -> list[tuple[str, ...]]:
    parts = NOT_REVIEWED if event.status == "new" else reviewed_parts(event)
    name = pseudonym(key, "event", str(event.pk))
    days = (_day(event) - first_day).days
    return [
        (
            patient,
            group.age_band,
            group.sex,
            group.indication,
            name,
            str(number),
            str(days),
            *_told(event, part, key),
        )
        for number, part in enumerate(parts, start=1)
    ]


def _told(event: AdverseEventRecord, part: ReviewedPart, key: bytes) -> tuple[str, ...]:
    onset, minutes = onset_of(event), minutes_since_start(event)
    lots = (pseudonym(key, "lot", lot["lot_number"]) for lot in event.lots)
    return (
        "" if minutes is None else str(minutes),
        onset.review.value if onset else "",
        onset.norwegian.value if onset else "",
        event.term,
        event.severity,
        str(part.grade or ""),
        event.product_code,
        "; ".join(sorted(lots)),
        plain(event.rate_ml_per_kg_h) if event.rate_ml_per_kg_h is not None else "",
        str(event.step_index + 1) if event.step_index is not None else "",
        yes_no(None if part.seriousness is None else bool(part.seriousness)),
        "; ".join(part.seriousness or ()),
        yes_no(part.expected),
        "; ".join(f"{one.method}: {one.result}" for one in part.assessments),
        part.outcome,
        part.action_taken,
        part.rechallenge,
    )


def _classes(events: list[AdverseEventRecord], first_days: dict[int, date], key: bytes) -> dict[str, Class]:
    indications: dict[int, set[str]] = {}
    for event in events:
        indications.setdefault(event.patient_id, set()).add(get_course(event.course_id).indication_code)
    return {
        _patient(key, event): Class(
            age_band(event.patient.birth_date, first_days[event.patient_id]),
            event.patient.sex,
            "; ".join(sorted(indications[event.patient_id])),
        )
        for event in events
    }


def _patient(key: bytes, event: AdverseEventRecord) -> str:
    return pseudonym(key, "patient", str(event.patient_id))


def _first_day(event: AdverseEventRecord) -> date:
    """Of the patient's infusions known here; of an event without any its own day."""
    begun = min((one.started_at for one in begun_infusions(event.patient_id)), default=event.onset_at)
    return begun.astimezone(ZoneInfo(event.ward.time_zone)).date()


def _day(event: AdverseEventRecord) -> date:
    return event.onset_at.astimezone(ZoneInfo(event.ward.time_zone)).date()


def _note(rows: list[tuple[str, ...]], kept: Kept) -> str:
    return _NOTE.format(
        patients=len({row[0] for row in rows}),
        rows=len(rows),
        mark=SUPPRESSED,
        cells=kept.cells_suppressed,
        left_out=kept.patients_left_out,
        at_least=settings.RESEARCH_SMALLEST_CELL,
        top=TOP_CODED_AGE,
    )
