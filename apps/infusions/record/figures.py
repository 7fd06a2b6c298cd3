"""The figures at the top of the record: what was ordered, what was given, from when to when."""

from datetime import datetime

from django.utils.translation import gettext as _

from apps.edge.wording import separator, verbatim
from apps.infusions.domain import to_tenth_ml
from apps.infusions.domain.volume import grams_given
from apps.infusions.record.content import InfusionRecord
from apps.infusions.record.sheet import FAINT, GREY, MARGIN, Sheet, line_height
from apps.infusions.record.wording import (
    NOTHING,
    Clock,
    day_text,
    number,
    quantity,
    said,
    signed_quantity,
    word,
)

_LABEL, _VALUE = 7.0, 9.0
_COLUMNS = 3


def draw_figures(sheet: Sheet, record: InfusionRecord) -> None:
    """Draw the figures from the present height on."""
    figures = _figures(record)
    for first in range(0, len(figures), _COLUMNS):
        _draw_row(sheet, figures[first : first + _COLUMNS])
    sheet.set_y(sheet.get_y() + 3)


def _figures(record: InfusionRecord) -> list[tuple[str, str]]:
    order, clock = record.order, Clock.of(record)
    dose = f"{quantity(order.dose_g, 'g')}{separator()}{quantity(order.volume_ml, 'mL')}"
    concentration = quantity(order.concentration_mg_per_ml, "mg/mL")
    day = _("Day %(number)s of %(days)s") % {"number": number(order.day_number), "days": number(order.days)}
    course = _("Course %(number)s") % {"number": number(order.course_id)}
    return [
        (_("Indication"), said(order.indication)),
        (_("Product"), f"{verbatim(order.product)}{separator()}{concentration}"),
        (_("Dose of the day"), dose),
        (course, day),
        (_("Weight"), quantity(order.weight_kg, "kg")),
        (_("State"), word(record.state)),
        (_("Date"), day_text(clock.day)),
        (_("Started"), _when_and_who(clock, record.started_at, record.started_by)),
        (_("Ended"), _when_and_who(clock, record.ended_at, record.ended_by)),
        (_("Volume given"), _given(record)),
        (_("Against the order"), signed_quantity(to_tenth_ml(record.volumes.difference_ml), "mL")),
        (_("Responsible, watched until"), _responsible(record, clock)),
        (_("Volume hung"), _volume(record.volumes.hung_ml)),
        (_("By the pump's rates"), _volume(record.volumes.by_rates_ml)),
        (_("Left over, measured"), _volume(record.volumes.residual_ml)),
    ]


def _given(record: InfusionRecord) -> str:
    given = record.volumes.given_ml
    grams = grams_given(given, record.order.concentration_mg_per_ml)
    return f"{quantity(to_tenth_ml(given), 'mL')}{separator()}{quantity(grams, 'g')}"


def _volume(volume_ml: object) -> str:
    return NOTHING if volume_ml is None else quantity(to_tenth_ml(volume_ml), "mL")  # type: ignore[arg-type]


def _when_and_who(clock: Clock, at: datetime | None, by: str) -> str:
    told = [clock.moment(at), verbatim(by)] if at else [NOTHING]
    return separator().join(text for text in told if text)


def _responsible(record: InfusionRecord, clock: Clock) -> str:
    told = [verbatim(record.responsible)] if record.responsible else []
    told += [clock.moment(record.watched_until)] if record.watched_until else []
    return separator().join(told) or NOTHING


def _draw_row(sheet: Sheet, figures: list[tuple[str, str]]) -> None:
    width = sheet.width / _COLUMNS
    top, deepest = sheet.get_y(), 0.0
    for index, (label, value) in enumerate(figures):
        inner = width - 3
        x = sheet.mirrored(MARGIN + index * width, inner)
        sheet.write_line(label, x=x, y=top, width=inner, size=_LABEL, color=GREY)
        y = top + line_height(_LABEL)
        for line in sheet.wrapped(value, width=inner, size=_VALUE):
            sheet.write_line(line, x=x, y=y, width=inner, size=_VALUE)
            y += line_height(_VALUE)
        deepest = max(deepest, y)
    sheet.set_draw_color(*FAINT)
    sheet.set_line_width(0.15)
    sheet.line(MARGIN, deepest + 0.6, MARGIN + sheet.width, deepest + 0.6)
    sheet.set_y(deepest + 1.6)
