"""Tables as CSV and XLSX. Every cell is text, and none of them is a formula to a spreadsheet."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from tempfile import TemporaryFile
from typing import IO

import xlsxwriter

from apps.edge.exports import Stamp, current_stamp
from apps.safety.domain import neutralise

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
_LONGEST = 32_000  # characters; a spreadsheet holds 32 767 in a cell
_CUT = " […]"
_WIDEST, _NARROWEST = 40, 10
_WORKBOOK = {
    "constant_memory": True,
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}


def csv_lines(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> Iterator[str]:
    """Header and rows as lines of CSV."""
    yield _line(columns)
    for row in rows:
        yield _line([neutralise(cell) for cell in row])


def xlsx_file(title: str, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> IO[bytes]:
    """A workbook of one sheet, written row by row to a temporary file that stands at its beginning."""
    file = TemporaryFile()  # noqa: SIM115 - the answer closes it
    workbook = xlsxwriter.Workbook(file, _WORKBOOK)
    sheet = workbook.add_worksheet(title)
    bold = workbook.add_format({"bold": True})
    for place, name in enumerate(columns):
        sheet.set_column(place, place, min(max(len(name) + 2, _NARROWEST), _WIDEST))
        sheet.write_string(0, place, name, bold)
    sheet.freeze_panes(1, 1)
    for number, row in enumerate(rows, start=1):
        for place, cell in enumerate(row):
            sheet.write_string(number, place, _short(neutralise(cell)))
    if stamp := current_stamp():
        _say_who(workbook, stamp)
    workbook.close()
    file.seek(0)
    return file


def _say_who(workbook: xlsxwriter.Workbook, stamp: Stamp) -> None:
    """In the file's properties and on a sheet of its own, so that whoever reads only rows is not disturbed."""
    workbook.set_properties(
        {
            "author": stamp.by,
            "keywords": stamp.number,
            "comments": str(stamp),
            "created": stamp.at.replace(tzinfo=None),
        }
    )
    sheet = workbook.add_worksheet("Export")
    told = [("Number", stamp.number), ("Made at", stamp.moment), ("Made by", neutralise(stamp.by))]
    for number, cells in enumerate(told):
        for place, cell in enumerate(cells):
            sheet.write_string(number, place, cell)


def _short(cell: str) -> str:
    return cell if len(cell) <= _LONGEST else cell[:_LONGEST] + _CUT


def _line(cells: Iterable[str]) -> str:
    buffer = io.StringIO()
    csv.writer(buffer).writerow(cells)
    return buffer.getvalue()
