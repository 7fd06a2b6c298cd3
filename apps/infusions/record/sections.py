"""The tables of the record, in the reader's language."""

from django.utils.translation import gettext as _

from apps.edge.wording import date_text, verbatim
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.event_tables import (
    alerts_table,
    handovers_table,
    interventions_table,
    reactions_table,
)
from apps.infusions.record.notes import notes_of
from apps.infusions.record.tables import Column, Row, Table
from apps.infusions.record.vitals_table import vitals_table
from apps.infusions.record.wording import NOTHING, Clock, left_to_right, number, quantity, word


def tables_of(record: InfusionRecord) -> list[Table]:
    """Every table in the order of the paper; handovers only when there were any."""
    clock = Clock.of(record)
    tables = [
        _vials(record, clock),
        _plan(record, clock),
        _rates(record, clock),
        vitals_table(record, clock),
        reactions_table(record, clock),
        interventions_table(record, clock),
        alerts_table(record, clock),
    ]
    if record.handovers:
        tables.append(handovers_table(record, clock))
    return [*tables, _happenings(record, clock)]


def _vials(record: InfusionRecord, clock: Clock) -> Table:
    rows = tuple(
        Row(
            cells=(
                number(line.number),
                clock.moment(line.written.at),
                verbatim(line.lot_number),
                date_text(line.expires_on),
                left_to_right(line.gtin) if line.gtin else NOTHING,
                left_to_right(line.serial) if line.serial else NOTHING,
                quantity(line.volume_ml, "mL") if line.volume_ml is not None else NOTHING,
                verbatim(line.written.by),
            ),
            below=notes_of(clock, line.written, line.correction),
            struck=line.correction is not None,
        )
        for line in record.vials
    )
    columns = (
        Column(_("No."), 8, centered=True),
        Column(_("Hung at"), 12),
        Column(_("Lot number"), 17),
        Column(_("Expires on"), 15),
        Column("GTIN", 19),
        Column(_("Serial number"), 19),
        Column(_("Volume"), 11, centered=True),
        Column(_("By"), 20),
    )
    return Table(_("Vials"), columns, rows, empty=_("None recorded."))


def _plan(record: InfusionRecord, clock: Clock) -> Table:
    rows = tuple(
        Row(
            (
                number(line.number),
                number(line.rate_ml_per_h),
                number(line.rate_ml_per_kg_h),
                number(line.rate_mg_per_kg_min),
                quantity(line.min_minutes, "min") if line.min_minutes else _("to the end"),
            )
        )
        for line in record.plan
    )
    columns = (
        Column(_("Step"), 10, centered=True),
        *_rate_columns(),
        Column(_("At least"), 20, centered=True),
    )
    highest = f"{_('Never above')} {quantity(record.ceiling.rate_ml_per_kg_h, 'mL/kg/h')}:"
    why = f"{clock.sentence(record.ceiling.reason)} {verbatim(record.ceiling.source)}"
    return Table(_("Rate plan"), columns, rows, remarks=(f"{highest} {why}",))


def _rate_columns() -> tuple[Column, ...]:
    return tuple(Column(left_to_right(unit), 15, centered=True) for unit in ("mL/h", "mL/kg/h", "mg/kg/min"))


def _rates(record: InfusionRecord, clock: Clock) -> Table:
    rows = tuple(
        Row(
            cells=(
                clock.moment(line.written.at),
                word(line.kind),
                number(line.rate_ml_per_h),
                number(line.rate_ml_per_kg_h),
                number(line.rate_mg_per_kg_min),
                verbatim(line.written.by),
            ),
            below=notes_of(clock, line.written, None, verbatim(line.reason)),
        )
        for line in record.rates
    )
    columns = (
        Column(_("Time"), 16),
        Column(_("Change"), 18),
        *_rate_columns(),
        Column(_("By"), 28),
    )
    return Table(_("Rates as set on the pump"), columns, rows, empty=_("None recorded."))


def _happenings(record: InfusionRecord, clock: Clock) -> Table:
    rows = tuple(
        Row((clock.moment(line.at), clock.sentence(line.text), verbatim(line.by)))
        for line in record.happenings
    )
    columns = (Column(_("Time"), 14), Column(_("What"), 64), Column(_("By"), 22))
    return Table(_("What happened"), columns, rows, empty=_("None recorded."))
