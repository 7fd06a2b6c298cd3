"""The discharge sheet as a PDF, with the pages and typefaces of the infusion record."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from apps.discharge.sheet.content import DischargeSheet
from apps.discharge.sheet.qr import link_fields
from apps.discharge.sheet.sections import (
    Moments,
    antibody_lines,
    appointment_table,
    given_table,
    vaccine_table,
    watch_table,
)
from apps.edge.wording import in_reader_digits, verbatim
from apps.guidelines.selectors import in_reader_language
from apps.infusions.record.sheet import (
    GREY,
    INK,
    MARGIN,
    RED,
    Round,
    Sheet,
    laid_out_twice,
    line_height,
)
from apps.infusions.record.tables import draw_table, room_left
from apps.infusions.record.wording import day_text, left_to_right, number

_BODY, _TITLE, _NUMBER = 9.5, 12.0, 18.0
_QUIET = 4  # fields of white around a code
_QR_MM = 40.0


def render_sheet(sheet: DischargeSheet, *, language: str) -> bytes:
    """The paper in a language of the product (en, nb, fa), its times in the ward's zone."""
    return laid_out_twice(
        lambda this_round: _Paper(sheet, this_round), lambda paper: _lay_out(sheet, paper), language=language
    )


def _lay_out(sheet: DischargeSheet, paper: "_Paper") -> None:
    moments = Moments(sheet.time_zone)
    paper.add_page()
    _draw_emergency(paper, sheet, moments)
    draw_table(paper, watch_table(sheet, moments))
    _draw_link(paper, sheet, moments)
    for table in (appointment_table(sheet, moments), vaccine_table(sheet)):
        draw_table(paper, table)
    paper.heading(_("Blood tests for antibodies"))
    paper.say(antibody_lines(sheet, moments))
    paper.gap()
    draw_table(paper, given_table(sheet))


def _draw_emergency(paper: "_Paper", sheet: DischargeSheet, moments: Moments) -> None:
    paper.heading(_("Call the emergency services at once if you answer yes"), color=RED)
    if sheet.emergency_number:
        paper.big_number(sheet.emergency_number)
    told = [in_reader_language(text) for text in sheet.emergencies]
    paper.say(
        [f"• {text}" for text in [*told, _("Do you feel seriously ill, or get worse quickly?")]], columns=2
    )
    if sheet.early_until is not None and sheet.early_emergencies:
        until = moments.full(sheet.early_until)
        paper.say([_("Until %(at)s also:") % {"at": until}], strong=True)
        paper.say([f"• {in_reader_language(text)}" for text in sheet.early_emergencies], columns=2)
    if sheet.hospital_number:
        whom = _("For anything else call the hospital, at any hour: %(number)s")
        paper.say([whom % {"number": _phone(sheet.hospital_number)}], strong=True)
    else:
        paper.say(
            [_("For anything else call the ward: %(ward)s") % {"ward": verbatim(sheet.ward)}], strong=True
        )
    paper.gap()


def _draw_link(paper: "_Paper", sheet: DischargeSheet, moments: Moments) -> None:
    if room_left(paper) < _QR_MM + 12:
        paper.add_page()
    paper.heading(_("Tell us how you are"))
    lines = [
        _(
            "Read the code with the camera of your telephone, or open the address. Answer the questions before a"
            " call, or as soon as something is wrong. You need no account."
        ),
        _("It opens until %(at)s.") % {"at": moments.full(sheet.link_until)},
        _("The address is only for you. Please do not pass it on."),
    ]
    if sheet.replaces_another:
        lines.append(_("The code on an older sheet no longer works."))
    top = paper.get_y()
    paper.say(lines, width=paper.width - _QR_MM - 6)
    paper.say([left_to_right(sheet.url)], width=paper.width - _QR_MM - 6, align="left")
    x = paper.mirrored(MARGIN + paper.width - _QR_MM, _QR_MM)
    paper.draw_fields(link_fields(sheet.url), x=x, y=top, size=_QR_MM)
    paper.set_y(max(paper.get_y(), top + _QR_MM))
    paper.gap()


def _phone(text: str) -> str:
    return left_to_right(in_reader_digits(text))


