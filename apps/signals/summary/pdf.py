"""The periodic summary as a PDF, with the pages and typefaces of the infusion record."""

from django.utils.translation import gettext as _

from apps.edge.wording import separator, verbatim
from apps.infusions.record.sheet import GREY, MARGIN, Round, Sheet, laid_out_twice
from apps.infusions.record.tables import Table, draw_table
from apps.infusions.record.wording import day_text, left_to_right, number
from apps.signals.domain import Axis
from apps.signals.summary.content import Summary
from apps.signals.summary.tables import (
    Wording,
    compared_table,
    counts_table,
    hold_table,
    label_table,
    lot_signal_table,
    overdue_table,
    rate_table,
    serious_table,
)


def render_summary(summary: Summary, *, language: str) -> bytes:
    """The paper in a language of the product (en, nb, fa), its times in the ward's zone."""
    return laid_out_twice(
        lambda this_round: _Paper(summary, this_round),
        lambda paper: _lay_out(paper, tables_of(summary)),
        language=language,
    )


def tables_of(summary: Summary) -> list[Table]:
    """Everything the summary says, in the active language and in the order of the paper."""
    wording = Wording(summary.time_zone)
    product = rate_table(
        _("Rates by product"), _("Product"), summary.by_product, Axis.PRODUCT, wording, whole=summary.whole
    )
    limits = _(
        "In brackets: exact limits of 95 in 100 (Garwood; for patients Clopper and Pearson). Per kg counts infusions of"
        " which the grams given are known. Every event of an infusion counts, whenever it began."
    )
    beside = _(
        "The labels' frequencies come mostly from trials in which patients were asked; ours come from what was told."
        " None seen here may mean that none was told."
    )
    return [
        counts_table(summary, wording),
        Table(product.title, product.columns, product.rows, product.empty, (limits,)),
        rate_table(_("Month by month"), _("Month"), summary.by_month, Axis.MONTH, wording),
        rate_table(_("Lots with an adverse event"), _("Lot"), summary.by_lot, Axis.LOT, wording),
        serious_table(summary, wording),
        overdue_table(summary, wording),
        lot_signal_table(summary, wording),
        compared_table(summary, wording),
        hold_table(summary, wording),
        *(label_table(one, wording, beside=beside) for one in summary.labels),
    ]


def _lay_out(paper: "_Paper", tables: list[Table]) -> None:
    paper.add_page()
    for table in tables:
        draw_table(paper, table)


class _Paper(Sheet):
    """The summary's pages."""

    def __init__(self, summary: Summary, this_round: Round) -> None:
        super().__init__(this_round)
        self._summary = summary
        self.set_title(_("Immunoglobulin safety: periodic summary"))
        self.set_creation_date(summary.printed_at)

    def header(self) -> None:
        """Which time and which wards, on every page."""
        summary, half = self._summary, self.width / 2
        title = _("Immunoglobulin safety: periodic summary")
        x = self.mirrored(MARGIN, self.width)
        self.write_line(title, x=x, y=10, width=self.width, size=13, strong=True)
        period = _("From %(since)s until %(until)s") % {
            "since": day_text(summary.since),
            "until": day_text(summary.until),
        }
        wards = separator().join(verbatim(ward) for ward in summary.wards)
        self.write_line(period, x=self.mirrored(MARGIN, half), y=17.2, width=half, size=9)
        x = self.mirrored(MARGIN + half, half)
        self.write_line(wards, x=x, y=17.2, width=half, size=9, align="end", color=GREY)
        self.rule(y=22.6)
        self.set_y(25)

    def footer(self) -> None:
        """When it was printed and by whom, and which page of how many."""
        printed = _("Printed %(at)s by %(name)s. Times are those of %(zone)s.") % {
            "at": Wording(self._summary.time_zone).full(self._summary.printed_at),
            "name": verbatim(self._summary.printed_by),
            "zone": left_to_right(self._summary.time_zone),
        }
        page = _("Page %(page)s of %(pages)s") % {
            "page": number(self.page_no()),
            "pages": number(self.pages_in_all),
        }
        self.write_foot(printed=printed, page=page)
