"""What was measured around a case: vital signs about the onset, laboratory results before and after."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.cases.domain.content import CaseDrug, Measurement
from apps.cases.domain.units import SIGNS, UCUM
from apps.cases.models import Case
from apps.guidelines.domain import Analyte
from apps.kernel.numbers import plain
from apps.laboratory.selectors import LabResultRecord, laboratory_of
from apps.safety.selectors import AdverseEventRecord

FOLLOWED_FOR = timedelta(days=60)  # after the last onset
_SETS = (
    ("baseline", "before the infusion"),
    ("vitals_before", "before the onset"),
    ("vitals_after", "after the onset"),
)


def measurements_of(
    case: Case, events: list[AdverseEventRecord], drugs: tuple[CaseDrug, ...], *, zone: ZoneInfo
) -> tuple[Measurement, ...]:
    """Every measurement, each once, in order of time. To be called with English as the active language."""
    found = {*_signs(events, zone), *_results(case, events, drugs, zone)}
    return tuple(sorted(found, key=lambda one: (one.taken_at, one.name, one.comment)))


def _signs(events: list[AdverseEventRecord], zone: ZoneInfo) -> Iterator[Measurement]:
    for event in events:
        for key, comment in _SETS:
            taken = event.details.get(key) or {}
            for sign, (name, unit, shown) in SIGNS.items():
                if sign in taken:
                    value = Decimal(taken[sign])
                    yield Measurement(
                        name=name,
                        taken_at=datetime.fromisoformat(taken["effective_at"]).astimezone(zone),
                        value=value,
                        unit=unit,
                        text=f"{plain(value)} {shown}",
                        comment=comment,
                    )


def _results(
    case: Case, events: list[AdverseEventRecord], drugs: tuple[CaseDrug, ...], zone: ZoneInfo
) -> Iterator[Measurement]:
    starts = [infusion.started_at for drug in drugs for infusion in drug.infusions]
    if not starts or not events:
        return
    first, until = min(starts), max(event.onset_at for event in events) + FOLLOWED_FOR
    picture = laboratory_of(case.patient)
    analytes = {analyte.code: analyte for analyte in picture.guidelines.analytes}
    rows = [row for row in picture.rows if row.status == "final" and row.analyte in analytes]
    newest_before: dict[str, LabResultRecord] = {}
    for row in rows:
        if row.taken_at < first:
            newest_before[row.analyte] = row
    for row in newest_before.values():
        yield _result(row, analytes[row.analyte], zone, "before the first infusion")
    for row in rows:
        if first <= row.taken_at <= until:
            yield _result(row, analytes[row.analyte], zone, "")


def _result(row: LabResultRecord, analyte: Analyte, zone: ZoneInfo, comment: str) -> Measurement:
    taken_at = row.taken_at.astimezone(zone)
    if row.value is None:
        choice = analyte.choice(row.choice)
        text = choice.name.en if choice else row.choice
        return Measurement(name=analyte.name.en, taken_at=taken_at, text=text, comment=comment)
    text = f"{row.comparator}{plain(row.value)} {row.unit}"
    return Measurement(
        name=analyte.name.en,
        taken_at=taken_at,
        value=row.value,
        comparator=row.comparator,
        unit=UCUM.get(row.unit, ""),
        text=text,
        comment=comment,
    )
