"""Events on the record's chart: a lane for each kind, numbered as in the tables."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.scale import TimeAxis
from apps.infusions.record.sheet import FAINT, GREY, INK, MARGIN, RED, Color, Sheet, line_height
from apps.infusions.record.wording import number, said, word

_SIZE = 6.8
_RADIUS = 1.7
_PAPER = (255, 255, 255)


@dataclass(frozen=True, slots=True)
class _Mark:
    at: datetime
    number: int
    label: str


def draw_marks(
    sheet: Sheet, record: InfusionRecord, axis: TimeAxis, *, top: float, bottom: float, height: float
) -> None:
    """Draw the lanes between `top` and `top + height`; a reaction's moment runs down to `bottom`."""
    lanes = _lanes(record)
    lane_height = (height - 2) / len(lanes)
    for index, (name, color, marks) in enumerate(lanes):
        middle = top + (index + 0.5) * lane_height
        sheet.set_draw_color(*FAINT)
        sheet.set_line_width(0.12)
        sheet.line(axis.left, middle, axis.right, middle)
        sheet.write_line(
            name, x=MARGIN, y=middle - line_height(7.4) / 2, width=22, size=7.4, strong=True, align="left"
        )
        _lane(sheet, axis, sorted(marks, key=lambda mark: mark.at), middle=middle, color=color)
    for line in record.reactions:
        with sheet.local_context(draw_color=RED, line_width=0.2):
            sheet.set_dash_pattern(dash=1, gap=1)
            x = axis.x(line.written.at)
            sheet.line(x, top + lane_height / 2 + _RADIUS, x, bottom)


def _lanes(record: InfusionRecord) -> list[tuple[str, Color, list[_Mark]]]:
    reactions = [
        _Mark(
            line.written.at, line.number, f"{said(line.symptoms[0].term)} ({word(line.symptoms[0].severity)})"
        )
        for line in record.reactions
    ]
    treatment = [
        _Mark(line.written.at, line.number, said(line.name))
        for line in record.interventions
        if line.correction is None
    ]
    alerts = [_Mark(line.raised_at, line.number, word(line.priority)) for line in record.alerts]
    vials = [_Mark(line.written.at, line.number, "") for line in record.vials if line.correction is None]
    return [
        (_("Reactions"), RED, reactions),
        (_("Treatment"), INK, treatment),
        (_("Alerts"), INK, alerts),
        (_("Vials"), GREY, vials),
    ]


def _lane(sheet: Sheet, axis: TimeAxis, marks: list[_Mark], *, middle: float, color: Color) -> None:
    places = _apart([axis.x(mark.at) for mark in marks], limit=axis.right)
    for mark, (x, following) in zip(marks, pairwise([*places, axis.right]), strict=True):
        sheet.set_fill_color(*color)
        sheet.circle(x, middle, _RADIUS, style="F")
        y = middle - line_height(6) / 2
        text = number(mark.number)
        sheet.write_line(text, x=x - 3, y=y, width=6, size=6, color=_PAPER, strong=True, align="center")
        _label(sheet, mark.label, x=x + _RADIUS + 0.8, middle=middle, end=following - _RADIUS, color=color)


def _label(sheet: Sheet, text: str, *, x: float, middle: float, end: float, color: Color) -> None:
    """The mark's name behind it, where there is room before the next one."""
    width, height = sheet.text_width(text, size=_SIZE), line_height(_SIZE)
    if not text or x + width > end:
        return
    sheet.set_fill_color(*_PAPER)
    sheet.rect(x - 0.4, middle - height / 2, width + 0.8, height, style="F")
    sheet.write_line(text, x=x, y=middle - height / 2, width=width, size=_SIZE, color=color, align="left")


def _apart(places: Iterable[float], *, limit: float) -> list[float]:
    """Marks that would cover each other move on by their width, never over the edge."""
    apart: list[float] = []
    for place in places:
        apart.append(max(place, apart[-1] + 2 * _RADIUS + 0.3) if apart else place)
    over = max((apart[-1] if apart else limit) - limit + _RADIUS, 0)
    return [place - over for place in apart] if over else apart
