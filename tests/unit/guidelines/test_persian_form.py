"""The Persian form, row by row: entered twice by two people who did not see each other's numbers."""

import json
from decimal import Decimal
from pathlib import Path

import pytest

from apps.guidelines.presentation import indication_record

SECOND_ENTRY = json.loads(
    (Path(__file__).parent / "persian_form_second_entry.json").read_text(encoding="utf-8")
)
NUMBERS = (
    "phase",
    "amount_mg_per_kg_min",
    "amount_mg_per_kg_max",
    "probable_amount_mg_per_kg_min",
    "probable_amount_mg_per_kg_max",
    "basis",
    "probable_basis",
    "days_min",
    "days_max",
    "interval_days_min",
    "interval_days_max",
    "infusion_hours_min",
    "infusion_hours_max",
    "repeats_max",
    "max_cumulative_mg_per_kg",
    "queried",
)


@pytest.fixture(scope="session")
def rows(guidelines):
    return [item for item in guidelines.indications if item.document == "iran_form_fa"]


def test_the_form_has_fifty_five_rows_in_document_order(rows):
    assert [row.row for row in rows] == list(range(1, 56))


@pytest.mark.parametrize("entry", SECOND_ENTRY, ids=lambda entry: f"row {entry['row']}")
def test_both_entries_agree(rows, entry):
    record = indication_record(rows[entry["row"] - 1])
    assert record["evidence"] == entry["evidence"]
    assert [{name: regimen[name] for name in NUMBERS} for regimen in record["regimens"]] == [
        {name: regimen[name] for name in NUMBERS} for regimen in entry["regimens"]
    ]


def test_every_row_carries_the_source_s_words_and_three_names(rows):
    for row in rows:
        assert row.quotes and all(quote.strip() == quote for quote in row.quotes), row.row
        assert row.name_en and row.name_nb, row.row
        assert row.name_fa or row.name_fa_inferred, row.row


def test_every_queried_dose_says_why(rows):
    for row in rows:
        for regimen in row.regimens:
            if regimen.queried:
                assert row.anomalies_of(regimen.code), (row.row, regimen.code)


def test_nothing_that_comes_to_more_than_2_g_per_kg_is_usable_unasked(rows):
    for row in rows:
        for regimen in row.regimens:
            most = regimen.amount_mg_per_kg_max or Decimal(0)
            if regimen.basis == "per_day":
                most *= regimen.days_max or 1
            assert regimen.queried or most <= 2000, (row.row, regimen.code)


@pytest.mark.parametrize(
    ("row", "printed", "probable"),
    [(37, (4500, 4500), (400, 500)), (39, (2000, 2000), None), (6, (500, 2400), None), (9, (400, 400), None)],
)
def test_misprints_stand_beside_what_was_probably_meant(rows, row, printed, probable):
    found = [
        regimen
        for regimen in rows[row - 1].regimens
        if (regimen.amount_mg_per_kg_min, regimen.amount_mg_per_kg_max) == printed
    ]
    assert found and all(regimen.queried for regimen in found)
    if probable:
        meant = (found[0].probable_amount_mg_per_kg_min, found[0].probable_amount_mg_per_kg_max)
        assert meant == probable


def test_two_grams_a_day_for_five_days_probably_means_in_all(rows):
    (regimen,) = rows[38].regimens
    assert (regimen.basis, regimen.probable_basis, regimen.days_max) == ("per_day", "total_course", 5)


def test_hormonal_is_printed_and_humoral_is_meant(rows):
    for row in (22, 32):
        assert "wrong_word" in {anomaly.kind for anomaly in rows[row - 1].anomalies}
        assert "هورمونی" in (rows[row - 1].name_fa or "")


def test_the_disease_of_row_ten_was_lost(rows):
    assert rows[9].name_fa is None and rows[9].name_fa_inferred
    assert all(regimen.queried for regimen in rows[9].regimens)


def test_rows_about_one_disease_share_its_code(rows):
    for one, other in [(4, 26), (8, 31), (11, 22), (16, 51), (17, 40), (2, 33), (39, 49)]:
        assert rows[one - 1].disease == rows[other - 1].disease, (one, other)


def test_the_guideline_is_expired(guidelines):
    letter = guidelines.document("iran_form_fa").letter
    assert letter.valid_until.isoformat() == "2022-09-06"
