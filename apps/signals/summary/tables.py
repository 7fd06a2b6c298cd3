"""The tables of the periodic summary, in the active language."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext
from django.utils.translation import gettext as _

from apps.edge.messages import fill_wording
from apps.edge.wording import separator, time_text, verbatim
from apps.infusions.record.tables import Column, Row, Table
from apps.infusions.record.wording import NOTHING, day_text, left_to_right, number, quantity
from apps.signals.domain import Axis, RateRow
from apps.signals.domain.labels import NOT_LISTED, NOT_SAID, BesideLabel
from apps.signals.presentation import Names, chance_text, estimate_text
from apps.signals.selectors import LotSignalRecord
from apps.signals.summary.content import Labelled, SeriousEvent, Summary
from apps.signals.words import BANDS, HOLD_STATES


class Wording:
    """Times of the ward and names of codes, as the reader's language writes them."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)
        self.names = Names()

    def full(self, at: datetime | None) -> str:
        """Day and time of day; a dash for never."""
        if at is None:
            return NOTHING
        local = at.astimezone(self._zone)
        return f"{day_text(local.date())} {time_text(local.time())}"

    def listed(self, parts: Iterable[str]) -> str:
        """Things said side by side; a dash for none."""
        return separator().join(parts) or NOTHING


def counts_table(summary: Summary, wording: Wording) -> Table:
    """What the time brought, in one column."""
    whole = summary.whole
    grams = quantity(whole.grams, "g")
    if whole.grams_known < whole.infusions:
        grams = _("%(grams)s, of %(known)s of %(infusions)s infusions") % {
            "grams": grams,
            "known": number(whole.grams_known),
            "infusions": number(whole.infusions),
        }
    rows = [
        (_("Infusions begun"), number(whole.infusions)),
        (_("Patients"), number(whole.patients)),
        (_("Immunoglobulin given"), grams),
        (_("Adverse events of these infusions"), number(whole.events)),
        (_("of these serious"), number(whole.serious)),
        (_("of these nobody has decided whether serious"), number(summary.undecided)),
        (_("Patients with an adverse event"), number(whole.patients_with_event)),
    ]
    return Table(
        title=_("In figures"),
        columns=(Column(_("What"), 0.55), Column(_("How many"), 0.45)),
        rows=tuple(Row(cells) for cells in rows),
    )


def rate_table(
    title: str,
    heading: str,
    rows: Iterable[RateRow],
    axis: Axis,
    wording: Wording,
    *,
    whole: RateRow | None = None,
) -> Table:
    """Rates with their limits, beside what they were counted from."""
    shown = [_rate(wording.names.key(axis, row.key), row) for row in rows]
    if whole is not None and shown:
        shown.append(_rate(_("All together"), whole))
    return Table(
        title=title,
        columns=(
            Column(heading, 0.18),
            Column(_("Events"), 0.09, centered=True),
            Column(_("Infusions"), 0.08, centered=True),
            Column(_("Per 1 000 infusions"), 0.18, centered=True),
            Column(_("Patients"), 0.08, centered=True),
            Column(_("In 100 patients"), 0.17, centered=True),
            Column("kg", 0.07, centered=True),
            Column(_("Per kg given"), 0.15, centered=True),
        ),
        rows=tuple(shown),
        empty=_("No infusion was begun in this time."),
    )


def _rate(name: str, row: RateRow) -> Row:
    patients = left_to_right(f"{number(row.patients_with_event)}/{number(row.patients)}")
    return Row(
        (
            name,
            number(row.events),
            number(row.infusions),
            left_to_right(estimate_text(row.per_infusions)),
            patients,
            left_to_right(estimate_text(row.per_patients)),
            number(round(row.grams / 1000, 2)),
            left_to_right(estimate_text(row.per_kg, 2)),
        )
    )


def serious_table(summary: Summary, wording: Wording) -> Table:
    """Every serious event with the case it belongs to."""
    return Table(
        title=_("Serious adverse events"),
        columns=(
            Column(_("Onset"), 0.24),
            Column(_("Patient"), 0.13),
            Column(_("Product and lots"), 0.23),
            Column(_("Reactions"), 0.22),
            Column(_("Case"), 0.18),
        ),
        rows=tuple(_serious(one, wording) for one in summary.serious),
        empty=_("None was signed as serious."),
    )


def _serious(one: SeriousEvent, wording: Wording) -> Row:
    lots = "\n".join([verbatim(wording.names.product(one.product_code)), *map(verbatim, one.lots)])
    reactions = wording.listed(wording.names.term(term) for term in one.terms)
    case = verbatim(one.case_number) if one.case_number else _("no case")
    return Row((wording.full(one.onset_at), verbatim(one.pseudonym), lots, reactions, case))


def overdue_table(summary: Summary, wording: Wording) -> Table:
    """What should have been done by now."""
    rows = [
        Row((_("Report"), _case_and_receiver(one.case_number, one.regime), day_text(one.due_on)))
        for one in summary.overdue_clocks
        if one.due_on is not None
    ]
    rows += [
        Row(
            (
                _("Review"),
                wording.listed([wording.names.term(one.term), verbatim(one.pseudonym)]),
                wording.full(one.due_at),
            )
        )
        for one in summary.overdue_reviews
    ]
    checks = _("Follow-up checks that nobody has answered within their time: %(number)s.") % {
        "number": number(summary.overdue_checks)
    }
    return Table(
        title=_("Overdue when this was printed"),
        columns=(Column(_("What"), 0.15), Column(_("Of what"), 0.55), Column(_("Was due"), 0.3)),
        rows=tuple(rows),
        empty=_("No report and no review is overdue."),
        remarks=(checks,),
    )


