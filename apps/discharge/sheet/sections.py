"""The tables of the discharge sheet, in the active language."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from apps.discharge.selectors import NamedRelease
from apps.discharge.sheet.content import Appointment, DischargeSheet
from apps.discharge.words import INACTIVATED
from apps.edge.wording import separator, time_text, verbatim
from apps.guidelines.selectors import in_reader_language
from apps.infusions.record.tables import Column, Row, Table
from apps.infusions.record.wording import NOTHING, day_text, number, quantity


class Moments:
    """Times of the ward, as the reader's language writes them."""

    def __init__(self, time_zone: str) -> None:
        self._zone = ZoneInfo(time_zone)

    def day(self, at: datetime) -> str:
        """The day alone."""
        return day_text(at.astimezone(self._zone).date())

    def full(self, at: datetime) -> str:
        """Day and time of day."""
        return f"{self.day(at)} {time_text(at.astimezone(self._zone).time())}"


def watch_table(sheet: DischargeSheet, moments: Moments) -> Table:
    """What to watch for, and until when."""
    return Table(
        title=_("Call us the same day if you answer yes"),
        columns=(Column(_("What"), 0.16), Column(_("Ask yourself"), 0.59), Column(_("Until"), 0.25)),
        rows=tuple(
            Row(
                (
                    in_reader_language(watch.title),
                    "\n".join(in_reader_language(text) for text in watch.questions),
                    moments.full(watch.until),
                )
            )
            for watch in sheet.watch
        ),
        empty=_("The time in which delayed effects begin is over. Call us if something worries you."),
    )


def appointment_table(sheet: DischargeSheet, moments: Moments) -> Table:
    """Calls, visits and blood tests."""
    return Table(
        title=_("What is planned for you"),
        columns=(Column(_("What"), 0.44), Column(_("When"), 0.28), Column(_("At the latest"), 0.28)),
        rows=tuple(_appointment(one, moments) for one in sheet.appointments),
        empty=_("Nothing is planned. Call the ward if you expected something."),
        remarks=(_("If nobody calls you when a call is planned, call the ward."),)
        if sheet.appointments
        else (),
    )


def _appointment(one: Appointment, moments: Moments) -> Row:
    when = moments.day(one.due_at) if one.kind == "laboratory" else moments.full(one.due_at)
    latest = moments.full(one.closes_at) if one.closes_at else NOTHING
    return Row((in_reader_language(one.name), when, latest))


def vaccine_table(sheet: DischargeSheet) -> Table:
    """Live vaccines: not before the longest of the dates, with what each authority says."""
    return Table(
        title=_("Live vaccines must wait"),
        columns=(Column(_("Vaccine"), 0.38), Column(_("Not before"), 0.26), Column(_("By authority"), 0.36)),
        rows=tuple(
            Row(
                (
                    in_reader_language(vaccine.name),
                    _not_before(vaccine),
                    "\n".join(_by_authority(vaccine)),
                )
            )
            for vaccine in sheet.vaccines
        ),
        empty=_("No live vaccine has to wait any more."),
        remarks=(
            _(INACTIVATED),
            _("Another infusion moves these dates. Show this sheet to whoever vaccinates."),
        ),
    )


def _not_before(vaccine: NamedRelease) -> str:
    day = day_text(vaccine.release.blocked_until)
    return f"{day}\n{_('A physician allowed it earlier.')}" if vaccine.override else day


def _by_authority(vaccine: NamedRelease) -> list[str]:
    return [
        f"{verbatim(one.authority)}: {months_text(one.months)}{separator()}{day_text(one.on)}"
        for one in vaccine.release.dates
    ]


def months_text(months: int) -> str:
    """So many months."""
    return ngettext("%(number)s month", "%(number)s months", months) % {"number": number(months)}


def antibody_lines(sheet: DischargeSheet, moments: Moments) -> list[str]:
    """Until when a test for antibodies may tell of the donors."""
    if sheet.antibodies_until is None and sheet.anti_hbc_until is None:
        return [_("Immunoglobulin no longer disturbs tests for antibodies.")]
    lines = [_("Tests for antibodies may be positive because of the immunoglobulin, or turn negative.")]
    if sheet.antibodies_until is not None:
        lines.append(_("Any such test: until %(day)s.") % {"day": moments.day(sheet.antibodies_until)})
    if sheet.anti_hbc_until is not None:
        lines.append(
            _("The hepatitis B test anti-HBc: until %(day)s.") % {"day": moments.day(sheet.anti_hbc_until)}
        )
    lines.append(_("Tell whoever takes your blood that you had immunoglobulin."))
    return lines


def given_table(sheet: DischargeSheet) -> Table:
    """Products and lots with their days."""
    return Table(
        title=_("What you were given"),
        columns=(
            Column(_("Date"), 0.26),
            Column(_("Product"), 0.34),
            Column(_("Volume"), 0.14),
            Column(_("Lots"), 0.26),
        ),
        rows=tuple(
            Row(
                (
                    day_text(given.on),
                    verbatim(given.product),
                    quantity(given.volume_ml, "mL"),
                    "\n".join(verbatim(lot) for lot in given.lots) or NOTHING,
                )
            )
            for given in sheet.given
        ),
        empty=_("Nothing was given yet."),
        remarks=(_("Keep this sheet: the lot numbers are needed if a lot is ever asked about."),),
    )
