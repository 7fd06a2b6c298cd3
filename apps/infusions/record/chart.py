"""The chart of the record: vital signs, rates and events on one axis of time, drawn as lines."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from django.utils.translation import gettext as _

from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.entries import ObservationLine
from apps.infusions.record.marks import draw_marks
from apps.infusions.record.scale import TimeAxis, ValueAxis, time_axis, value_axis
from apps.infusions.record.sheet import FAINT, GREY, INK, MARGIN, RED, Sheet, line_height
from apps.infusions.record.wording import Clock, left_to_right, number

_SIZE = 6.8
_GUTTER = 24.0  # the strips' names and values, at the left for every reader
_GAP = 3.2
_SHADE = (221, 228, 238)
_LINE = (30, 70, 130)
_LANES_HEIGHT, _AXIS_HEIGHT = 24.0, 5.0


@dataclass(frozen=True, slots=True)
class _Strip:
    """One sign: its name and unit, the range that is always shown, its ticks, its share of the height."""

    name: str
    unit: str
    usual: tuple[float, float]
    step: float
    share: float
    sign: str = ""


def draw_chart(sheet: Sheet, record: InfusionRecord, *, bottom: float) -> None:
    """Fill the page from the present height down to `bottom` (mm)."""
    axis = time_axis(_moments(record), left=MARGIN + _GUTTER, right=MARGIN + sheet.width)
    if axis is None:
        return
    clock, top = Clock.of(record), sheet.get_y()
    draw_marks(sheet, record, axis, top=top, bottom=bottom - _AXIS_HEIGHT - _GAP, height=_LANES_HEIGHT)
    strips = _strips()
    room = bottom - _AXIS_HEIGHT - top - _LANES_HEIGHT - _GAP * len(strips)
    y = top + _LANES_HEIGHT
    for strip, draw in strips:
        height = room * strip.share / sum(other.share for other, _ in strips)
        values = _values(record, strip)
        scale = value_axis(values, usual=strip.usual, step=strip.step, top=y, bottom=y + height)
        _frame(sheet, strip, axis, scale, clock)
        draw(sheet, record, strip, axis, scale)
        y += height + _GAP
    _time_labels(sheet, axis, clock, y - _GAP)


def _strips() -> list[tuple[_Strip, Callable[..., None]]]:
    return [
        (_Strip(_("BP"), "mmHg", (40, 160), 40, 5, "blood_pressure"), _pressure_bars),
        (_Strip(_("Pulse"), "/min", (50, 110), 20, 3, "pulse_per_min"), _curve),
        (_Strip(_("Resp"), "/min", (8, 24), 8, 2.2, "respiratory_rate_per_min"), _curve),
        (_Strip(_("SpO2"), "%", (90, 100), 5, 2.2, "spo2_percent"), _curve),
        (_Strip(_("Temp"), "°C", (36, 38), 1, 2.4, "temperature_c"), _curve),
        (_Strip(_("Rate"), "mL/h", (0, 60), 60, 4, "rate"), _staircase),
    ]


def _moments(record: InfusionRecord) -> Iterable[datetime]:
    yield from (line.written.at for line in _valid(record))
    yield from (line.written.at for line in record.rates)
    yield from (line.written.at for line in record.vials)
    yield from (line.written.at for line in record.reactions)
    yield from (line.written.at for line in record.interventions)
    yield from (line.raised_at for line in record.alerts)
    if record.started_at and record.ended_at is None:
        yield record.printed_at
    if record.watched_until:
        yield record.watched_until


def _valid(record: InfusionRecord) -> list[ObservationLine]:
    return [line for line in record.observations if line.correction is None]


def _values(record: InfusionRecord, strip: _Strip) -> list[float]:
    if strip.sign == "rate":
        return [float(line.rate_ml_per_h) for line in record.rates]
    signs = ("systolic_mmhg", "diastolic_mmhg") if strip.sign == "blood_pressure" else (strip.sign,)
    found = (line.vitals.value(sign) for line in _valid(record) for sign in signs)
    return [float(value) for value in found if value is not None]


def _frame(sheet: Sheet, strip: _Strip, axis: TimeAxis, scale: ValueAxis, clock: Clock) -> None:
    sheet.set_line_width(0.12)
    sheet.set_draw_color(*FAINT)
    for at in axis.ticks(clock.zone):
        sheet.line(axis.x(at), scale.top, axis.x(at), scale.bottom)
    for value in _labelled(scale, strip.step):
        sheet.line(axis.left, scale.y(value), axis.right, scale.y(value))
        # At a strip's edges the label moves inside, so as not to touch the next strip's.
        y = min(max(scale.y(value) - line_height(_SIZE) / 2, scale.top - 0.8), scale.bottom - 2.4)
        text = left_to_right(number(round(value)))
        sheet.write_line(text, x=MARGIN, y=y, width=_GUTTER - 1.5, size=_SIZE, color=GREY, align="right")
    sheet.set_draw_color(*GREY)
    sheet.rect(axis.left, scale.top, axis.right - axis.left, scale.bottom - scale.top)
    sheet.write_line(
        strip.name, x=MARGIN, y=scale.top, width=_GUTTER - 8, size=7.4, strong=True, align="left"
    )
    sheet.write_line(
        left_to_right(strip.unit),
        x=MARGIN,
        y=scale.top + line_height(7.4),
        width=_GUTTER - 8,
        size=_SIZE,
        color=GREY,
        align="left",
    )


def _labelled(scale: ValueAxis, step: float) -> list[float]:
    """Ticks far enough from each other to be read."""
    every = 1
    while len(ticks := scale.ticks(step * every)) > max(2.0, (scale.bottom - scale.top) / 4.5):
        every += 1
    return ticks


def _pressure_bars(
    sheet: Sheet, record: InfusionRecord, strip: _Strip, axis: TimeAxis, scale: ValueAxis
) -> None:
    sheet.set_draw_color(*_LINE)
    for line in _valid(record):
        ends = [line.vitals.systolic_mmhg, line.vitals.diastolic_mmhg]
        known = [scale.y(value) for value in ends if value is not None]
        x = axis.x(line.written.at)
        sheet.set_line_width(0.5)
        sheet.line(x, min(known, default=0), x, max(known, default=0)) if len(known) == 2 else None
        sheet.set_line_width(0.35)
        for y in known:
            sheet.line(x - 1.2, y, x + 1.2, y)


def _curve(sheet: Sheet, record: InfusionRecord, strip: _Strip, axis: TimeAxis, scale: ValueAxis) -> None:
    measured = [(line.written.at, line.vitals.value(strip.sign)) for line in _valid(record)]
    points = [(axis.x(at), scale.y(float(value))) for at, value in measured if value is not None]
    sheet.set_draw_color(*_LINE)
    sheet.set_fill_color(*_LINE)
    sheet.set_line_width(0.3)
    if len(points) > 1:
        sheet.polyline(points)
    for x, y in points:
        sheet.circle(x, y, 0.65, style="F")


def _staircase(sheet: Sheet, record: InfusionRecord, strip: _Strip, axis: TimeAxis, scale: ValueAxis) -> None:
    if not record.rates:
        return
    until = record.ended_at or record.printed_at
    ends = [*(line.written.at for line in record.rates[1:]), max(until, record.rates[-1].written.at)]
    corners: list[tuple[float, float]] = []
    for line, end in zip(record.rates, ends, strict=True):
        left, right, y = axis.x(line.written.at), axis.x(end), scale.y(float(line.rate_ml_per_h))
        sheet.set_fill_color(*_SHADE)
        sheet.rect(left, y, right - left, scale.bottom - y, style="F")
        corners += [(left, y), (right, y)]
    sheet.set_draw_color(*_LINE)
    sheet.set_line_width(0.45)
    sheet.polyline([(corners[0][0], scale.bottom), *corners])
    _rate_labels(sheet, record, axis, scale)


def _rate_labels(sheet: Sheet, record: InfusionRecord, axis: TimeAxis, scale: ValueAxis) -> None:
    """The rate at the foot of its step, where the step is wide enough."""
    last = record.ended_at or record.printed_at
    starts = [*(line.written.at for line in record.rates), max(last, record.rates[-1].written.at)]
    for line, (start, end) in zip(record.rates, pairwise(starts), strict=True):
        text = left_to_right(number(line.rate_ml_per_h))
        left, right = axis.x(start), axis.x(end)
        if line.rate_ml_per_h and sheet.text_width(text, size=_SIZE) + 1 < right - left:
            y = scale.bottom - line_height(_SIZE) - 0.3
            sheet.write_line(text, x=left, y=y, width=right - left, size=_SIZE, color=INK, align="center")
        if not line.rate_ml_per_h and right > left:
            sheet.set_draw_color(*RED)
            sheet.set_line_width(0.6)
            sheet.line(left, scale.bottom, right, scale.bottom)


def _time_labels(sheet: Sheet, axis: TimeAxis, clock: Clock, y: float) -> None:
    width = 16.0
    for at in axis.ticks(clock.zone):
        x = min(max(axis.x(at) - width / 2, MARGIN), MARGIN + sheet.width - width)
        sheet.write_line(
            left_to_right(clock.time(at)), x=x, y=y + 0.5, width=width, size=_SIZE, color=GREY, align="center"
        )
