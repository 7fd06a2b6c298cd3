"""The draft tells the record in English, the same words for the same record, and nothing that is not there."""

from dataclasses import replace
from datetime import date, timedelta

import pytest

from apps.cases.domain.content import Answered, CasePatient
from apps.cases.domain.narrative import MAX_LENGTH, age_at, draft_narrative, draft_native, span, when
from apps.icsr.domain.rules_values import reads_as_english
from tests.unit.cases.examples import START, case, infusion, minutes, reaction


def test_an_anaphylaxis_with_two_lots_is_told_whole():
    assert draft_narrative(case()) == (
        "A 45-year-old female patient (weight 60 kg) received immunoglobulin. History: diabetes mellitus; blood group"
        " A. Earlier: Kiovig on 5 January 2026, 24 g, followed by Headache.\n\n"
        "Suspect product: Kiovig (100 mg/mL), intravenously for CIDP. The infusion of day 1 began on 2 March 2026 at"
        " 09:00 (UTC+01:00) and ended on 2 March 2026 at 11:30 (UTC+01:00): 18.1 g (181 mL, 0.3 g/kg) before it was"
        " stopped early. Given by lot: lot LOT-A1204, expiry 2027-12-31: 10 g (100 mL); lot LOT-B77, expiry"
        " 2027-12-31: 8.1 g (81 mL). Rates from: 09:00 30 mL/h (0.5 mL/kg/h), 10:00 60 mL/h (1 mL/kg/h), 11:30"
        " none.\n\n"
        "On 2 March 2026 at 11:30 (UTC+01:00), 2 h 30 min after the start of the infusion, the patient developed severe"
        " anaphylaxis. The rate was 60 mL/h (1 mL/kg/h, step 2). By then 181 mL (18.1 g) of that infusion had been"
        " given. Seen: Urticaria, Hypotension. The product was withdrawn. Done and given: Adrenaline (0.5 mg i.m.) at"
        " 11:32. The patient recovered; it had passed by 2 March 2026 at 12:30 (UTC+01:00). It was life-threatening."
        " By the label it was expected. Causality by reporter (WHO-UMC): Probable. The product was not given again.\n\n"
        "Measured: Pulse rate 130 /min on 2 March 2026 at 11:30 (UTC+01:00) (at the onset); Direct antiglobulin test"
        " Positive on 3 March 2026 at 00:00 (UTC+01:00).\n\n"
        "Asked “When did it pass?”, the ward answered: “At noon.”."
    )


def test_a_delayed_reaction_is_told_by_the_end_of_the_infusion():
    ended = minutes(300)
    content = case(
        drugs=(replace(case().drugs[0], infusions=(infusion(ended_at=ended, state="completed"),)),),
        reactions=(
            reaction(
                english="Aseptic meningitis",
                onset_at=ended + timedelta(hours=30),
                ended_at=None,
                rate_ml_per_h=None,
                given_ml=None,
                outcome="recovering",
                action_taken="not_applicable",
            ),
        ),
    )
    told = draft_narrative(content)
    assert (
        "35 hours after the start and 30 hours after the end of the infusion, the patient developed" in told
    )
    assert "severe aseptic meningitis" in told and "The rate was" not in told
    assert "The infusion had ended before the onset." in told and "The patient was recovering." in told


def test_what_nobody_knows_is_not_told():
    bare = case(
        patient=CasePatient(),
        drugs=(replace(case().drugs[0], indication="", infusions=(infusion(lots=(), rates=()),)),),
        reactions=(
            reaction(seriousness=None, expected=None, outcome="unknown", ended_at=None, symptoms=(),
                     interventions=(), assessments=(), rechallenge="", action_taken="unknown", severity=""),
        ),
        measurements=(),
        answers=(),
    )  # fmt: skip
    told = draft_narrative(bare)
    assert "A patient of unknown sex received immunoglobulin." in told
    assert "The lot is not recorded." in told and "The outcome is not known." in told
    for silent in ("serious", "expected", "Causality", "Seen", "Measured", "Asked", "History"):
        assert silent not in told


def test_a_reaction_of_no_seriousness_says_so():
    assert "It met no criterion of seriousness." in draft_narrative(
        case(reactions=(reaction(seriousness=()),))
    )


def test_only_english_leaves_in_the_narrative_and_the_rest_is_kept_in_the_wards_language():
    persian = Answered("کی تمام شد؟", "ظهر.", START)
    content = case(
        answers=(persian,),
        reactions=(reaction(verbatim="آنافیلاکسی", language="fas", note="بیمار خوب شد.",
                            interventions=()),),
    )  # fmt: skip
    assert reads_as_english(draft_narrative(content))
    assert draft_native(content) == "آنافیلاکسی: بیمار خوب شد.\n\nکی تمام شد؟\n– ظهر."


def test_the_draft_is_the_same_each_time_and_no_longer_than_its_element():
    assert draft_narrative(case()) == draft_narrative(case())
    long = case(answers=tuple(Answered("Why?", "x" * 4000, START) for _ in range(40)))
    assert len(draft_narrative(long)) == MAX_LENGTH


@pytest.mark.parametrize(
    ("minutes", "words"),
    [
        (0, "0 minutes"), (1, "1 minute"), (119, "119 minutes"), (120, "2 hours"), (150, "2 h 30 min"),
        (1439, "23 h 59 min"), (1800, "30 hours"), (4319, "71 hours"), (4320, "3 days"), (20160, "14 days"),
    ],
)  # fmt: skip
def test_spans_are_told_as_people_say_them(minutes, words):
    assert span(minutes) == words


@pytest.mark.parametrize(
    ("born", "on", "age"),
    [
        (date(1980, 5, 17), date(2026, 5, 16), (45, "a")),
        (date(1980, 5, 17), date(2026, 5, 17), (46, "a")),
        (date(2024, 3, 2), date(2026, 3, 2), (2, "a")),
        (date(2024, 3, 3), date(2026, 3, 2), (23, "mo")),
        (date(2026, 2, 2), date(2026, 3, 2), (1, "mo")),
        (date(2026, 2, 3), date(2026, 3, 2), (27, "d")),
        (date(2026, 3, 2), date(2026, 3, 2), (0, "d")),
    ],
)
def test_the_age_of_children_is_told_in_months_and_days(born, on, age):
    assert age_at(born, on) == age


def test_times_carry_their_offset():
    assert when(START) == "2 March 2026 at 09:00 (UTC+01:00)"
