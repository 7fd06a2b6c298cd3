"""The paper: A4 pages with the patient on each, and text in both directions.

Latin and Persian letters come from the two Noto families. They are variable fonts used at their default weight,
and emphasis is a thin outline: making a bold instance would take seconds. Every piece of Persian carries its own
words for copying and reading aloud (`ActualText`), because the typeface draws a letter and its dots separately.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import Any, Self, TypeVar

import fontpkg_noto_sans
import fontpkg_noto_sans_arabic
from django.utils import translation
from fontTools.ttLib import TTFont
from fpdf import FPDF
from fpdf.enums import MethodReturnValue, TextMode
from fpdf.fonts import TTFFont

from apps.edge.exports import Stamp, current_stamp
from apps.infusions.record.bidi import balanced, visual_runs

MARGIN = 12.0
FOOT = 14.0
INK, GREY, FAINT, RED = (20, 24, 31), (95, 102, 112), (214, 218, 224), (176, 0, 32)
Color = tuple[int, int, int]
Paper = TypeVar("Paper", bound="Sheet")

_FONTS = {
    "latin": Path(fontpkg_noto_sans.ROOT) / "files" / "NotoSans[wdth,wght].ttf",
    "persian": Path(fontpkg_noto_sans_arabic.ROOT) / "files" / "NotoSansArabic[wdth,wght].ttf",
}
_UNKNOWN = "\ufffd"
_SMALL = 7.0
_STAMP, _STAMP_SIZE = 4.5, 5.5  # mm from the lower edge; points
_RIGHT_TO_LEFT = frozenset({"fa"})
_MEASURED_AT = 10.0
_LINE_PER_POINT = 0.49  # mm of line height for each point of type


@lru_cache(maxsize=1)
def drawable() -> frozenset[int]:
    """Every character that one of the typefaces can draw."""
    known: set[int] = set()
    for path in _FONTS.values():
        with TTFont(path, lazy=True) as font:
            known.update(font.getBestCmap())
    return frozenset(known)


def printable(text: str) -> str:
    """The text with a visible sign for each character that cannot be drawn: nothing is left out in silence."""
    plain = text.replace("\r\n", "\n").replace("\t", " ")
    return "".join(char if ord(char) in drawable() or char == "\n" else _UNKNOWN for char in plain)


def line_height(size: float) -> float:
    """Millimetres from one line of a type size to the next."""
    return size * _LINE_PER_POINT


@dataclass(frozen=True, slots=True)
class Round:
    """One of the two times a paper is laid out: a draft does not know yet how many `pages` there will be.

    `widths` remembers what was measured in the first for the second, in mm for each point of type.
    """

    language: str
    pages: int | None = None
    widths: dict[str, float] = field(default_factory=dict)


def laid_out_twice(
    make: Callable[[Round], Paper], lay_out: Callable[[Paper], None], *, language: str
) -> bytes:
    """The PDF of a paper in a language (en, nb, fa), which stands on each page how many there are.

    `make` begins the paper and `lay_out` fills it: first a draft, for its number of pages, then the paper itself.
    """
    draft_round = Round(language)
    with translation.override(language):
        with make(draft_round) as draft:
            lay_out(draft)
            pages = draft.pages_count
        with make(replace(draft_round, pages=pages)) as paper:
            lay_out(paper)
            if stamp := current_stamp():
                paper.stamp(stamp)
            return bytes(paper.output())


class Sheet(FPDF):
    """Pages and places on them in mm from the top left; `start` and `end` follow the reader's direction.

    A draft measures and breaks pages without writing a word.
    """

    def __init__(self, this_round: Round) -> None:
        super().__init__(format="A4")
        self.pages_in_all, self._widths = this_round.pages, this_round.widths
        self.is_draft = this_round.pages is None
        self.right_to_left = right_to_left = this_round.language in _RIGHT_TO_LEFT
        self.set_lang(this_round.language)
        self.set_auto_page_break(False)
        self.set_margins(MARGIN, MARGIN)
        self.c_margin = 0
        for family, path in _FONTS.items():
            self.add_font(family, fname=path)
        self._family, other = ("persian", "latin") if right_to_left else ("latin", "persian")
        self.set_fallback_fonts([other])
        self._direction = "rtl" if right_to_left else "ltr"
        self._face(self._direction)
        self.set_font(self._family, size=8)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exception: object) -> None:
        """Close the files of the typefaces, which fpdf2 leaves open."""
        for font in self.fonts.values():
            if isinstance(font, TTFFont):
                font.ttfont.close()

    @property
    def width(self) -> float:
        """Of what may be printed on, in mm."""
        return self.epw

    def mirrored(self, x: float, width: float) -> float:
        """The place from the reader's starting edge that mirrors `x`, for a box of this width."""
        return self.w - x - width if self.right_to_left else x

    def wrapped(self, text: str, *, width: float, size: float) -> list[str]:
        """The lines a text takes."""
        text = printable(text)
        if "\n" not in text and self.text_width(text, size=size) <= width:
            return [text]
        lines: Any = self.multi_cell(width, 1, text, dry_run=True, output=MethodReturnValue.LINES, align="L")
        return balanced(lines) or [""]

    def write_line(
        self,
        text: str,
        *,
        x: float,
        y: float,
        width: float,
        size: float = 8,
        strong: bool = False,
        color: Color = INK,
        align: str = "start",
        struck: bool = False,
    ) -> None:
        """One line in a box, in smaller type when it would not fit.

        `align` is start, center or end; `left` and `right` are so for readers of every direction.
        """
        if self.is_draft:
            return
        text = printable(text)
        runs = visual_runs(text, right_to_left=self.right_to_left)
        drawn = self.text_width(text, size=size)
        height = line_height(size)
        if drawn > width:
            size, drawn = size * width / drawn, width
        left = x + {"L": 0.0, "R": width - drawn, "C": (width - drawn) / 2}[self._side(align)]
        with self.local_context(**self._style(size, color, strong)), self._spoken(text, runs):
            self.set_font(self._family, size=size)
            self.set_xy(left, y)
            for piece, leftwards in runs:
                self._face("rtl" if leftwards else "ltr")
                self.cell(self.text_width(piece, size=size), height, piece)
            self._face(self._direction)
        if struck and text.strip():
            self._strike(left, y + height / 2, drawn)

    def write_foot(self, *, printed: str, page: str) -> float:
        """A rule, who printed it, and which page this is. Returns where what follows below may stand."""
        self.rule(y=self.h - FOOT)
        y, wide, narrow = self.h - FOOT + 1.5, self.width * 0.8, self.width * 0.2
        x = self.mirrored(MARGIN, wide)
        self.write_line(printed, x=x, y=y, width=wide, size=_SMALL, color=GREY)
        x = self.mirrored(MARGIN + wide, narrow)
        self.write_line(page, x=x, y=y, width=narrow, size=_SMALL, color=INK, align="end")
        return y + line_height(_SMALL)

    def stamp(self, stamp: Stamp) -> None:
        """Below everything on every page: the number of this export, when and by whom."""
        self.set_keywords(stamp.number)
        last = self.page
        for number in range(1, last + 1):
            self.page = number
            y = self.h - _STAMP
            self.write_line(
                str(stamp), x=MARGIN, y=y, width=self.width, size=_STAMP_SIZE, color=GREY, align="left"
            )
        self.page = last

    def rule(self, *, y: float) -> None:
        """A thin line from margin to margin."""
        self.set_draw_color(*GREY)
        self.set_line_width(0.3)
        self.line(MARGIN, y, MARGIN + self.width, y)

    def text_width(self, text: str, *, size: float) -> float:
        """Of one line, in mm."""
        if text not in self._widths:
            self.set_font(self._family, size=_MEASURED_AT)
            self._widths[text] = self.get_string_width(printable(text)) / _MEASURED_AT
        self.set_font(self._family, size=size)
        return self._widths[text] * size

    def _face(self, direction: str) -> None:
        self.set_text_shaping(direction=direction)

    def _side(self, align: str) -> str:
        sides = {"left": "L", "right": "R", "center": "C", "start": "L", "end": "R"}
        if self.right_to_left:
            sides |= {"start": "R", "end": "L"}
        return sides[align]

    def _style(self, size: float, color: Color, strong: bool) -> dict[str, Any]:
        style: dict[str, Any] = {"text_color": color}
        if strong:
            style |= {"text_mode": TextMode.FILL_STROKE, "draw_color": color, "line_width": size * 0.009}
        return style

    def _strike(self, x: float, y: float, length: float) -> None:
        self.set_draw_color(*GREY)
        self.set_line_width(0.2)
        self.line(x, y, x + length, y)

    @contextmanager
    def _spoken(self, text: str, runs: list[tuple[str, bool]]) -> Iterator[None]:
        if not self.right_to_left and not any(leftwards for _, leftwards in runs):
            yield
            return
        self._out(f"/Span <</ActualText <FEFF{text.encode('utf-16-be').hex()}>>> BDC")
        yield
        self._out("EMC")