class _Paper(Sheet):
    """The sheet's pages."""

    def __init__(self, sheet: DischargeSheet, this_round: Round) -> None:
        super().__init__(this_round)
        self._sheet = sheet
        self.set_title(_("After immunoglobulin: for you at home"))
        self.set_creation_date(sheet.printed_at)

    def header(self) -> None:
        """Whose sheet it is, on every page."""
        sheet, half = self._sheet, self.width / 2
        x = self.mirrored(MARGIN, half)
        self.write_line(verbatim(sheet.name), x=x, y=10, width=half, size=13, strong=True)
        title = _("After immunoglobulin: for you at home")
        x = self.mirrored(MARGIN + half, half)
        self.write_line(title, x=x, y=10.8, width=half, size=11, align="end", color=GREY)
        born = _("Born %(date)s") % {"date": day_text(sheet.birth_date) if sheet.birth_date else "–"}
        told = f"{_('Record number')} {verbatim(sheet.medical_record_number)}"
        place = f"{_('Ward')} {verbatim(sheet.ward)}"
        third = self.width / 3
        for index, (text, align) in enumerate([(told, "start"), (born, "center"), (place, "end")]):
            x = self.mirrored(MARGIN + index * third, third)
            self.write_line(text, x=x, y=17.2, width=third, size=9, align=align)
        self.rule(y=22.6)
        self.set_y(25)

    def footer(self) -> None:
        """When it was printed and by whom, and which page of how many."""
        printed = _("Printed %(at)s by %(name)s. Times are those of %(zone)s.") % {
            "at": Moments(self._sheet.time_zone).full(self._sheet.printed_at),
            "name": verbatim(self._sheet.printed_by),
            "zone": left_to_right(self._sheet.time_zone),
        }
        page = _("Page %(page)s of %(pages)s") % {
            "page": number(self.page_no()),
            "pages": number(self.pages_in_all),
        }
        self.write_foot(printed=printed, page=page)

    def heading(self, text: str, *, color: tuple[int, int, int] = INK) -> None:
        """A heading at the present height."""
        if room_left(self) < 20:
            self.add_page()
        y = self.get_y()
        self.write_line(text, x=MARGIN, y=y, width=self.width, size=_TITLE, strong=True, color=color)
        self.set_y(y + line_height(_TITLE) + 1)

    def big_number(self, text: str) -> None:
        """A telephone number that is read from across a table."""
        y = self.get_y()
        self.write_line(_phone(text), x=MARGIN, y=y, width=self.width, size=_NUMBER, strong=True, color=RED)
        self.set_y(y + line_height(_NUMBER) + 1)

    def say(
        self,
        texts: Sequence[str],
        *,
        width: float | None = None,
        strong: bool = False,
        columns: int = 1,
        align: str = "start",
    ) -> None:
        """Paragraphs from the present height on, in columns that are read one after the other."""
        each = (width or self.width) / columns
        inner, top, deepest = each - (3 if columns > 1 else 0), self.get_y(), self.get_y()
        count = -(-len(texts) // columns)
        for index in range(columns):
            x, y = self.mirrored(MARGIN + index * each, inner), top
            for text in texts[index * count : (index + 1) * count]:
                for line in self.wrapped(text, width=inner, size=_BODY):
                    y = self._line(
                        line, x=x, y=y, width=inner, strong=strong, align=align, alone=columns == 1
                    )
            deepest = max(deepest, y)
        self.set_y(deepest)

    def _line(
        self, line: str, *, x: float, y: float, width: float, strong: bool, align: str, alone: bool
    ) -> float:
        self.set_y(y)
        if alone and room_left(self) < line_height(_BODY):
            self.add_page()
            y = float(self.get_y())
        self.write_line(line, x=x, y=y, width=width, size=_BODY, strong=strong, align=align)
        return y + line_height(_BODY)

    def gap(self) -> None:
        """Room before what comes next."""
        self.set_y(self.get_y() + 4)

    def draw_fields(self, fields: tuple[tuple[bool, ...], ...], *, x: float, y: float, size: float) -> None:
        """A code with its quiet zone in a square of this size."""
        if self.is_draft:
            return
        step = size / (len(fields) + 2 * _QUIET)
        self.set_fill_color(0, 0, 0)
        for down, row in enumerate(fields):
            for across, dark in enumerate(row):
                if dark:
                    left, top = x + (across + _QUIET) * step, y + (down + _QUIET) * step
                    self.rect(left, top, step + 0.02, step + 0.02, style="F")
