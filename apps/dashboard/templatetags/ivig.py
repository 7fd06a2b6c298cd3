"""Template filters of all pages: numbers, times and code words as the reader's language writes them."""

import json
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from django import template
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from apps.accounts.selectors import Role
from apps.dashboard.context import ROLE_LABELS
from apps.dashboard.texts import ui_texts as all_ui_texts
from apps.edge.messages import fill, params_from_json
from apps.edge.wording import in_reader_digits, separator, written

register = template.Library()

WORDS = {
    # sessions and days
    "prepared": _("Prepared"),
    "running": _("Running"),
    "paused": _("Paused"),
    "stopped": _("Stopped"),
    "completed": _("Completed"),
    "abandoned": _("Abandoned"),
    "planned": _("Planned"),
    "active": _("Active"),
    # follow-ups
    "due": _("Due"),
    "overdue": _("Overdue"),
    "done": _("Done"),
    "superseded": _("Superseded"),
    "missed": _("Missed"),
    "call": _("Call"),
    "laboratory": _("Laboratory test"),
    "observation": _("Observation"),
    "visit": _("Visit"),
    "hold": _("Waiting time"),
    "look_back": _("Look-back"),
    "lung_injury": _("Lung injury"),
    "fluid_overload": _("Fluid overload"),
    "venous_thrombosis": _("Venous thrombosis"),
    "delayed_effect": _("Delayed effects"),
    "efficacy": _("Effect of treatment"),
    "false_serology": _("Misleading antibody tests"),
    "live_vaccines": _("Live vaccines"),
    "infection_transmission": _("Transmitted infection"),
    "aseptic_meningitis": _("Aseptic meningitis"),
    "acute_renal_failure": _("Acute renal failure"),
    "hemolysis": _("Hemolysis"),
    "no_effect": _("No sign of it"),
    "suspected": _("Suspected"),
    "unreachable": _("Not reached"),
    "symptoms": _("Symptoms, none a red flag"),
    "incomplete": _("Not everything is known"),
    "partial": _("Being filled in"),
    "lost": _("Lost to follow-up"),
    "self_report": _("Patient's own report"),
    "emergency": _("Emergency"),
    "same_day": _("Physician today"),
    "notice": _("To be known"),
    "yes": _("Yes"),
    "no": _("No"),
    # reactions
    "mild": _("Mild"),
    "moderate": _("Moderate"),
    "severe": _("Severe"),
    "none": _("No change"),
    "slow": _("Slowed down"),
    "pause": pgettext_lazy("done after a reaction", "Paused"),
    "stop": pgettext_lazy("done after a reaction", "Stopped"),
    "during": _("During the infusion"),
    "immediate": _("Immediate"),
    "early": _("Early"),
    "delayed": _("Delayed"),
    "late": _("Late"),
    "new": _("New"),
    "reviewed": _("Reviewed"),
    "entered_in_error": _("Entered in error"),
    # what is due
    "vitals_due": _("Vital signs due"),
    "step_due": _("Rate change due"),
    "vial_due": _("Next vial"),
    "complete_due": _("Completion due"),
    "recheck_due": _("Look at the reaction again"),
    "watch_ends": _("Watch ends"),
    # people
    "female": _("Female"),
    "male": _("Male"),
    "unknown": _("Unknown"),
    # priorities and steps
    "high": _("High priority"),
    "medium": _("Medium priority"),
    "low": _("Low priority"),
    "current": _("Now"),
    "later": _("Later"),
}

MARKS = {"high": "!!!", "medium": "!!", "low": "!"}


@register.filter
def word(code: str) -> str:
    """The reader's word for a code of the API; an unknown code is shown readably."""
    return str(WORDS.get(code, str(code).replace("_", " ").capitalize())) if code else ""


@register.filter
def role_word(code: str) -> str:
    """The reader's word for what somebody is on the wards."""
    return gettext(ROLE_LABELS[Role(code)])


@register.filter
def mark(priority: str) -> str:
    """Exclamation marks inside the shape of an alarm priority."""
    return MARKS.get(priority, "!")


@register.filter
def digits(value: Any) -> str:
    """Text with Persian digits when the reader's language is Persian."""
    return "" if value is None else in_reader_digits(str(value))


@register.filter
def number(value: Any, places: int | str = 2) -> str:
    """A decimal without needless zeros, at most `places` decimals, in the reader's digits."""
    return _written(value, int(places), keep_zeros=False)


