"""The data reviews go by: as printed, complete, and refused when it could not be used."""

import copy

import pytest

from apps.guidelines.domain import parse_guidelines
from apps.kernel.errors import DomainError


def spoilt(documents, name, change):
    changed = dict(documents) | {name: copy.deepcopy(documents[name])}
    change(changed[name])
    with pytest.raises(DomainError) as refused:
        parse_guidelines(changed)
    assert refused.value.code == "guideline_invalid"
    return str(refused.value)


def test_the_six_criteria_of_seriousness_are_there_with_their_letters(guidelines):
    found = {one.letter: (one.code, one.asked_by_grade) for one in guidelines.seriousness_criteria}
    assert found == {
        "a": ("death", 5), "b": ("life_threatening", 4), "c": ("hospitalisation", None),
        "d": ("disability", None), "e": ("congenital_anomaly", None), "f": ("medically_important", None),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("term", "grades"),
    [
        ("infusion_related_reaction", [1, 2, 3, 4, 5]),
        ("anaphylaxis", [3, 4, 5]),
        ("headache", [1, 2, 3]),
        ("hemolysis", [1, 2, 3, 4, 5]),
        ("acute_kidney_injury", [3, 4, 5]),
        ("creatinine_increased", [1, 2, 3, 4]),
        ("meningitis", [3, 4, 5]),
        ("superficial_thrombophlebitis", [2]),
    ],
)
def test_a_term_has_the_grades_that_are_printed(guidelines, term, grades):
    assert [number for number, _ in guidelines.severity_term(term).grades] == grades


def test_grades_are_quoted(guidelines):
    reaction = guidelines.severity_term("infusion_related_reaction")
    assert reaction.grade(1) == (
        "Mild transient reaction; infusion interruption not indicated; intervention not indicated"
    )
    assert (
        guidelines.severity_term("hemolysis").grade(2)
        == "Evidence of hemolysis and >=2 g decrease in hemoglobin"
    )
    assert guidelines.severity_scale("ctcae").version == "5.0"


def test_the_notes_and_the_caution_of_meningitis_are_kept(guidelines):
    assert "Do not report both" in guidelines.severity_term("allergic_reaction").note
    caution = guidelines.severity_term("meningitis").caution
    assert "infection" in caution.en and "infeksjon" in caution.nb and caution.fa


def test_no_licensed_code_came_along(documents):
    words = str(documents["ctcae_v5"])
    assert not any(part.isdigit() and len(part) == 8 for part in words.replace("'", " ").split())


def test_what_the_ward_records_finds_its_term(guidelines):
    wanted = {code for term in guidelines.severity_terms for code in term.for_terms}
    unfound = {term.code for term in guidelines.reaction_terms} - wanted
    assert unfound == {"restlessness", "abdominal_cramps", "syncope", "collapse"}


def test_who_umc_has_six_categories_whose_words_fit_the_file(guidelines):
    codes = [category.code for category in guidelines.causality_categories]
    assert codes == ["certain", "probable", "possible", "unlikely", "conditional", "unassessable"]
    assert all(len(category.e2b_word) <= 60 for category in guidelines.causality_categories)
    assert [len(category.criteria) for category in guidelines.causality_categories] == [5, 3, 2, 2, 1, 2]


@pytest.mark.parametrize(
    ("name", "change", "says"),
    [
        ("naranjo_1981", lambda d: d["causality_scales"][0]["questions"][0].update({"yes": 3}), "from -2 to 2"),
        ("naranjo_1981", lambda d: d["causality_scales"][0]["bands"].reverse(), "must end"),
        ("naranjo_1981", lambda d: d["causality_scales"][0]["bands"][0].update(at_least=2), "must fall"),
        ("ctcae_v5", lambda d: d["severity_terms"][0]["grades"].reverse(), "must rise"),
        ("ctcae_v5", lambda d: d["severity_terms"][0].update(scale="other"), "not known"),
        ("label_expectedness", lambda d: d["reaction_labels"][0]["not_listed"].append("fever"), "each term once"),
        ("label_expectedness", lambda d: d["reaction_labels"][0].update(product_codes=["none"]), "not known"),
        ("label_expectedness", lambda d: d["reaction_labels"][-1].update(not_listed=["rash"]), "incomplete"),
        ("suspected_conditions", lambda d: d["suspected_conditions"][0]["needs"].append("none"), "its own criteria"),
        ("suspected_conditions", lambda d: d["suspected_conditions"][3].update(at_least=9), "no more than"),
        ("review_clocks", lambda d: d["review_clocks"].pop(), "every other event"),
        ("who_umc", lambda d: d["causality_categories"][0].update(e2b_word="x" * 61), "60 characters"),
    ],
)  # fmt: skip
def test_what_could_mislead_is_refused(documents, name, change, says):
    assert says in spoilt(documents, name, change)
