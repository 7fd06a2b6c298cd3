"""Template tags of the bedside page: choices, words and small lists taken from a session as it is shown."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.edge.wording import separator
from apps.infusions.domain.scores import ScoreLevel
from apps.kernel.numbers import plain

register = template.Library()

SCORE_NAMES = {"news2": "NEWS2", "bedside_pews": "Bedside PEWS"}
TREND_WORDS = {"up": ("↑", _("rising")), "down": ("↓", _("falling")), "same": ("=", _("unchanged"))}
NOT_DONE_WORDS = {"refused": _("Refused"), "not_possible": _("Not possible")}
REASONS = {
    "stay": (
        _("Patient anxious"),
        _("Mild discomfort"),
        _("Vital signs to watch"),
        _("Waiting for the physician"),
    ),
    "skip": (_("Tolerated before"), _("Physician's order")),
    "back": (_("Mild discomfort"), _("Vital signs changed"), _("Mild reaction"), _("Physician's order")),
    "stop": (_("Reaction"), _("Patient declines"), _("Line lost"), _("Physician's order")),
    "end_watch": (_("Patient well, leaves early"), _("Moved to another ward"), _("Physician's order")),
    "abandon": (_("Patient not well enough"), _("Patient declines"), _("Postponed"), _("Physician's order")),
    "wrong": (_("Wrong patient"), _("Wrong value"), _("Wrong time"), _("Entered twice")),
    "wrong_vial": (_("Wrong lot"), _("Wrong volume"), _("Not hung"), _("Entered twice")),
}
MARK_WORDS = {
    "reaction": pgettext_lazy("on the chart", "Symptom"),
    "intervention": pgettext_lazy("on the chart", "Given or done"),
    "alert_high": _("High priority"),
    "alert_medium": _("Medium priority"),
    "alert_low": _("Low priority"),
}
MARK_SHAPES = {"reaction": "◆", "intervention": "✚", "alert_high": "▲", "alert_medium": "▲", "alert_low": "●"}


@register.simple_tag
def reasons(kind: str) -> list[str]:
    """What people most often answer, for one tap; anything else can be typed."""
    return [str(reason) for reason in REASONS[kind]]


@register.filter
def score_name(code: str) -> str:
    """What a score is called on the ward."""
    return SCORE_NAMES.get(code, code)


@register.filter
def score_rank(score: Mapping[str, Any]) -> int:
    """0 to 4 by the level; 0 while it cannot be told."""
    return list(ScoreLevel).index(ScoreLevel(score["level"])) if score.get("level") else 0


@register.filter
def score_sentence(score: Mapping[str, Any]) -> str:
    """What the level calls for; empty while it cannot be told."""
    return gettext(ScoreLevel(score["level"]).sentence) if score.get("level") else ""


@register.filter
def trend_mark(code: str) -> str:
    """The arrow of a trend."""
    return TREND_WORDS[code][0]


@register.filter
def trend_word(code: str) -> str:
    """The word of a trend."""
    return str(TREND_WORDS[code][1])


@register.filter
def not_done_word(code: str) -> str:
    """Why a sign was not measured."""
    return str(NOT_DONE_WORDS.get(code, code))


@register.filter
def mark_word(kind: str) -> str:
    """What kind of mark it is on the chart."""
    return str(MARK_WORDS.get(kind, kind))


@register.filter
def mark_shape(kind: str) -> str:
    """The shape of a mark on the chart."""
    return MARK_SHAPES.get(kind, "●")


@register.filter
def named(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Codes as the reader's names, side by side."""
    return separator().join(names.get(code, code) for code in codes)


@register.filter
def choice_name(code: str, sign: Mapping[str, Any]) -> str:
    """The reader's word for what a sign told in words was found to be."""
    return next((choice["name"] for choice in sign["choices"] if choice["code"] == code), code)


@register.simple_tag
def steps_below(session: Mapping[str, Any], rate_ml_per_h: Any) -> list[Mapping[str, Any]]:
    """The plan's steps slower than a rate, the nearest first."""
    if rate_ml_per_h in (None, ""):
        return []
    steps = session["plan"]["steps"]
    return [step for step in reversed(steps) if Decimal(step["rate_ml_per_h"]) < Decimal(rate_ml_per_h)]


@register.simple_tag
def open_reaction(session: Mapping[str, Any]) -> bool:
    """Whether a reaction has not passed, wrong entries left out."""
    return any(
        reaction["resolved_at"] is None and reaction["status"] == "final" for reaction in session["reactions"]
    )


@register.simple_tag
def left_to_hang(session: Mapping[str, Any]) -> Decimal:
    """What of the day's volume does not hang yet, mL."""
    hung = Decimal(session["volume_given_ml"]) + Decimal(session["hung_left_ml"])
    return max(Decimal(0), Decimal(session["volume_total_ml"]) - hung)


@register.filter
def split(text: str) -> list[str]:
    """A list written in a template: its words."""
    return text.split()


@register.filter
def plain_number(value: Decimal) -> str:
    """A number as a field takes it, in Latin digits."""
    return plain(value)


@register.filter
def is_negative(value: Any) -> bool:
    """Whether a number is below zero."""
    return Decimal(str(value)) < 0


@register.filter
def size(value: Any) -> Decimal:
    """A number without its sign."""
    return abs(Decimal(str(value)))
