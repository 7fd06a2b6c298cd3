"""The infusion record as a PDF."""

from django.utils import translation
from django.utils.translation import gettext as _

from apps.edge.wording import in_reader_digits, separator, verbatim
from apps.infusions.record.chart import draw_chart
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.figures import draw_figures
from apps.infusions.record.sections import tables_of
from apps.infusions.record.sheet import GREY, INK, MARGIN, Sheet, line_height
from apps.infusions.record.tables import draw_table
from apps.infusions.record.wording import Clock, day_text, left_to_right, number

_RIGHT_TO_LEFT = frozenset({"fa"})
_FOOT = 14.0
_SMALL = 7.0


def render_pdf(record: InfusionRecord, *, language: str) -> bytes:
    """The paper in a language of the product (en, nb, fa), its times in the ward's zone.

    It is laid out twice, first as a draft: how many pages there are stands on each of them.
    """
    widths: dict[str, float] = {}
    with translation.override(language):
        with _Paper(record, language, pages=None, widths=widths) as draft:
            _lay_out(record, draft)
            pages = draft.pages_count
        with _Paper(record, language, pages=pages, widths=widths) as paper:
            _lay_out(record, paper)
            return bytes(paper.output())


def _lay_out(record: InfusionRecord, paper: "_Paper") -> None:
    paper.add_page()
    draw_figures(paper, record)
    draw_chart(paper, record, bottom=paper.h - _FOOT - 5)
    paper.add_page()
    for table in tables_of(record):
        draw_table(paper, table)


class _Paper(Sheet):
    """The record's pages; without `pages`, how many there will be, it is a draft."""

    def __init__(
        self, record: InfusionRecord, language: str, *, pages: int | None, widths: dict[str, float]
    ) -> None:
        super().__init__(right_to_left=language in _RIGHT_TO_LEFT, draft=pages is None, widths=widths)
        self._record, self._pages = record, pages
        self.set_title(f"{_('Infusion record')} {record.session_id}")
        self.set_lang(language)
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
            "date": day_text(who.birth_date),
            "age": number(who.age_years),
        }
        place = f"{_('Ward')} {verbatim(who.ward)}"
        if who.bed:
            place += f"{separator()}{_('Bed').lower()} {verbatim(in_reader_digits(who.bed))}"
        number_text = f"{_('Record number')} {verbatim(who.medical_record_number)}"
        self._in_columns([number_text, born, place], y=17.2)
        self._rule(y=22.6)
        self.set_y(25)

    def footer(self) -> None:
        """When it was printed and by whom, the clock of its times, and which page of how many."""
        clock = Clock.of(self._record)
        self._rule(y=self.h - _FOOT)
        printed = _("Printed %(at)s by %(name)s. Times are those of %(zone)s.") % {
            "at": clock.full(self._record.printed_at),
            "name": verbatim(self._record.printed_by),
            "zone": left_to_right(self._record.time_zone),
        }
        page = _("Page %(page)s of %(pages)s") % {
            "page": number(self.page_no()),
            "pages": number(self._pages),
        }
        y, wide, narrow = self.h - _FOOT + 1.5, self.width * 0.8, self.width * 0.2
        x = self.mirrored(MARGIN, wide)
        self.write_line(printed, x=x, y=y, width=wide, size=_SMALL, color=GREY)
        x = self.mirrored(MARGIN + wide, narrow)
        self.write_line(page, x=x, y=y, width=narrow, size=_SMALL, color=INK, align="end")
        version = _("Guideline version %(version)s") % {
            "version": left_to_right(self._record.guideline_version)
        }
        self.write_line(
            version, x=MARGIN, y=y + line_height(_SMALL), width=self.width, size=_SMALL, color=GREY
        )

    def _in_columns(self, texts: list[str], *, y: float) -> None:
        width = self.width / len(texts)
        for index, text in enumerate(texts):
            x = self.mirrored(MARGIN + index * width, width)
            align = ("start", "center", "end")[index]
            self.write_line(text, x=x, y=y, width=width, size=9, align=align)

    def _rule(self, *, y: float) -> None:
        self.set_draw_color(*GREY)
        self.set_line_width(0.3)
        self.line(MARGIN, y, MARGIN + self.width, y)
