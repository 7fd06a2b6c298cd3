"""Reading what reviews go by: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Iterable

from apps.guidelines.domain.laboratory import URGENCIES
from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.reviewing import (
    DENOMINATORS,
    FREQUENCIES,
    PREFILLS,
    TESTS,
    CausalityBand,
    CausalityCategory,
    CausalityQuestion,
    CausalityScale,
    ConditionCriterion,
    Criterion,
    CriterionTest,
    LabelledReaction,
    ReactionLabel,
    ReviewClock,
    SeriousnessCriterion,
    SeverityScale,
    SeverityTerm,
    SuspectedCondition,
)

_LONGEST_E2B_WORD = 60
_WORST_GRADE = 5
_SEVERITIES = ("mild", "moderate", "severe")


def severity_scale(node: Node) -> SeverityScale:
    """A grading scale with its version."""
    return SeverityScale(node.text("code"), node.text("version"), node.text("name"), node.citation())


def severity_term(node: Node) -> SeverityTerm:
    """A term whose grades rise from 1 to 5, some left out."""
    grades = tuple((child.integer("grade"), child.text("text")) for child in node.children("grades"))
    numbers = [number for number, _ in grades]
    if not numbers or numbers != sorted(set(numbers)) or not 1 <= numbers[0] <= numbers[-1] <= _WORST_GRADE:
        raise refuse(f"{node.where}.grades", "must rise from 1 to 5, each once")
    return SeverityTerm(
        code=node.text("code"),
        scale=node.text("scale"),
        term=node.text("term"),
        organ_class=node.text("organ_class"),
        name=node.local_text("name"),
        for_terms=node.texts("for_terms"),
        grades=grades,
        note=node.text("note") if "note" in node.data else "",
        caution=node.local_text("caution") if "caution" in node.data else None,
        citation=node.citation(),
    )


def causality_scale(node: Node) -> CausalityScale:
    """Questions with their scores, and bands that fall and end with one for all the rest."""
    bands = tuple(
        CausalityBand(child.text("code"), child.optional_integer("at_least"), child.local_text("name"))
        for child in node.children("bands")
    )
    floors = [band.at_least for band in bands]
    numbers = [floor for floor in floors if floor is not None]
    if not floors or floors[-1] is not None or len(numbers) != len(floors) - 1:
        raise refuse(f"{node.where}.bands", "must end with the one band that has no least total")
    if numbers != sorted(set(numbers), reverse=True):
        raise refuse(f"{node.where}.bands", "must fall")
    return CausalityScale(
        code=node.text("code"),
        version=node.text("version"),
        name=node.text("name"),
        bands=bands,
        questions=tuple(
            CausalityQuestion(
                code=child.text("code"),
                text=child.local_text("text"),
                yes=_score(child, "yes"),
                no=_score(child, "no"),
                prefill=child.one_of("prefill", *PREFILLS),
            )
            for child in node.children("questions")
        ),
        citation=node.citation(),
    )


def causality_category(node: Node) -> CausalityCategory:
    """A category with its points."""
    criteria = tuple(
        Criterion(child.text("code"), child.local_text("text")) for child in node.children("criteria")
    )
    word = node.text("e2b_word")
    if not criteria or len(word) > _LONGEST_E2B_WORD:
        raise refuse(node.where, "must have criteria and a word of at most 60 characters")
    return CausalityCategory(
        node.text("code"), node.text("scale"), node.local_text("name"), word, criteria, node.citation()
    )


def seriousness_criterion(node: Node) -> SeriousnessCriterion:
    """One of the six criteria."""
    return SeriousnessCriterion(
        code=node.text("code"),
        letter=node.one_of("letter", *"abcdef"),
        name=node.local_text("name"),
        help=node.local_text("help"),
        asked_by_grade=node.optional_integer("asked_by_grade"),
        citation=node.citation(),
    )


def reaction_label(node: Node) -> ReactionLabel:
    """A label; no term may stand in it twice, nor be listed and not listed."""
    reactions = tuple(
        LabelledReaction(child.texts("terms"), child.text("words"), child.one_of("frequency", *FREQUENCIES))
        for child in node.children("reactions")
    )
    absent = node.texts("not_listed")
    terms = [*(term for one in reactions for term in one.terms), *absent]
    if len(set(terms)) != len(terms):
        raise refuse(node.where, "must name each term once")
    complete = node.boolean("complete")
    if absent and not complete:
        raise refuse(f"{node.where}.not_listed", "nothing is known to be missing from an incomplete label")
    return ReactionLabel(
        code=node.text("code"),
        product_codes=node.texts("product_codes"),
        title=node.text("title"),
        version=node.text("version"),
        denominator=node.one_of("denominator", *DENOMINATORS),
        complete=complete,
        reactions=reactions,
        not_listed=absent,
        citation=node.citation(),
    )


def suspected_condition(node: Node) -> SuspectedCondition:
    """A condition whose rule names its own criteria only."""
    criteria = tuple(
        ConditionCriterion(
            child.text("code"),
            child.local_text("text"),
            tuple(_test(one) for one in child.children("tests")),
        )
        for child in node.children("criteria")
    )
    known = {criterion.code for criterion in criteria}
    sets = node.value("sets")
    if not isinstance(sets, list) or not all(isinstance(one, list) for one in sets):
        raise refuse(f"{node.where}.sets", "must be a list of lists")
    found = SuspectedCondition(
        code=node.text("code"),
        name=node.local_text("name"),
        criteria=criteria,
        needs=node.texts("needs"),
        sets=tuple(tuple(str(code) for code in one) for one in sets),
        at_least=node.integer("at_least") if "at_least" in node.data else 0,
        among=node.texts("among") if "among" in node.data else (),
        of_which=node.texts("of_which") if "of_which" in node.data else (),
        citations=node.citations(),
    )
    named = {*found.needs, *found.among, *found.of_which, *(code for one in found.sets for code in one)}
    if named - known or len(known) != len(criteria) or not all(one.tests for one in criteria):
        raise refuse(node.where, "must name its own criteria, each once and each with a test")
    if found.at_least > len(found.among) or not set(found.of_which) <= set(found.among):
        raise refuse(node.where, "must ask for no more than there is")
    return found


def review_clock(node: Node) -> ReviewClock:
    """How soon an event is to be reviewed."""
    return ReviewClock(
        code=node.text("code"),
        name=node.local_text("name"),
        severities=node.words("severities", *_SEVERITIES),
        terms=node.texts("terms"),
        alert_after_hours=node.positive("alert_after_hours"),
        priority=node.one_of("priority", *URGENCIES),
        citation=node.citation(),
    )


def check_reviewing(
    terms: Iterable[SeverityTerm],
    scales: Iterable[SeverityScale],
    labels: Iterable[ReactionLabel],
    conditions: Iterable[SuspectedCondition],
    clocks: tuple[ReviewClock, ...],
    *,
    products: set[str],
    analytes: set[str],
) -> None:
    """Refuse what refers to nothing, and clocks of which the last does not hold for every event."""
    known = {scale.code for scale in scales}
    _refuse_unknown("severity_terms", {term.scale for term in terms}, known)
    _refuse_unknown("reaction_labels", {code for label in labels for code in label.product_codes}, products)
    read = {
        test.analyte
        for condition in conditions
        for criterion in condition.criteria
        for test in criterion.tests
        if test.analyte
    }
    _refuse_unknown("suspected_conditions", read, analytes)
    if clocks and (clocks[-1].severities or clocks[-1].terms):
        raise refuse("review_clocks", "must end with one for every other event")


def _test(node: Node) -> CriterionTest:
    test = node.one_of("test", *TESTS)
    name = TESTS[test]
    return CriterionTest(
        test=test,
        terms=node.texts("terms") if "symptoms" in test else (),
        analyte=node.text("analyte") if test in ("laboratory_fall", "laboratory_abnormal") else "",
        figure=node.positive(name) if name else None,
    )


def _score(node: Node, key: str) -> int:
    """A score, the only number in the documents that may be negative."""
    value = node.value(key)
    if isinstance(value, bool) or not isinstance(value, int) or not -2 <= value <= 2:
        raise refuse(f"{node.where}.{key}", "must be a whole number from -2 to 2")
    return value


def _refuse_unknown(where: str, codes: set[str], known: set[str]) -> None:
    for code in sorted(codes - known):
        raise refuse(where, f"{code} is not known")
