"""What the sheet tells: the shipped questions, sorted by how soon and until when; and the code with the link."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest

from apps.discharge.sheet.build import early_emergencies, emergencies, watch_for
from apps.discharge.sheet.qr import link_fields

NOW = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    "symptom",
    [
        "chest_pain", "fainted", "face_swelling", "wheeze", "one_sided_weakness", "face_drooping",
        "trouble_speaking", "blue_lips", "no_urine_12h", "confused", "seizure",
    ],
)  # fmt: skip
def test_one_yes_is_an_emergency_at_any_time(guidelines, symptom):
    assert symptom in emergencies(guidelines.screening_questions)


@pytest.mark.parametrize("symptom", ["bad_headache", "stiff_neck", "limb_swollen", "dark_urine", "new_cough"])
def test_what_is_not_an_emergency_by_itself_is_not_called_one(guidelines, symptom):
    assert symptom not in emergencies(guidelines.screening_questions)


@pytest.mark.parametrize(("hours", "is_early"), [("0", True), ("23.9", True), ("24", False), ("400", False)])
def test_trouble_with_breathing_is_an_emergency_for_24_hours(guidelines, hours, is_early):
    found = early_emergencies(guidelines.screening_questions, hours=Decimal(hours))
    lungs = {"hard_to_breathe", "blue_lips", "new_cough", "cannot_lie_flat"}
    assert found == (dict.fromkeys(lungs, 24) if is_early else {})


def test_a_question_is_watched_until_the_last_of_its_effects_ends_and_not_at_all_when_all_have(guidelines):
    ends = {"aseptic_meningitis": NOW + timedelta(days=7), "low_white_cells": NOW + timedelta(days=14)}
    head = watch_for(guidelines.screening_questions, ends)[0]
    assert (head.title.en, head.until) == ("Head and neck", NOW + timedelta(days=14))
    assert watch_for(guidelines.screening_questions, {}) == ()


def test_a_symptom_is_told_once_and_circumstances_are_not_told(guidelines):
    every = {effect: NOW for q in guidelines.screening_questions for s in q.symptoms for effect in s.effects}
    told = [text for watch in watch_for(guidelines.screening_questions, every) for text in watch.questions]
    circumstances = {
        symptom.text
        for question in guidelines.screening_questions
        for symptom in question.symptoms
        if symptom.kind == "circumstance"
    }
    assert len(told) == len(set(told)) and not circumstances & set(told)


FINDER = ["1111111", "1000001", "1011101", "1011101", "1011101", "1000001", "1111111"]


def test_the_code_is_a_square_with_its_three_finders_and_another_link_is_another_code():
    fields = link_fields("https://ward.example/r/" + "x" * 43 + "/")
    rows = ["".join("01"[field] for field in row) for row in fields]
    assert {len(row) for row in rows} == {len(rows)}
    assert [row[:7] for row in rows[:7]] == [row[-7:] for row in rows[:7]] == FINDER
    assert [row[:7] for row in rows[-7:]] == FINDER
    assert link_fields("https://ward.example/r/" + "y" * 43 + "/") != fields
