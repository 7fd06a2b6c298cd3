"""Reactions, treatment, alerts and handovers of the record as tables."""

from django.utils.translation import gettext as _

from apps.edge.wording import separator, verbatim
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.entries import HandoverLine, ReactionLine
from apps.infusions.record.notes import notes_of
from apps.infusions.record.tables import Column, Row, Table
from apps.infusions.record.wording import NOTHING, Clock, number, said, word


def reactions_table(record: InfusionRecord, clock: Clock) -> Table:
    """Reactions with what was done about the infusion."""
    rows = tuple(
        Row(
            cells=(
                number(line.number),
                clock.moment(line.written.at),
                _symptoms(line),
                word(line.action),
                _passed(line, clock),
                verbatim(line.written.by),
            ),
            below=notes_of(clock, line.written, None, verbatim(line.note)),
        )
        for line in record.reactions
    )
    columns = (
        Column(_("No."), 8, centered=True),
        Column(_("Began at"), 12),
        Column(_("What was seen"), 34),
        Column(_("The infusion"), 15),
        Column(_("Passed"), 20),
        Column(_("By"), 20),
    )
    return Table(_("Reactions"), columns, rows, empty=_("No reaction was recorded."))


def _symptoms(line: ReactionLine) -> str:
    return separator().join(f"{said(one.term)} ({word(one.severity)})" for one in line.symptoms)


def _passed(line: ReactionLine, clock: Clock) -> str:
    if line.resolved_at is None:
        return _("Still open")
    return f"{clock.moment(line.resolved_at)}{separator()}{verbatim(line.resolved_by)}"


def interventions_table(record: InfusionRecord, clock: Clock) -> Table:
    """What was done or given for the patient."""
    rows = tuple(
        Row(
            cells=(
                number(line.number),
                clock.moment(line.written.at),
                said(line.name),
                verbatim(line.detail) or NOTHING,
                number(line.reaction_number),
                verbatim(line.written.by),
            ),
            below=notes_of(clock, line.written, line.correction),
            struck=line.correction is not None,
        )
        for line in record.interventions
    )
    columns = (
        Column(_("No."), 8, centered=True),
        Column(_("Time"), 12),
        Column(_("What"), 24),
        Column(_("Drug, dose and route"), 33),
        Column(_("For reaction"), 10, centered=True),
        Column(_("By"), 20),
    )
    return Table(_("Treatment"), columns, rows, empty=_("None recorded."))


def alerts_table(record: InfusionRecord, clock: Clock) -> Table:
    """Alerts and who took them."""
    rows = tuple(
        Row(
            (
                number(line.number),
                clock.moment(line.raised_at),
                word(line.priority),
                clock.sentence(line.text),
                clock.moment(line.acknowledged_at),
                verbatim(line.acknowledged_by) or NOTHING,
            )
        )
        for line in record.alerts
    )
    columns = (
        Column(_("No."), 8, centered=True),
        Column(_("Raised at"), 12),
        Column(_("Priority"), 15),
        Column(_("Alert"), 42),
        Column(_("Acknowledged"), 13),
        Column(_("By"), 20),
    )
    return Table(_("Alerts"), columns, rows, empty=_("No alert was raised."))


def handovers_table(record: InfusionRecord, clock: Clock) -> Table:
    """Who passed the patient to whom."""
    rows = tuple(
        Row(
            cells=(
                clock.moment(line.offered_at),
                verbatim(line.given_by),
                verbatim(line.given_to),
                _accepted(line, clock),
            ),
            below=(verbatim(line.note),) if line.note else (),
        )
        for line in record.handovers
    )
    columns = (
        Column(_("Offered at"), 14),
        Column(_("From"), 25),
        Column(_("To"), 25),
        Column(_("Accepted"), 20),
    )
    return Table(_("Handovers"), columns, rows)


def _accepted(line: HandoverLine, clock: Clock) -> str:
    if line.accepted_at:
        return clock.moment(line.accepted_at)
    return _("Withdrawn") if line.withdrawn_at else _("Not accepted yet")
