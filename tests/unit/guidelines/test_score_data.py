"""Scores and reference ranges are refused when a value could score twice, or not at all."""

import copy

import pytest

from apps.guidelines.domain import parse_guidelines
from apps.kernel.errors import DomainError

NEWS2 = ("news2", "score_tables", 0)
PEWS = ("bedside_pews", "score_tables", 0)
RANGES = ("reference_ranges", "reference_ranges")
RESPIRATION, SATURATION, CONSCIOUSNESS = (*NEWS2, "rows", 0), (*NEWS2, "rows", 1), (*NEWS2, "rows", 7)


def change(documents, path, value):
    """A copy of the documents with one value replaced."""
    changed = copy.deepcopy(dict(documents))
    target = changed
    for key in path[:-1]:
        target = target[key]
    target[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        ((*RESPIRATION, "bands", 1, "from"), 10, "rows[0].bands: must follow"),
        ((*RESPIRATION, "bands", 1, "from"), 8, "rows[0].bands: must follow"),
        ((*RESPIRATION, "bands", 1, "to"), "11.5", "rows[0].bands: must follow"),
        ((*RESPIRATION, "bands", 0, "from"), 0, "open at both ends"),
        ((*RESPIRATION, "bands", 4, "to"), 100, "open at both ends"),
        ((*RESPIRATION, "bands", 2, "to"), None, "rows[0].bands: must follow"),
        ((*RESPIRATION, "bands", 0, "points"), 4, "points that this score does not have"),
        ((*RESPIRATION, "step"), "0", "rows[0].step: must be above zero"),
        ((*RESPIRATION, "step"), "0.1", "rows[0].bands: must follow"),
        ((*RESPIRATION, "bands"), [], "either for bands or for choices"),
        ((*RESPIRATION, "sign"), "mood", "rows.mood: is not a sign"),
        ((*RESPIRATION, "spo2_scale"), 1, "must have one row for every age, scale and oxygen"),
        ((*SATURATION, "spo2_scale"), 2, "must have one row for every age, scale and oxygen"),
        ((*NEWS2, "rows", 2, "on_oxygen"), True, "must have one row for every age, scale and oxygen"),
        ((*RESPIRATION, "age_band"), "elders", "elders is no age band"),
        ((*CONSCIOUSNESS, "choices", 1, "code"), "puzzled", "rows.consciousness: is not a sign"),
        ((*NEWS2, "maximum"), 21, "maximum: the highest points of the signs add up to 20"),
        ((*NEWS2, "code"), "mews", "score_tables[0].code"),
        ((*NEWS2, "thresholds", 1, "level"), "none", "thresholds: must rise"),
        ((*NEWS2, "thresholds", 1, "total_from"), 6, "thresholds: must rise"),
        ((*NEWS2, "thresholds", 0, "total_from"), 1, "thresholds: must rise"),
        ((*NEWS2, "thresholds", 2, "total_from"), 3, "either at a total or at the points"),
        ((*PEWS, "rows", 0, "bands", 0, "points"), 3, "points that this score does not have"),
        ((*PEWS, "rows", 0, "age_band"), "months_3_to_11", "must have one row for every age"),
        ((*PEWS, "age_bands", 1, "from_months"), 2, "age_bands: must follow each other from birth on"),
        ((*PEWS, "age_bands", 1, "until_months"), 13, "age_bands: must follow each other from birth on"),
        ((*PEWS, "age_bands", 0, "from_months"), 1, "age_bands: must follow each other from birth on"),
        ((*PEWS, "age_bands", 4, "until_months"), 192, "the last without end"),
        ((*RANGES, 0, "weight_until_kg"), "0.9", "weights must follow"),
        ((*RANGES, 0, "weight_until_kg"), None, "weights must follow"),
        ((*RANGES, 1, "weight_until_kg"), "4", "weights must follow"),
        ((*RANGES, 2, "from"), {"days": 5}, "ages must follow"),
        ((*RANGES, 4, "until"), {"months": 6}, "ages must follow"),
        ((*RANGES, 8, "until"), {"months": 100}, "ages must follow"),
        ((*RANGES, 2, "until"), {"days": 29}, "is more than 28 days"),
        ((*RANGES, 2, "until"), {"days": 28, "months": 1}, "either in days or in months"),
        ((*RANGES, 3, "systolic_mmhg"), {"low": 104, "high": 72}, "must be below the high end"),
    ],
)
def test_a_table_that_could_score_by_chance_is_refused_with_its_place(documents, path, value, place):
    with pytest.raises(DomainError) as refusal:
        parse_guidelines(change(documents, path, value))
    assert refusal.value.code == "guideline_invalid"
    assert place in str(refusal.value)


def test_a_score_without_one_of_its_signs_no_longer_adds_up(documents):
    changed = copy.deepcopy(dict(documents))
    del changed["news2"]["score_tables"][0]["rows"][0]
    with pytest.raises(DomainError, match="add up to 17"):
        parse_guidelines(changed)


def test_releases_from_before_there_were_scores_have_none(documents):
    older = {
        name: content for name, content in documents.items() if name not in {NEWS2[0], PEWS[0], RANGES[0]}
    }
    guidelines = parse_guidelines(older)
    assert guidelines.score_tables == guidelines.reference_ranges == ()
    assert guidelines.score_thresholds("news2") == ()
