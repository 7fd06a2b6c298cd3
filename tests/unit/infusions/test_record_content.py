"""The rules of the paper that need no database: what a rate was, what went in, how things are written and placed."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.record.bidi import balanced, visual_runs
from apps.infusions.record.content import Volumes
from apps.infusions.record.entries import Sentence, Written, rate_kind
from apps.infusions.record.scale import time_axis, value_axis
from apps.infusions.record.sheet import printable
from apps.infusions.record.wording import (
    Clock,
    left_to_right,
    pressure,
    quantity,
    said,
    signed_quantity,
    tenths,
    word,
)
from apps.kernel.text import Phrase

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
LRI, PDI = "\u2066", "\u2069"


@pytest.fixture(autouse=True)
def in_english():
    """Whatever language a test before has left behind."""
    with translation.override("en"):
        yield


def minutes(count):
    return START + timedelta(minutes=count)


@pytest.mark.parametrize(
    ("before", "rate", "ended", "kind"),
    [
        ([], "30", False, "started"),
        (["30"], "60", False, "raised"),
        (["30", "60"], "30", False, "lowered"),
        (["60"], "60", False, "unchanged"),
        (["60"], "0", False, "paused"),
        (["60", "0"], "30", False, "resumed"),
        (["60"], "0", True, "ended"),
        (["60", "0"], "0", True, "ended"),
    ],
)
def test_what_a_change_of_rate_was(before, rate, ended, kind):
    assert rate_kind([Decimal(one) for one in before], Decimal(rate), ended=ended) == kind


@pytest.mark.parametrize(("minutes_later", "late"), [(0, False), (4, False), (5, True), (60, True)])
def test_what_is_typed_five_minutes_later_says_so(minutes_later, late):
    assert Written(START, minutes(minutes_later), "Nurse").late is late


@pytest.mark.parametrize(
    ("hung", "by_rates", "residual", "given_ml", "difference"),
    [
        ("250", "250", "10", "240", "-10"),
        ("300", "250", "0", "300", "50"),
        ("250", "180", None, "180", "-70"),
        (None, "250", "10", "250", "0"),  # volumes of the vials were not kept: the rates are all there is
        ("100", "90", "120", "0", "-250"),
    ],
)
def test_what_was_measured_at_the_end_counts_more_than_the_rates(
    hung, by_rates, residual, given_ml, difference
):
    volumes = Volumes(
        ordered_ml=Decimal(250),
        hung_ml=hung and Decimal(hung),
        by_rates_ml=Decimal(by_rates),
        residual_ml=residual and Decimal(residual),
    )
    assert volumes.given_ml == Decimal(given_ml)
    assert volumes.difference_ml == Decimal(difference)


@pytest.mark.parametrize(
    ("language", "rate", "short", "degrees", "blood_pressure"),
    [
        ("en", "1.5\u00a0mL/kg/h", "\u221210\u00a0mL", "37.0", "124/78"),
        ("nb", "1,5\u00a0mL/kg/h", "\u221210\u00a0mL", "37,0", "124/78"),
        ("fa", f"{LRI}۱٫۵\u00a0mL/kg/h{PDI}", f"{LRI}\u2212۱۰\u00a0mL{PDI}", "۳۷٫۰", f"{LRI}۱۲۴/۷۸{PDI}"),
    ],
)
def test_figures_are_written_as_the_reader_writes_them(language, rate, short, degrees, blood_pressure):
    with translation.override(language):
        assert quantity(Decimal("1.50"), "mL/kg/h") == rate
        assert signed_quantity(Decimal(-10), "mL") == short
        assert tenths(Decimal(37)) == degrees
        assert pressure(124, 78) == blood_pressure


def test_what_was_not_measured_is_a_dash_and_never_a_zero():
    assert (pressure(None, None), tenths(None), Clock(ZoneInfo("UTC"), START.date()).moment(None)) == (
        "–",
    ) * 3
    assert pressure(90, None) == "90/–"


def test_names_codes_and_texts_of_the_product():
    with translation.override("nb"):
        assert said({"en": "Chills", "nb": "Frysninger", "fa": "لرز"}) == "Frysninger"
        assert said(Phrase("Completed")) == "Fullført"
        assert said("LOT-A1204") == "LOT-A1204"
        assert word("severe") == "Alvorlig"
        assert word("something_new") == "Something new"
    with translation.override("fa"):
        assert said("LOT-A1204") == "\u2068LOT-A1204\u2069"


def test_times_are_the_ward_s_and_say_the_day_when_it_is_another():
    clock = Clock(ZoneInfo("Asia/Tehran"), date(2026, 3, 2))
    assert clock.moment(START) == "11:30"
    assert clock.moment(minutes(13 * 60)) == "3 Mar 2026 00:30"
    assert clock.sentence(Sentence("Vital signs of %(at)s marked as entered in error.", {"at": START})) == (
        "Vital signs of 11:30 marked as entered in error."
    )
    with translation.override("fa"):
        assert clock.moment(START) == "۱۱:۳۰"


def test_the_axis_of_time_has_round_labels_of_the_ward_s_clock():
    axis = time_axis([minutes(-2), minutes(243)], left=36, right=198)
    assert axis is not None
    labels = [f"{at:%H:%M}" for at in axis.ticks(ZoneInfo("Asia/Tehran"))]
    assert labels[:3] == ["11:30", "12:00", "12:30"]
    assert len(labels) <= 11
    assert time_axis([], left=0, right=1) is None


@given(st.lists(st.integers(0, 3 * 24 * 60), min_size=1))
def test_every_moment_stands_on_the_axis_and_the_labels_are_never_too_many(offsets):
    axis = time_axis([minutes(offset) for offset in offsets], left=36, right=198)
    assert axis is not None
    assert all(36 < axis.x(minutes(offset)) < 198 for offset in offsets)
    ticks = axis.ticks(ZoneInfo("Europe/Oslo"))
    assert 1 <= len(ticks) <= 11
    assert all(36 <= axis.x(tick) <= 198 for tick in ticks)


@given(st.lists(st.floats(0, 400)))
def test_every_value_stands_in_its_strip(values):
    axis = value_axis(values, usual=(40, 160), step=40, top=50, bottom=80)
    assert all(50 <= round(axis.y(value), 6) <= 80 for value in values)
    assert axis.ticks(40)[0] == axis.low <= 40 and axis.ticks(40)[-1] == axis.high >= 160


def test_a_quantity_keeps_its_order_inside_persian():
    text = f"سرعت به {LRI}۱٫۰\u00a0mL/kg/h{PDI} تغییر کرد"
    last, *quantity_pieces, first = visual_runs(text, right_to_left=True)
    assert (last, first) == ((" تغییر کرد", True), ("سرعت به ", True))
    assert "".join(piece for piece, _ in quantity_pieces) == "۱٫۰\u00a0mL/kg/h"
    assert not any(leftwards for _, leftwards in quantity_pieces)


def test_a_latin_name_with_a_persian_word_keeps_its_order_inside_persian():
    runs = visual_runs("توسط \u2068Nurse مغز\u2069.", right_to_left=True)
    assert runs == [(".", True), ("Nurse ", False), ("مغز", True), ("توسط ", True)]


def test_two_quantities_side_by_side_stand_from_right_to_left():
    text = f"{LRI}۲۵\u00a0g{PDI}{LRI}۲۵۰\u00a0mL{PDI}"
    with translation.override("fa"):
        assert text == left_to_right("۲۵\u00a0g") + left_to_right("۲۵۰\u00a0mL")
    assert [piece for piece, _ in visual_runs(text, right_to_left=True)] == ["۲۵۰\u00a0mL", "۲۵\u00a0g"]


def test_a_text_of_one_direction_stays_whole():
    assert visual_runs("Rate changed to 60 mL/h.", right_to_left=False) == [
        ("Rate changed to 60 mL/h.", False)
    ]
    assert visual_runs("", right_to_left=True) == []


def test_a_break_inside_foreign_words_closes_them_and_opens_them_again():
    assert balanced(["نام \u2068Ola", "Nordmann\u2069 ثبت"]) == [
        "نام \u2068Ola\u2069",
        "\u2068Nordmann\u2069 ثبت",
    ]


def test_what_cannot_be_drawn_shows_that_something_stood_there():
    assert printable("fine 😀 now\tthen") == "fine \ufffd now then"
    assert printable("Ærlig می‌شود Иванов") == "Ærlig می‌شود Иванов"
