"""The CIOMS I form as a PDF, with the pages and typefaces of the infusion record.

The form is ours, drawn with the same fields. Every paragraph is set in the direction of its own first letter, so that
a ward's words in Persian read right to left on a form with English labels, and the other way round.
"""

import unicodedata
from collections.abc import Mapping

from django.utils.translation import gettext as _

from apps.cases.cioms import labels, layout
from apps.cases.cioms.content import CiomsForm, DatePart, Paragraphs
from apps.cases.cioms.layout import Place
from apps.infusions.record.sheet import (
    FAINT,
    GREY,
    INK,
    MARGIN,
    RED,
    Round,
    Sheet,
    laid_out_twice,
    line_height,
)
from apps.infusions.record.wording import left_to_right, number

_LABEL, _VALUE, _SMALL, _TITLE = 5.6, 7.2, 6.4, 12.0
_PAD, _BOX, _FOOT = 1.0, 2.6, 14.0
_ISOLATES = {False: "\u2066", True: "\u2067"}
_POP_ISOLATE = "\u2069"
_Line = tuple[str, bool]  # with its direction: whether it runs right to left


def render_cioms(form: CiomsForm, *, language: str = "en") -> bytes:
    """The form with labels in a language of the product (en, nb, fa); what is written in stays as reported."""
    return laid_out_twice(
        lambda this_round: _Form(form, this_round), lambda paper: paper.lay_out(), language=language
    )


def runs_right_to_left(text: str) -> bool:
    """Whether the first strong letter runs right to left (Unicode Standard Annex 9, P2 and P3)."""
    strong = (unicodedata.bidirectional(char) for char in text)
    return next((kind in {"R", "AL"} for kind in strong if kind in {"L", "R", "AL"}), False)


