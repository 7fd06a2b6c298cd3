"""Tables that run over pages: headings come again on each, columns follow the reader's direction."""

from dataclasses import dataclass
from itertools import accumulate

from apps.infusions.record.sheet import FAINT, GREY, INK, MARGIN, Sheet, line_height

_SIZE, _SMALL, _TITLE = 7.8, 7.2, 10.5
_PAD = 1.0
_BOTTOM = 17.0
_ENOUGH = 60.0  # mm below which nothing long is begun
_HEADING_FILL = (236, 239, 243)


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and the column's share of the paper's width; figures stand in the center."""

    heading: str
    share: float
    centered: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, what is said below them over the whole width, and whether the entry was struck out."""

    cells: tuple[str, ...]
    below: tuple[str, ...] = ()
    struck: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """A title, columns and rows; `empty` is said where there are no rows, `remarks` below the last."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]
    empty: str = ""
    remarks: tuple[str, ...] = ()


def draw_table(sheet: Sheet, table: Table) -> None:
    """Draw a table from the present height on, over as many pages as it takes."""
    _Drawing(sheet, table).draw()


def room_left(sheet: Sheet) -> float:
    """Millimetres between the present height and the foot of the page."""
    return float(sheet.h - _BOTTOM - sheet.get_y())


@dataclass(frozen=True, slots=True)
class _Laid:
    """A row with its cells and what is said below them broken into lines."""

    row: Row
    cells: list[list[str]]
    below: list[str]

    @property
    def depth(self) -> int:
        return max(len(cell) for cell in self.cells)

    @property
    def height(self) -> float:
        return self.depth * line_height(_SIZE) + len(self.below) * line_height(_SMALL) + 2 * _PAD


class _Drawing:
    def __init__(self, sheet: Sheet, table: Table) -> None:
        self.sheet, self.table = sheet, table
        total = sum(column.share for column in table.columns)
        self.widths = [column.share / total * sheet.width for column in table.columns]
        self.lefts = [
            sheet.mirrored(MARGIN + start, width)
            for start, width in zip([0.0, *accumulate(self.widths)], self.widths, strict=False)
        ]
        self.headings = [
            sheet.wrapped(column.heading, width=width - 2 * _PAD, size=_SMALL)
            for column, width in zip(table.columns, self.widths, strict=True)
        ]
        depth = max(len(lines) for lines in self.headings)
        self.headings_height = depth * line_height(_SMALL) + 2 * _PAD

    def draw(self) -> None:
        rows = [self._laid(row) for row in self.table.rows]
        first = rows[0].height if rows else line_height(_SIZE)
        if room_left(self.sheet) < min(line_height(_TITLE) + self.headings_height + first, _ENOUGH):
            self.sheet.add_page()
        self._title()
        if rows:
            self._headings()
        else:
            self._said(self.table.empty, color=GREY)
        for row in rows:
            self._row(row)
        for remark in self.table.remarks:
            self._said(remark)
        self.sheet.set_y(self.sheet.get_y() + 4)

    def _laid(self, row: Row) -> _Laid:
        cells = [
            self.sheet.wrapped(text, width=width - 2 * _PAD, size=_SIZE)
            for text, width in zip(row.cells, self.widths, strict=True)
        ]
        width = self.sheet.width - 6 * _PAD
        below = [line for text in row.below for line in self.sheet.wrapped(text, width=width, size=_SMALL)]
        return _Laid(row, cells, below)

    def _title(self) -> None:
        y = self.sheet.get_y()
        self.sheet.write_line(
            self.table.title, x=MARGIN, y=y, width=self.sheet.width, size=_TITLE, strong=True
        )
        self.sheet.set_y(y + line_height(_TITLE) + _PAD)

    def _headings(self) -> None:
        y, height = self.sheet.get_y(), self.headings_height
        self.sheet.set_fill_color(*_HEADING_FILL)
        self.sheet.rect(MARGIN, y, self.sheet.width, height, style="F")
        for index, lines in enumerate(self.headings):
            for place, text in enumerate(lines):
                self._cell(text, index, y + _PAD + place * line_height(_SMALL), size=_SMALL, color=GREY)
        self.sheet.set_y(y + height)

    def _row(self, laid: _Laid) -> None:
        """A row stays on one page; only one that is taller than `_ENOUGH` is broken where the page ends."""
        if room_left(self.sheet) < min(laid.height, _ENOUGH):
            self._next_page()
        y = self.sheet.get_y() + _PAD
        for place in range(laid.depth):
            y = self._room_for_line(y, _SIZE)
            for index, cell in enumerate(laid.cells):
                if place < len(cell):
                    color = GREY if laid.row.struck else INK
                    self._cell(cell[place], index, y, struck=laid.row.struck, color=color)
            y += line_height(_SIZE)
        for text in laid.below:
            y = self._room_for_line(y, _SMALL)
            width = self.sheet.width - 6 * _PAD
            x = self.sheet.mirrored(MARGIN + 4 * _PAD, width)
            self.sheet.write_line(text, x=x, y=y, width=width, size=_SMALL, color=GREY)
            y += line_height(_SMALL)
        self.sheet.set_y(y + _PAD)
        self._rule()

    def _cell(self, text: str, index: int, y: float, *, size: float = _SIZE, **style: object) -> None:
        align = "center" if self.table.columns[index].centered else "start"
        width = self.widths[index] - 2 * _PAD
        x = self.lefts[index] + _PAD
        self.sheet.write_line(text, x=x, y=y, width=width, size=size, align=align, **style)  # type: ignore[arg-type]

    def _said(self, text: str, *, color: tuple[int, int, int] = INK) -> None:
        for line in self.sheet.wrapped(text, width=self.sheet.width, size=_SIZE):
            y = self._room_for_line(self.sheet.get_y() + 0.4, _SIZE, headings=False)
            self.sheet.write_line(line, x=MARGIN, y=y, width=self.sheet.width, size=_SIZE, color=color)
            self.sheet.set_y(y + line_height(_SIZE))

    def _room_for_line(self, y: float, size: float, *, headings: bool = True) -> float:
        """The same height, or that of the next page's first line when this page is full."""
        self.sheet.set_y(y)
        if room_left(self.sheet) >= line_height(size):
            return y
        self._next_page(headings=headings)
        return float(self.sheet.get_y()) + _PAD

    def _next_page(self, *, headings: bool = True) -> None:
        self.sheet.add_page()
        if headings:
            self._headings()

    def _rule(self) -> None:
        self.sheet.set_draw_color(*FAINT)
        self.sheet.set_line_width(0.15)
        y = self.sheet.get_y()
        self.sheet.line(MARGIN, y, MARGIN + self.sheet.width, y)