@register.filter
def fixed(value: Any, places: int | str = 1) -> str:
    """A decimal with exactly `places` decimals, in the reader's digits and decimal sign."""
    return _written(value, int(places), keep_zeros=True)


@register.filter
def signed(value: Any, places: int | str = 1) -> str:
    """Like `number`, with a plus or a true minus sign."""
    text = number(value, places)
    if text.startswith("-"):
        return f"−{text[1:]}"
    return text if text in ("–", number("0")) else f"+{text}"


def _written(value: Any, places: int, *, keep_zeros: bool) -> str:
    if value is None or value == "":
        return "–"
    try:
        decimal = round(Decimal(str(value)), places)
    except InvalidOperation:
        return str(value)
    text = f"{decimal:f}"
    if not keep_zeros and "." in text:
        text = text.rstrip("0").rstrip(".")
    return written(text)


@register.filter
def quantity(value: Any, unit: str) -> SafeString:
    """Number and unit as one left-to-right piece: `60 mL/h`."""
    return format_html('<bdi dir="ltr">{}\u00a0{}</bdi>', number(value), unit)


@register.filter
def when(value: Any, style: str = "time") -> SafeString:
    """A `<time>` element that time.js keeps in the reader's calendar; readable without scripts too.

    `style` is time, date, day, datetime, relative or smart (time alone when it is today).
    """
    if not value:
        return SafeString("–")
    moment = (
        value if isinstance(value, date | datetime) else parse_datetime(str(value)) or parse_date(str(value))
    )
    if moment is None:
        return format_html("{}", value)
    iso = moment.isoformat().replace("+00:00", "Z")
    return format_html(
        '<time datetime="{0}" data-time="{0}" data-format="{1}">{2}</time>', iso, style, _plain(moment, style)
    )


def _plain(moment: date | datetime, style: str) -> str:
    if not isinstance(moment, datetime):
        return digits(date_format(moment, "j M Y"))
    local = timezone.localtime(moment) if timezone.is_aware(moment) else moment
    if style == "time":
        return digits(f"{local:%H:%M}")
    if style in ("date", "day"):
        return digits(date_format(local, "j M Y"))
    return digits(f"{date_format(local, 'j M Y')} {local:%H:%M}")


@register.filter
def value_of(mapping: Any, key: str) -> Any:
    """`mapping[key]` for a key held in a variable; None when it is missing."""
    return mapping.get(key) if hasattr(mapping, "get") else None


@register.filter
def alert_text(alert: Any) -> str:
    """The sentence of an alert, with its numbers, for the reader."""
    return fill(alert.message, params_from_json(alert.params))


@register.filter
def pretty(value: Any) -> str:
    """A record as indented JSON, for reading."""
    return json.dumps(value, ensure_ascii=False, indent=1)


@register.simple_tag
def sep() -> str:
    """What stands between two things said side by side; never a middle dot, which reads as a Persian zero."""
    return separator()


@register.simple_tag
def ui_texts() -> dict[str, str]:
    """Every text the scripts show, translated."""
    return all_ui_texts()


@register.simple_tag
def next_action(session: dict[str, Any]) -> str:
    """What the big button of the bedside page does: the most likely next act, never an automatic one.

    confirm_step, vitals, complete, resume, wait or none.
    """
    actions = session.get("actions") or []
    step = session.get("next_step")
    if session.get("state") == "paused":
        return "resume" if "resume" in actions else "vitals" if "observe" in actions else "none"
    if "complete" in actions and _volume_is_in(session):
        return "complete"
    if step and step.get("asked"):
        gate_open = bool((step.get("gate") or {}).get("open"))
        if gate_open and "confirm_step" in actions:
            return "confirm_step"
        return "vitals" if "observe" in actions else "none"
    if "observe" in actions:
        return "vitals"
    return "none"


def _volume_is_in(session: dict[str, Any]) -> bool:
    given, total = session.get("volume_given_ml"), session.get("volume_total_ml")
    return given is not None and total is not None and Decimal(str(given)) >= Decimal(str(total))


@register.simple_tag
def last_value(session: dict[str, Any] | str, name: str) -> Any:
    """The latest known value of one vital sign, wrong entries left out; else empty text, as without a session."""
    for observation in session["observations"] if isinstance(session, dict) else []:
        if observation["status"] == "final" and observation.get(name) not in (None, ""):
            return observation[name]
    return ""
