"""Text stands out 4.5 to 1 from its ground and a mark 3 to 1, by day and by night (WCAG 2.2, 1.4.3 and 1.4.11)."""

import re
from itertools import combinations

import pytest

from ivig_monitor.launch.places import ROOT

TOKENS = (ROOT / "static" / "css" / "tokens.css").read_text(encoding="utf-8")
ALARMS = ("high", "medium", "low")
LEVELS = range(5)

# What is read, on what it stands.
TEXTS = [
    *[
        (text, ground)
        for text in ("text", "muted", "accent")
        for ground in ("ground", "surface", "surface-2")
    ],
    ("accent", "accent-soft"),
    *[("text", f"{alarm}-soft") for alarm in ALARMS],
    *[("muted", f"{alarm}-soft") for alarm in ALARMS],
    *[("accent", f"{alarm}-soft") for alarm in ALARMS],
    *[("danger", f"{alarm}-soft") for alarm in ALARMS],
    *[(f"on-{alarm}", alarm) for alarm in ALARMS],
    *[(f"on-score-{level}", f"score-{level}") for level in LEVELS],
    ("on-accent", "accent"),
    ("on-accent", "accent-strong"),
    ("surface", "text"),  # an overdue line
    ("danger", "surface"),
    ("danger", "danger-soft"),
    ("on-danger", "danger"),
    ("ok", "ok-soft"),
    ("warn", "warn-soft"),
    ("on-bar", "bar"),
    ("bar-muted", "bar"),
]
# What is seen: the outline of a mark, a control or a chip, and the focus.
MARKS = [
    ("high", "surface"),
    ("high", "high-soft"),
    ("medium-edge", "surface"),
    ("medium-edge", "medium-soft"),
    ("low-edge", "surface"),
    ("low-edge", "low-soft"),
    ("score-edge", "surface"),
    ("line-strong", "surface"),
    ("accent", "surface-2"),
    ("focus", "ground"),
    ("focus", "surface"),
]


def _tokens(block: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9a-f]{6});", block))


def _theme(name: str) -> dict[str, str]:
    by_day, night = TOKENS.split("@media (prefers-color-scheme: dark)")
    return _tokens(by_day) | (_tokens(night) if name == "dark" else {})


def _luminance(colour: str) -> float:
    """Relative luminance of an sRGB colour as WCAG 2.2 defines it."""
    parts = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = [
        part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    ]
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    """1 for the same colour, 21 for black on white."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21_to_1() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("text", "ground"), TEXTS)
def test_text_can_be_read(theme: str, text: str, ground: str) -> None:
    colours = _theme(theme)
    assert contrast(colours[text], colours[ground]) >= 4.5


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize(("mark", "ground"), MARKS)
def test_marks_can_be_seen(theme: str, mark: str, ground: str) -> None:
    colours = _theme(theme)
    assert contrast(colours[mark], colours[ground]) >= 3


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_scores_and_alarms_share_no_colour(theme: str) -> None:
    colours = _theme(theme)
    alarms = {colours[f"{alarm}{part}"] for alarm in ALARMS for part in ("", "-soft")}
    scores = [colours[f"score-{level}"] for level in LEVELS]
    assert not alarms & set(scores)
    assert all(one != other for one, other in combinations(scores, 2))
