"""The infusion record as a PDF."""

from django.utils.translation import gettext as _

from apps.edge.wording import in_reader_digits, separator, verbatim
from apps.infusions.record.chart import draw_chart
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.figures import draw_figures
from apps.infusions.record.sections import tables_of
from apps.infusions.record.sheet import FOOT, GREY, MARGIN, Round, Sheet, laid_out_twice
from apps.infusions.record.tables import draw_table
from apps.infusions.record.wording import Clock, day_text, left_to_right, number

_SMALL = 7.0


def render_pdf(record: InfusionRecord, *, language: str) -> bytes:
    """The paper in a language of the product (en, nb, fa), its times in the ward's zone."""
    return laid_out_twice(
        lambda this_round: _Paper(record, this_round),
        lambda paper: _lay_out(record, paper),
        language=language,
    )


def _lay_out(record: InfusionRecord, paper: "_Paper") -> None:
    paper.add_page()
    draw_figures(paper, record)
    draw_chart(paper, record, bottom=paper.h - FOOT - 5)
    paper.add_page()
    for table in tables_of(record):
        draw_table(paper, table)


class _Paper(Sheet):
    """The record's pages."""

    def __init__(self, record: InfusionRecord, this_round: Round) -> None:
        super().__init__(this_round)
        self._record = record
        self.set_title(f"{_('Infusion record')} {record.session_id}")
        self.set_creation_date(record.printed_at)

    def header(self) -> None:
        """The patient, on every page."""
        who = self._record.identity
        half = self.width / 2
        self.write_line(
            verbatim(who.name),
            x=self.mirrored(MARGIN, half * 1.4),
            y=10,
            width=half * 1.4,
            size=13,
            strong=True,
        )
        x = self.mirrored(MARGIN + half * 1.4, half * 0.6)
        self.write_line(_("Infusion record"), x=x, y=10.8, width=half * 0.6, size=11, align="end", color=GREY)
        born = _("Born %(date)s, %(age)s years") % {
            "date": day_text(who.birth_date) if who.birth_date else "–",
            "age": number(who.age_years),
        }
        place = f"{_('Ward')} {verbatim(who.ward)}"
        if who.bed:
            place += f"{separator()}{_('Bed').lower()} {verbatim(in_reader_digits(who.bed))}"
        number_text = f"{_('Record number')} {verbatim(who.medical_record_number)}"
        self._in_columns([number_text, born, place], y=17.2)
        self.rule(y=22.6)
        self.set_y(25)

    def footer(self) -> None:
        """When it was printed and by whom, the clock of its times, and which page of how many."""
        clock = Clock.of(self._record)
        printed = _("Printed %(at)s by %(name)s. Times are those of %(zone)s.") % {
            "at": clock.full(self._record.printed_at),
            "name": verbatim(self._record.printed_by),
            "zone": left_to_right(self._record.time_zone),
        }
        page = _("Page %(page)s of %(pages)s") % {
            "page": number(self.page_no()),
            "pages": number(self.pages_in_all),
        }
        y = self.write_foot(printed=printed, page=page)
        version = _("Guideline version %(version)s") % {
            "version": left_to_right(self._record.guideline_version)
        }
        self.write_line(version, x=MARGIN, y=y, width=self.width, size=_SMALL, color=GREY)

    def _in_columns(self, texts: list[str], *, y: float) -> None:
        width = self.width / len(texts)
        for index, text in enumerate(texts):
            x = self.mirrored(MARGIN + index * width, width)
            align = ("start", "center", "end")[index]
            self.write_line(text, x=x, y=y, width=width, size=9, align=align)
