import copy

import pytest

from apps.guidelines.domain import LocalText, content_hash, parse_guidelines
from apps.kernel.errors import DomainError


def change(documents, path, value):
    """A copy of the documents with one value replaced (deleted when value is ...)."""
    changed = copy.deepcopy(dict(documents))
    target = changed
    for key in path[:-1]:
        target = target[key]
    if value is ...:
        del target[path[-1]]
    else:
        target[path[-1]] = value
    return changed


@pytest.mark.parametrize(
    ("path", "value", "place"),
    [
        (("products", "products", 0, "name"), ..., "products.products[0].name"),
        (("products", "products", 0, "name"), "", "products.products[0].name"),
        (("products", "products", 0, "max_rate_ml_per_kg_h"), 6.0, "products[0].max_rate_ml_per_kg_h"),
        (("products", "products", 0, "max_rate_ml_per_kg_h"), "6e0", "products[0].max_rate_ml_per_kg_h"),
        (("products", "products", 0, "max_rate_ml_per_kg_h"), "0.4", "initial_rate_ml_per_kg_h"),
        (("products", "products", 0, "vial_sizes_ml"), [], "vial_sizes_ml"),
        (("products", "products", 0, "vial_sizes_ml"), [True], "vial_sizes_ml"),
        (("products", "products", 0, "hazards"), ["glass"], "hazards"),
        (("products", "products", 0, "cite", "keys"), ["W999"], "cite.keys"),
        (("products", "products", 1, "code"), "kiovig", "products.kiovig"),
        (("rate_tables", "rate_tables", 0, "product_codes"), ["unknown"], "product_codes"),
        (("rate_tables", "rate_tables", 0, "steps", 1, "rate_ml_per_kg_h"), "0.5", "steps"),
        (("rate_tables", "rate_tables", 0, "steps", 1, "min_duration_minutes"), None, "steps"),
        (("risk_ceilings", "risk_factors", 0, "ceilings"), ["other"], "risk_factors.age_over_65"),
        (("observation_rules", "observation_rules", 0, "sign"), "mood", "systolic_below_90.sign"),
        (("observation_rules", "observation_rules", 0, "test"), "equals", "test"),
        (("observation_rules", "observation_rules", 0, "priority"), "low", "priority"),
        (("followup_protocol", "follow_up_rules", 0, "closes_after_h"), 24, "follow_up_rules[0]"),
        (("nel_ivig_nb", "regimens", 0, "name", "fa"), ..., "name.fa"),
        (("nel_ivig_nb", "regimens", 0, "days_options"), [0], "days_options"),
        (("nel_ivig_nb", "tests_before", 0, "repeat_each_course"), "yes", "repeat_each_course"),
        (("nel_ivig_nb", "title"), 7, "nel_ivig_nb.title"),
        (("sources", "sources", "NEL", "read"), "heard", "sources.NEL.read"),
        (("products", "products"), "none", "products.products"),
    ],
)
def test_a_document_that_cannot_be_used_is_refused_with_its_place(documents, path, value, place):
    with pytest.raises(DomainError) as refusal:
        parse_guidelines(change(documents, path, value))
    assert refusal.value.code == "guideline_invalid"
    assert place in str(refusal.value)


def test_the_version_of_a_document_is_the_hash_of_its_bytes():
    assert content_hash(b"a") == content_hash(b"a") != content_hash(b"b")
    assert len(content_hash(b"")) == 64


def test_unknown_codes_are_refused(guidelines):
    with pytest.raises(DomainError, match="aspirin") as refusal:
        guidelines.product("aspirin")
    assert refusal.value.code == "guideline_unknown_code"


@pytest.mark.parametrize(
    ("language", "wording"),
    [("en", "e"), ("nb", "n"), ("nb-NO", "n"), ("no", "n"), ("fa_IR", "f"), ("de", "e")],
)
def test_a_wording_falls_back_to_english(language, wording):
    assert LocalText(en="e", nb="n", fa="f").in_language(language) == wording
