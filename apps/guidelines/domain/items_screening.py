"""Reading what patients are asked at follow-up: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Iterable

from apps.guidelines.domain.bedside import AgeBounds
from apps.guidelines.domain.followup import FollowUpRule
from apps.guidelines.domain.items_rules import age_bounds
from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.screening import (
    AUDIENCES,
    SYMPTOM_KINDS,
    URGENCIES,
    AttemptPlan,
    FlagPart,
    RedFlagRule,
    ScreeningQuestion,
    Symptom,
)


def screening_question(node: Node) -> ScreeningQuestion:
    """A question with its symptoms and the answers to it that must not wait."""
    return ScreeningQuestion(
        code=node.text("code"),
        title=node.local_text("title"),
        audience=node.one_of("audience", *AUDIENCES) if "audience" in node.data else "everyone",
        required=node.boolean("required") if "required" in node.data else True,
        symptoms=tuple(_symptom(child) for child in node.children("symptoms")),
        red_flags=tuple(_red_flag(child) for child in node.children("red_flags")),
        citation=node.citation(),
    )


def attempt_plan(node: Node) -> AttemptPlan:
    """How often and when somebody is tried again."""
    plan = AttemptPlan(
        code=node.text("code"),
        wait_h=node.integers("wait_h"),
        escalate_after=node.integer("escalate_after"),
        citation=node.citation(),
    )
    if not plan.wait_h or not all(plan.wait_h):
        raise refuse(f"{node.where}.wait_h", "must name hours, each at least one")
    if not plan.escalate_after:
        raise refuse(f"{node.where}.escalate_after", "must be at least one attempt")
    return plan


def check_screening(questions: Iterable[ScreeningQuestion], rules: Iterable[FollowUpRule]) -> None:
    """Refuse a red flag on a symptom nobody asks for, one symptom asked in two wordings, and a rule whose question
    is not there; documents from before there were questions name none."""
    questions = tuple(questions)
    known = {question.code for question in questions}
    for rule in rules:
        for code in rule.question_codes:
            if code not in known:
                raise refuse(f"follow_up_rules.{rule.code}.question_codes", f"{code} is not known")
    asked: dict[str, Symptom] = {}
    for question in questions:
        for symptom in question.symptoms:
            if asked.setdefault(symptom.code, symptom) != symptom:
                raise refuse(
                    f"screening_questions.{question.code}.{symptom.code}", "is asked in two wordings"
                )
    codes: set[str] = set()
    for question in questions:
        for flag in question.red_flags:
            where = f"screening_questions.{question.code}.red_flags.{flag.code}"
            if flag.code in codes:
                raise refuse(where, "stands there twice")
            codes.add(flag.code)
            for code in flag.symptom_codes:
                if code not in asked:
                    raise refuse(where, f"{code} is not known")


def _symptom(node: Node) -> Symptom:
    return Symptom(
        code=node.text("code"),
        text=node.local_text("text"),
        name=node.local_text("name"),
        kind=node.one_of("kind", *SYMPTOM_KINDS) if "kind" in node.data else "symptom",
        effects=node.texts("effects"),
        ages=age_bounds(node.child("ages")) if "ages" in node.data else AgeBounds(),
    )


def _red_flag(node: Node) -> RedFlagRule:
    flag = RedFlagRule(
        code=node.text("code"),
        urgency=node.one_of("urgency", *URGENCIES),
        name=node.local_text("name"),
        effects=node.texts("effects"),
        parts=tuple(_part(child) for child in node.children("all_of")),
        until_h=node.integer("until_h") if "until_h" in node.data else None,
        after_h=node.integer("after_h") if "after_h" in node.data else None,
        advice=node.local_text("advice"),
        tell_patient=node.local_text("tell_patient") if "tell_patient" in node.data else None,
        citation=node.citation(),
    )
    if not flag.parts or not flag.effects:
        raise refuse(node.where, "must name symptoms and what they speak for")
    return flag


def _part(node: Node) -> FlagPart:
    part = FlagPart(node.texts("any_of"), node.integer("at_least") if "at_least" in node.data else 1)
    if not 1 <= part.at_least <= len(set(part.any_of)):
        raise refuse(node.where, "must ask for at least one and at most all of its symptoms")
    return part