class _Form(Sheet):
    """The form's pages."""

    def __init__(self, form: CiomsForm, this_round: Round) -> None:
        super().__init__(this_round)
        self._form = form
        self._left_over: list[tuple[str, list[_Line]]] = []
        self.set_title(f"{labels.NAME} {form.control_number}")
        self.set_creation_date(form.printed_at)

    def lay_out(self) -> None:
        """The page of the form, then what did not fit."""
        self.add_page()
        for band, y in layout.BANDS.items():
            self._band(str(labels.BANDS[band]), y)
        self._cells()
        self._texts()
        self._choices()
        self._draw_left_over()

    def header(self) -> None:
        """The form's names, and that a case was nullified."""
        form, half = self._form, self.width / 2
        continued = self.page_no() > 1
        title = f"{labels.TITLE} {labels.CONTINUED}" if continued else str(labels.TITLE)
        self._write(title, Place(0, 9, half * 1.4, 6), size=_TITLE, strong=True)
        self._write(str(labels.NAME), Place(half, 9, half, 6), size=_TITLE, strong=True, align="end")
        if form.nullified:
            self._write(str(labels.NULLIFIED), Place(0, 16, half * 1.1, 5), size=9, strong=True, color=RED)
        if continued:
            self._write(left_to_right(form.control_number), Place(half, 16, half, 5), size=9, align="end")
        else:
            self._comb()

    def footer(self) -> None:
        """Which version of which case, and which page of how many."""
        form = self._form
        told = _("Case %(case)s, version %(version)s. Dates are Gregorian, times as reported.") % {
            "case": left_to_right(form.control_number),
            "version": number(form.version),
        }
        page = _("Page %(page)s of %(pages)s") % {
            "page": number(self.page_no()),
            "pages": number(self.pages_in_all),
        }
        y = self.h - _FOOT + 2
        self._write(told, Place(0, y, self.width * 0.8, 4), size=_SMALL, color=GREY)
        self._write(page, Place(self.width * 0.8, y, self.width * 0.2, 4), size=_SMALL, align="end")

    def _cells(self) -> None:
        form = self._form
        values: dict[str, str | DatePart] = {
            "1": form.initials, "1a": form.country, "2": form.born, "2a": form.age, "3": form.sex,
            "4-6": form.onset, "24b": form.control_number, "24c": form.received, "date": form.report_date,
        }  # fmt: skip
        for field, value in values.items():
            place = layout.CELLS[field]
            top = self._framed(field, place)
            if isinstance(value, str):
                inside = Place(place.x + _PAD, top, place.width - 2 * _PAD, 4)
                self._write(self._isolated(value, False), inside, size=_VALUE)
            else:
                self._date(value, place, top)

    def _date(self, parts: DatePart, place: Place, top: float) -> None:
        """Day, month and year in cells of their own, in this order for every reader."""
        each = place.width / 3
        order = range(3) if not self.right_to_left else (2, 1, 0)
        for index, part in zip(order, range(3), strict=True):
            cell = Place(place.x + index * each, top, each, 4)
            self._write(str(labels.DATE_CELLS[part]), cell, size=_LABEL, color=GREY, align="center")
            below = Place(cell.x, top + 3, each, 4)
            self._write(parts[part], below, size=_VALUE, align="center")

    def _texts(self) -> None:
        form = self._form
        texts: dict[str, Paragraphs] = {
            "7+13": form.description, "14": form.suspect_drugs, "15": form.daily_doses, "16": form.routes,
            "17": form.indications, "18": form.therapy_dates, "19": form.therapy_duration,
            "22": form.concomitant, "23": form.history, "24a": form.sender, "26": form.remarks,
        }  # fmt: skip
        for field, paragraphs in texts.items():
            place = layout.TEXTS[field]
            top = self._framed(field, place)
            inside = place.width - 2 * _PAD
            lines = self._broken(paragraphs, inside)
            fitting = int((place.y + place.height - top) / line_height(_VALUE))
            if len(lines) > fitting:
                self._left_over.append((field, self._broken(paragraphs, self.width - 2 * _PAD)))
                # The same words stand whole behind: on the form the beginning, so that nothing is cut unseen.
                lines = [*lines[: fitting - 1], (f"… {labels.CONTINUED}", self.right_to_left)]
            for index, line in enumerate(lines):
                y = top + index * line_height(_VALUE)
                self._line(line, Place(place.x + _PAD, y, inside, line_height(_VALUE)))

    def _choices(self) -> None:
        form = self._form
        self._boxes("8-12", labels.SERIOUSNESS, form.seriousness)
        self._boxes("20", labels.YES_NO, form.abated)
        self._boxes("21", labels.YES_NO, form.reappeared)
        self._boxes("24d", labels.SOURCES, form.sources, columns=2)
        self._boxes("25a", labels.TYPES, form.report_type)

    def _boxes(
        self, field: str, choices: Mapping[str, object], ticked: frozenset[str], *, columns: int = 1
    ) -> None:
        place = layout.CHOICES[field]
        top = self._framed(field, place) + 1
        each = place.width / columns
        rows = -(-len(choices) // columns)
        step = 10.0 if field == "8-12" else 5.0
        for index, (code, name) in enumerate(choices.items()):
            x = place.x + _PAD + (index // rows) * each
            y = top + (index % rows) * step
            self._box(x, y, ticked=code in ticked)
            width = each - _BOX - 4 * _PAD
            for down, line in enumerate(self.wrapped(str(name), width=width, size=_LABEL)):
                at = Place(x + _BOX + 1.5, y - 0.2 + down * line_height(_LABEL), width, 3)
                self._write(line, at, size=_LABEL)

    def _box(self, x: float, y: float, *, ticked: bool) -> None:
        left = self.mirrored(MARGIN + x, _BOX)
        self.set_draw_color(*INK)
        self.set_line_width(0.25)
        self.rect(left, y, _BOX, _BOX)
        if ticked:
            self.set_line_width(0.5)
            self.line(left, y, left + _BOX, y + _BOX)
            self.line(left, y + _BOX, left + _BOX, y)

    def _draw_left_over(self) -> None:
        """Every field that ran over, whole, on the pages behind."""
        if not self._left_over:
            return
        self.add_page()
        y = layout.CONTINUED_FROM
        bottom = self.h - _FOOT - line_height(_VALUE)
        for field, lines in self._left_over:
            y = self._title_behind(field, y, bottom)
            for line in lines:
                if y > bottom:
                    self.add_page()
                    y = self._title_behind(field, layout.CONTINUED_FROM, bottom)
                self._line(line, Place(_PAD, y, self.width - 2 * _PAD, line_height(_VALUE)))
                y += line_height(_VALUE)
            y += 3

    def _title_behind(self, field: str, y: float, bottom: float) -> float:
        if y > bottom - 3 * line_height(_VALUE):
            self.add_page()
            y = layout.CONTINUED_FROM
        title = f"{labels.LABELS[field]} {labels.CONTINUED}"
        self._write(title, Place(0, y, self.width, 4), size=_VALUE, strong=True)
        return y + line_height(_VALUE) + 1

    def _broken(self, paragraphs: Paragraphs, width: float) -> list[_Line]:
        found: list[_Line] = []
        for paragraph in paragraphs:
            leftwards = runs_right_to_left(paragraph)
            whole = self._isolated(paragraph, leftwards)
            found += [(line, leftwards) for line in self.wrapped(whole, width=width, size=_VALUE)]
        return found

    def _isolated(self, text: str, leftwards: bool) -> str:
        """The text in its own direction, where that is not the page's."""
        if leftwards == self.right_to_left or not text:
            return text
        return f"{_ISOLATES[leftwards]}{text}{_POP_ISOLATE}"

    def _line(self, line: _Line, place: Place) -> None:
        text, leftwards = line
        self._write(text, place, size=_VALUE, align="right" if leftwards else "left")

    def _framed(self, field: str, place: Place) -> float:
        """The box with its label. Returns the height at which what is written in begins."""
        x = self.mirrored(MARGIN + place.x, place.width)
        self.set_draw_color(*INK)
        self.set_line_width(0.2)
        self.rect(x, place.y, place.width, place.height)
        lines = self.wrapped(str(labels.LABELS[field]), width=place.width - 2 * _PAD, size=_LABEL)
        y = place.y + 0.6
        for line in lines:
            self._write(line, Place(place.x + _PAD, y, place.width - 2 * _PAD, 3), size=_LABEL, color=GREY)
            y += line_height(_LABEL)
        return y

    def _band(self, text: str, y: float) -> None:
        self.set_fill_color(*FAINT)
        self.rect(MARGIN, y, self.width, layout.BAND, style="F")
        self.set_draw_color(*INK)
        self.set_line_width(0.2)
        self.rect(MARGIN, y, self.width, layout.BAND)
        self._write(text, Place(0, y + 0.4, self.width, 4), size=_VALUE, strong=True, align="center")

    def _comb(self) -> None:
        """The empty cells at the upper right, for whoever receives the paper."""
        step, count = 4.0, 20
        self.set_draw_color(*GREY)
        self.set_line_width(0.2)
        for index in range(count):
            x = self.mirrored(MARGIN + self.width - (count - index) * step, step)
            self.rect(x, 16, step, 4)

    def _write(
        self,
        text: str,
        place: Place,
        *,
        size: float,
        strong: bool = False,
        color: tuple[int, int, int] = INK,
        align: str = "start",
    ) -> None:
        x = self.mirrored(MARGIN + place.x, place.width)
        self.write_line(
            text, x=x, y=place.y, width=place.width, size=size, strong=strong, color=color, align=align
        )