def _case_and_receiver(case_number: str, regime: dict[str, str]) -> str:
    return f"{verbatim(case_number)}{separator()}{fill_wording(regime, {})}"


def lot_signal_table(summary: Summary, wording: Wording) -> Table:
    """Lots that stood out, with the counts they were seen by."""
    return Table(
        title=_("Lots that stood out"),
        columns=(
            Column(_("Found"), 0.24),
            Column(_("Lot"), 0.26),
            Column(_("Events in infusions with it"), 0.2, centered=True),
            Column(_("With other lots"), 0.17, centered=True),
            Column(_("By chance"), 0.13, centered=True),
        ),
        rows=tuple(_lot_signal(one, wording) for one in summary.lot_signals),
        empty=_("None in this time."),
        remarks=(
            _(
                "Counted over all wards of the hospital, exactly (hypergeometric), 0.10 spent in equal parts over 20"
                " looks. A reason to look, not a verdict."
            ),
        ),
    )


def _lot_signal(one: LotSignalRecord, wording: Wording) -> Row:
    name = f"{verbatim(wording.names.product(one.product_code))} {verbatim(one.lot_number)}"
    alone = _("serious ones alone")
    return Row(
        (
            wording.full(one.found_at),
            f"{name}\n{alone}" if one.serious_only else name,
            left_to_right(f"{number(one.lot_events)}/{number(one.lot_infusions)}"),
            left_to_right(f"{number(one.other_events)}/{number(one.other_infusions)}"),
            left_to_right(chance_text(one.probability)),
        )
    )


def compared_table(summary: Summary, wording: Wording) -> Table:
    """Products and reactions that passed a screen."""
    return Table(
        title=_("Reactions told of more often with one product than with the others"),
        columns=(
            Column(_("Product"), 0.17),
            Column(_("Reaction"), 0.2),
            Column(_("Reports"), 0.09, centered=True),
            Column("PRR", 0.18, centered=True),
            Column("ROR", 0.18, centered=True),
            Column("IC", 0.18, centered=True),
        ),
        rows=tuple(
            Row(
                (
                    verbatim(wording.names.product(one.product_code)),
                    wording.names.term(one.term),
                    number(one.found.table.a),
                    left_to_right(estimate_text(one.found.prr, 2)),
                    left_to_right(estimate_text(one.found.ror, 2)),
                    left_to_right(estimate_text(one.found.information, 2)),
                )
            )
            for one in summary.compared
        ),
        empty=_("None passed a screen."),
        remarks=(_("These compare reports within this site; none is a risk."),),
    )


def hold_table(summary: Summary, wording: Wording) -> Table:
    """Lots that were on hold in the time, or are now."""
    return Table(
        title=_("Lots on hold"),
        columns=(
            Column(_("Lot"), 0.24),
            Column(_("Reason"), 0.36),
            Column(_("Put on hold"), 0.22),
            Column(_("Status"), 0.18),
        ),
        rows=tuple(
            Row(
                (
                    f"{verbatim(wording.names.product(hold.product_code))} {verbatim(hold.lot_number)}",
                    verbatim(hold.reason),
                    f"{wording.full(hold.held_at)}\n{verbatim(hold.held_by.display_name)}",
                    gettext(HOLD_STATES[hold.state]),
                )
            )
            for hold in summary.holds
        ),
        empty=_("No lot is on hold."),
    )


def label_table(one: Labelled, wording: Wording, *, beside: str) -> Table:
    """A label's frequencies beside ours; `beside` says what that is worth."""
    counted = _("Patients who had it") if one.denominator == "patient" else _("Infusions with it")
    share = _("In 100 patients") if one.denominator == "patient" else _("In 100 infusions")
    return Table(
        title=_("%(product)s: the label beside what was seen")
        % {"product": verbatim(wording.names.product(one.product_code))},
        columns=(
            Column(_("Reaction"), 0.28),
            Column(_("The label says"), 0.32),
            Column(counted, 0.16, centered=True),
            Column(share, 0.24, centered=True),
        ),
        rows=tuple(_labelled(row, wording) for row in one.rows),
        remarks=(_label_words(one), beside),
    )


def _labelled(row: BesideLabel, wording: Wording) -> Row:
    said = {
        NOT_LISTED: _("not in the label"),
        NOT_SAID: _("the label was not read whole"),
    }.get(row.frequency) or gettext(BANDS[row.frequency])
    if not row.is_comparable:
        apart = _("not comparable")
        said = f"{said}{separator()}{apart}"
    return Row(
        (
            wording.listed(wording.names.terms(row.terms) or [verbatim(row.words or row.terms[0])]),
            said,
            left_to_right(f"{number(row.count)}/{number(row.total)}"),
            left_to_right(estimate_text(row.share)),
        )
    )


def _label_words(one: Labelled) -> str:
    told = {"title": verbatim(one.title), "version": verbatim(one.version)}
    if one.denominator == "patient":
        return (
            _(
                "%(title)s (%(version)s). It counts patients, as this table does; a label that counts infusions cannot"
                " be laid beside it."
            )
            % told
        )
    return (
        _(
            "%(title)s (%(version)s). It counts infusions, as this table does; a label that counts patients cannot"
            " be laid beside it."
        )
        % told
    )
