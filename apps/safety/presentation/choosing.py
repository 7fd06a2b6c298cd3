"""What a review chooses from: terms with their grades, criteria, categories, questions, conditions."""

from collections.abc import Mapping
from typing import Any

from apps.edge.messages import fill
from apps.guidelines.selectors import in_reader_language
from apps.safety import words
from apps.safety.domain import ConditionFound, Judged, Said
from apps.safety.selectors import Proposal


def sentence(said: Said) -> str:
    """A sentence in the reader's language."""
    return fill(said.message, said.params)


def judged(one: Judged) -> dict[str, str]:
    """An answer with its word and why."""
    return {
        "answer": one.answer.value,
        "word": words.said(words.ANSWERS, one.answer.value),
        "why": sentence(one.why),
    }


def severity_terms(proposal: Proposal) -> list[dict[str, Any]]:
    """Every term with its grades in the source's own words; those that fit what was recorded are `likely`."""
    likely = {term.code for term in proposal.likely_terms}
    return [
        {
            "code": term.code,
            "name": in_reader_language(term.name),
            "term": term.term,
            "organ_class": term.organ_class,
            "likely": term.code in likely,
            "note": term.note,
            "caution": in_reader_language(term.caution) if term.caution else "",
            "grades": [{"grade": number, "text": text} for number, text in term.grades],
        }
        for term in proposal.guidelines.severity_terms
    ]


def seriousness(proposal: Proposal) -> list[dict[str, Any]]:
    """The six criteria with what each means, and the grade that asks about it."""
    return [
        {
            "code": criterion.code,
            "letter": criterion.letter,
            "name": in_reader_language(criterion.name),
            "help": in_reader_language(criterion.help),
            "asked_by_grade": criterion.asked_by_grade,
        }
        for criterion in proposal.guidelines.seriousness_criteria
    ]


def categories(proposal: Proposal) -> list[dict[str, Any]]:
    """The categories of WHO-UMC with their points."""
    return [
        {
            "code": category.code,
            "name": in_reader_language(category.name),
            "criteria": [
                {"code": criterion.code, "text": in_reader_language(criterion.text)}
                for criterion in category.criteria
            ],
        }
        for category in proposal.guidelines.causality_categories
    ]


def questions(proposal: Proposal) -> list[dict[str, Any]]:
    """The ten questions of Naranjo, what each answer scores, and what the record proposes."""
    scale = proposal.guidelines.causality_scale("naranjo")
    return [
        {
            "code": question.code,
            "number": number,
            "text": in_reader_language(question.text),
            "yes": question.yes,
            "no": question.no,
            "proposed": judged(proposal.naranjo[question.code]),
        }
        for number, question in enumerate(scale.questions, start=1)
    ]


def conditions(proposal: Proposal, found: tuple[ConditionFound, ...]) -> list[dict[str, Any]]:
    """What the event may be, criterion by criterion, with why."""
    known = {condition.code: condition for condition in proposal.guidelines.suspected_conditions}
    return [
        {
            "code": one.code,
            "name": in_reader_language(known[one.code].name),
            "met": one.met.value,
            "met_word": words.said(words.MET, one.met.value),
            "sources": "; ".join(citation.label for citation in known[one.code].citations),
            "criteria": [
                {
                    "code": criterion.code,
                    "text": in_reader_language(texts[criterion.code]),
                    "answer": criterion.answer.value,
                    "word": words.said(words.CRITERION, criterion.answer.value),
                    "why": " ".join(sentence(said) for said in criterion.why),
                    "by_hand": criterion.by_hand,
                }
                for criterion in one.criteria
            ],
        }
        for one in found
        for texts in [_texts(known[one.code])]
    ]


def _texts(condition: Any) -> Mapping[str, Any]:
    return {criterion.code: criterion.text for criterion in condition.criteria}
