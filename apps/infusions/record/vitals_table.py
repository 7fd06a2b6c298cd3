"""The vital signs of the record as a table."""

from collections.abc import Iterator

from django.utils.translation import gettext as _

from apps.edge.wording import verbatim
from apps.infusions.domain.scores.score import Score
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.entries import ObservationLine
from apps.infusions.record.notes import notes_of
from apps.infusions.record.tables import Column, Row, Table
from apps.infusions.record.wording import (
    NOTHING,
    Clock,
    left_to_right,
    number,
    pressure,
    said,
    tenths,
    word,
)

_CHILDREN_ONLY = ("capillary_refill_s", "respiratory_effort")


def vitals_table(record: InfusionRecord, clock: Clock) -> Table:
    """Every set of vital signs; what is asked of children only, and scores, where there are any."""
    more = [sign for sign in _CHILDREN_ONLY if any(line.vitals.has(sign) for line in record.observations)]
    scored = any(line.score for line in record.observations)
    rows = tuple(_row(line, clock, more, scored=scored) for line in record.observations)
    return Table(_("Vital signs"), _columns(more, scored=scored), rows, empty=_("No vital signs yet"))


def _columns(more: list[str], *, scored: bool) -> tuple[Column, ...]:
    def sign(name: str, unit: str, share: float) -> Column:
        return Column(f"{name}\n{left_to_right(unit)}", share, centered=True)

    for_children = {
        "capillary_refill_s": sign(_("Capillary refill"), "s", 12),
        "respiratory_effort": Column(_("Effort of breathing"), 12),
    }
    return (
        Column(_("Time"), 13),
        sign(_("BP"), "mmHg", 12),
        sign(_("Pulse"), "/min", 9),
        sign(_("Resp"), "/min", 9),
        sign(_("SpO2"), "%", 9),
        sign(_("Oxygen"), "L/min", 10),
        sign(_("Temp"), "°C", 9),
        Column(_("Consciousness"), 14),
        *(for_children[code] for code in more),
        *((Column(_("Score"), 9, centered=True),) if scored else ()),
        Column(_("By"), 23),
    )


def _row(line: ObservationLine, clock: Clock, more: list[str], *, scored: bool) -> Row:
    vitals = line.vitals
    measured = {
        "capillary_refill_s": tenths(vitals.capillary_refill_s),
        "respiratory_effort": said(line.told.get("respiratory_effort", NOTHING)),
    }
    return Row(
        cells=(
            clock.moment(line.written.at),
            pressure(vitals.systolic_mmhg, vitals.diastolic_mmhg),
            number(vitals.pulse_per_min),
            number(vitals.respiratory_rate_per_min),
            number(vitals.spo2_percent),
            number(vitals.oxygen_l_per_min),
            tenths(vitals.temperature_c),
            said(line.told.get("consciousness", NOTHING)),
            *(measured[code] for code in more),
            *((_points(line.score),) if scored else ()),
            verbatim(line.written.by),
        ),
        below=notes_of(clock, line.written, line.correction, *_remarks(line, clock)),
        struck=line.correction is not None,
    )


def _points(score: Score | None) -> str:
    return number(score.total) if score else NOTHING


def _remarks(line: ObservationLine, clock: Clock) -> Iterator[str]:
    if line.is_baseline:
        yield _("Baseline, before the start.")
    for missing in line.not_done:
        why = f"{word(missing.code)} ({verbatim(missing.reason)})" if missing.reason else word(missing.code)
        yield _("%(sign)s not measured: %(reason)s") % {"sign": said(missing.sign), "reason": why}
    if line.replaces_at:
        yield _("Replaces the entry of %(at)s.") % {"at": clock.moment(line.replaces_at)}
    if line.replaced_by_at:
        yield _("Replaced by the entry of %(at)s.") % {"at": clock.moment(line.replaced_by_at)}
    yield verbatim(line.note)
