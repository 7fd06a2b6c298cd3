"""A sentence speaks the reader's language; what is printed on a vial stays as printed."""

import json
from datetime import date, time
from decimal import Decimal

import pytest
from django.utils.translation import override

from apps.alerts.handlers import MESSAGE_TIMER_FAILED
from apps.edge.messages import fill, params_from_json, params_to_json, translated
from apps.infusions.domain import FINAL_STATES, SessionCommand, decide_transition
from apps.infusions.domain.ceilings import risk_maximum
from apps.kernel.errors import ConflictError, DomainError
from apps.kernel.text import Phrase
from ivig_monitor.wiring import TIMER_HANDLERS, TIMER_WORDS

LOT = "Lot %(lot)s expired on %(date)s. Take another vial and tell the pharmacy."


@pytest.mark.parametrize("lot", ["12345", "12.5", "-7", "10:30", "LE12A345", "۱۲۳۴۵"])
@pytest.mark.parametrize("language", ["en", "nb", "fa"])
def test_a_lot_number_stays_as_it_is_printed(language, lot):
    with override(language):
        assert lot in fill(LOT, {"lot": lot, "date": "x"})


def test_in_persian_a_name_or_code_stands_apart_from_the_sentence():
    with override("fa"):
        assert "\u2068007\u2069" in fill("%(code)s", {"code": "007"})
        assert fill("%(reason)s", {"reason": ""}) == ""
    with override("nb"):
        assert fill("%(code)s", {"code": "007"}) == "007"


def test_an_expired_lot_in_persian_reads_from_right_to_left():
    with override("fa"):
        sentence = fill(LOT, {"lot": "00417", "date": date(2027, 12, 31)})
    assert "00417\u2069\u2069 در ۳۱ دسامبر ۲۰۲۷ منقضی" in sentence


@pytest.mark.parametrize(
    ("value", "english", "norwegian", "persian"),
    [
        (Decimal("36.80"), "36.8", "36,8", "۳۶٫۸"),
        (Decimal("1E+2"), "100", "100", "۱۰۰"),
        (15, "15", "15", "۱۵"),
        (date(2027, 12, 31), "31 Dec 2027", "31.12.2027", "۳۱ دسامبر ۲۰۲۷"),
        (time(9, 5), "09:05", "09:05", "۰۹:۰۵"),
    ],
)
def test_numbers_and_times_are_written_as_the_reader_writes_them(value, english, norwegian, persian):
    for language, expected in (("en", english), ("nb", norwegian), ("fa", persian)):
        with override(language):
            assert fill("%(value)s", {"value": value}) == expected


def test_the_reason_for_a_limit_in_persian():
    ceiling = risk_maximum(code="renal_risk", rate_ml_per_kg_h=Decimal("0.6"), source="")
    with override("fa"):
        assert "\u2066۰٫۶ mL/kg/h\u2069" in fill(ceiling.message, ceiling.params)


def test_a_guideline_wording_is_the_readers():
    with override("nb"):
        assert fill("%(term)s", {"term": {"en": "Urticaria", "nb": "Urtikaria", "fa": "کهیر"}}) == "Urtikaria"


@pytest.mark.parametrize("language", ["nb", "fa"])
def test_the_state_of_an_infusion_is_said_in_the_readers_words(language):
    for state in FINAL_STATES:
        with pytest.raises(ConflictError) as refusal:
            decide_transition(state, SessionCommand.PAUSE)
        with override(language):
            assert state.value not in translated(refusal.value)


@pytest.mark.parametrize("language", ["nb", "fa"])
def test_every_reminder_that_can_fail_has_a_name_in_the_readers_words(language):
    assert set(TIMER_WORDS) == set(TIMER_HANDLERS)
    for words in TIMER_WORDS.values():
        with override(language):
            sentence = fill(MESSAGE_TIMER_FAILED, params_from_json(params_to_json({"kind": Phrase(words)})))
            assert words not in sentence


def test_a_refusal_in_the_log_is_plain_english():
    refusal = DomainError("odd", "%(rate)s of %(lot)s", rate=Decimal("1E+2"), lot="007")
    assert str(refusal) == "100 of 007"
    with override("fa"):
        assert translated(refusal) == "۱۰۰ of \u2068007\u2069"


def test_as_json_a_number_still_differs_from_a_code_of_digits():
    params = {
        "value": Decimal("36.80"),
        "minutes": 15,
        "lot": "36.80",
        "term": {"en": "a", "nb": "b", "fa": "c"},
    }
    travelled = params_from_json(json.loads(json.dumps(params_to_json(params))))
    assert travelled == params
    with override("fa"):
        assert fill("%(value)s %(minutes)s %(lot)s %(term)s", travelled) == "۳۶٫۸ ۱۵ \u206836.80\u2069 c"


def test_what_cannot_travel_is_refused_at_once():
    with pytest.raises(TypeError):
        params_to_json({"at": time(9, 5)})
