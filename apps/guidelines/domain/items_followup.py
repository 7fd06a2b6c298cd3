"""Reading the follow-up protocol: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Iterable
from decimal import Decimal

from apps.guidelines.domain.followup import (
    ANCHORS,
    ASKED_KINDS,
    KINDS,
    CallingHours,
    FactCondition,
    FollowUpFact,
    FollowUpItem,
    FollowUpRule,
    LearnedLate,
    RiskWindow,
)
from apps.guidelines.domain.reading import Node, refuse

_HOURS_OF_A_DAY = 24


def follow_up_rule(node: Node) -> FollowUpRule:
    """A follow-up rule: opens, then due, then closes. Documents from before anchors count from the last dose."""
    kind = node.one_of("kind", *KINDS)
    opens, due = node.integer("opens_after_h"), node.integer("due_after_h")
    closes = node.optional_integer("closes_after_h")
    if opens > due or (closes is not None and due > closes - (kind in ASKED_KINDS)):
        raise refuse(node.where, "must open before it is due and be due before it closes")
    if closes is None and kind in ASKED_KINDS:
        raise refuse(node.where, "what somebody is asked for must close")
    return FollowUpRule(
        code=node.text("code"),
        effect=node.text("effect"),
        kind=kind,
        name=node.local_text("name"),
        opens_after_h=opens,
        due_after_h=due,
        closes_after_h=closes,
        items=tuple(FollowUpItem(c.text("code"), c.local_text("text")) for c in node.children("items")),
        citation=node.citation(),
        anchor=node.one_of("anchor", *ANCHORS) if "anchor" in node.data else "last_dose",
        for_facts=_codes(node, "for_facts"),
        question_codes=_codes(node, "question_codes"),
        analyte_codes=_codes(node, "analyte_codes"),
        interval_codes=_codes(node, "interval_codes"),
        urgent=node.boolean("urgent") if "urgent" in node.data else False,
    )


def follow_up_fact(node: Node) -> FollowUpFact:
    """A fact that calls for checks."""
    return FollowUpFact(
        code=node.text("code"),
        name=node.local_text("name"),
        any_of=tuple(
            FactCondition(
                facts=_codes(child, "facts"),
                dose_mg_per_kg_min=_optional_dose(child, "dose_mg_per_kg_min"),
                short_of_mg_per_kg=_optional_dose(child, "short_of_mg_per_kg"),
                given_mg_per_kg_min=_optional_dose(child, "given_mg_per_kg_min"),
            )
            for child in node.children("any_of")
        ),
        citation=node.citation(),
    )


def learned_late(node: Node) -> LearnedLate:
    """What becomes of a check that was called for after its window."""
    found = LearnedLate(
        code=node.one_of("code", "learned_late"),
        within_h=node.integer("within_h"),
        name=node.local_text("name"),
        missed=node.local_text("missed"),
        citation=node.citation(),
    )
    if found.within_h < 1:
        raise refuse(f"{node.where}.within_h", "must be an hour at least")
    return found


def risk_window(node: Node) -> RiskWindow:
    """When an effect may begin."""
    window = RiskWindow(
        code=node.text("code"),
        effect=node.text("effect"),
        name=node.local_text("name"),
        anchor=node.one_of("anchor", *ANCHORS),
        from_h=node.integer("from_h"),
        to_h=node.integer("to_h"),
        citation=node.citation(),
    )
    if window.from_h >= window.to_h:
        raise refuse(node.where, "must begin before it ends")
    return window


def calling_hours(node: Node) -> CallingHours:
    """The hours of the day at which a kind of check may fall due."""
    hours = CallingHours(
        code=node.text("code"),
        kind=node.one_of("kind", *ASKED_KINDS),
        from_hour=node.integer("from_hour"),
        until_hour=node.integer("until_hour"),
        spread_minutes=node.integer("spread_minutes"),
        citation=node.citation(),
    )
    if not hours.from_hour < hours.until_hour <= _HOURS_OF_A_DAY:
        raise refuse(node.where, "must begin before it ends, on one day")
    return hours


def check_protocol(
    rules: Iterable[FollowUpRule], facts: Iterable[FollowUpFact], *, known: set[str], intervals: set[str]
) -> None:
    """A misspelt fact would silently leave a patient without a check; every fact has a name and one level.

    `known` are the facts that have a name elsewhere.
    """
    facts = tuple(facts)
    plain = known | {fact.code for fact in facts if not fact.any_of}
    for fact in facts:
        for condition in fact.any_of:
            _refuse_upside_down(f"follow_up_facts.{fact.code}.any_of", condition)
            _refuse_unknown(f"follow_up_facts.{fact.code}.any_of", condition.facts, plain)
    known = known | {fact.code for fact in facts}
    for rule in rules:
        _refuse_unknown(f"follow_up_rules.{rule.code}.for_facts", rule.for_facts, known)
        _refuse_unknown(f"follow_up_rules.{rule.code}.interval_codes", rule.interval_codes, intervals)


def _refuse_upside_down(where: str, condition: FactCondition) -> None:
    given, short_of = condition.given_mg_per_kg_min, condition.short_of_mg_per_kg
    if (given is None) is not (short_of is None) or (given and short_of and given >= short_of):
        raise refuse(where, "must name what went in and the higher dose it falls short of, or neither")


def _optional_dose(node: Node, key: str) -> Decimal | None:
    return node.positive(key) if key in node.data else None


def _refuse_unknown(where: str, codes: Iterable[str], known: set[str]) -> None:
    for code in codes:
        if code not in known:
            raise refuse(where, f"{code} is not known")


def _codes(node: Node, key: str) -> tuple[str, ...]:
    return node.texts(key) if key in node.data else ()
