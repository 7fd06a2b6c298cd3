"""Reading what the bedside runs on: node in, value out, `guideline_invalid` when unfit."""

from apps.guidelines.domain.bedside import (
    AssessedSign,
    GradeAction,
    ObservationSchedule,
    ReactionTerm,
    ScoreInterval,
    SignChoice,
    VitalSign,
)
from apps.guidelines.domain.items_rules import ORGAN_GROUPS, SEVERITIES
from apps.guidelines.domain.reading import Node, refuse

AGE_GROUPS = ("adult", "child")
SCORE_LEVELS = ("low", "single", "urgent", "emergency")
ACTIONS = ("slow", "stop", "stop_emergency")


def vital_sign(node: Node) -> VitalSign:
    """A vital sign with its plausible range."""
    return VitalSign(
        code=node.text("code"),
        name=node.local_text("name"),
        unit=node.text("unit"),
        minimum=node.decimal("minimum"),
        maximum=node.positive("maximum"),
        decimal_places=node.integer("decimal_places"),
        needed_for=_needed_for(node),
    )


def assessed_sign(node: Node) -> AssessedSign:
    """A sign told in words."""
    return AssessedSign(
        code=node.text("code"),
        name=node.local_text("name"),
        needed_for=_needed_for(node),
        choices=tuple(SignChoice(c.text("code"), c.local_text("name")) for c in node.children("choices")),
    )


def _needed_for(node: Node) -> tuple[str, ...]:
    """Documents from before this was said were for adults, and every sign was needed."""
    return node.words("needed_for", *AGE_GROUPS) if "needed_for" in node.data else ("adult",)


def observation_schedule(node: Node) -> ObservationSchedule:
    """When vital signs are due; every interval is at least a minute."""
    schedule = ObservationSchedule(
        code=node.text("code"),
        baseline_max_age_minutes=node.integer("baseline_max_age_minutes"),
        before_change_max_age_minutes=node.integer("before_change_max_age_minutes"),
        first_phase_minutes=node.integer("first_phase_minutes"),
        first_phase_every_minutes=node.integer("first_phase_every_minutes"),
        afterwards_every_minutes=node.integer("afterwards_every_minutes"),
        overdue_after_minutes=node.integer("overdue_after_minutes"),
        after_end_minutes=node.integers("after_end_minutes"),
        by_score=tuple(
            ScoreInterval(child.one_of("level", *SCORE_LEVELS), child.integer("every_minutes"))
            for child in node.children("by_score")
        ),
        citation=node.citation(),
    )
    intervals = (schedule.first_phase_every_minutes, schedule.afterwards_every_minutes)
    if not all((*intervals, *(item.every_minutes for item in schedule.by_score))):
        raise refuse(node.where, "every interval must be at least a minute")
    if list(schedule.after_end_minutes) != sorted(set(schedule.after_end_minutes)):
        raise refuse(f"{node.where}.after_end_minutes", "must rise")
    return schedule


def grade_action(node: Node) -> GradeAction:
    """What a grade of reaction calls for."""
    return GradeAction(
        severity=node.one_of("severity", *SEVERITIES),
        action=node.one_of("action", *ACTIONS),
        citation=node.citation(),
        recheck_minutes=node.integer("recheck_minutes") if "recheck_minutes" in node.data else None,
    )


def reaction_term(node: Node) -> ReactionTerm:
    """A reaction term; documents from before organ groups were said name none."""
    return ReactionTerm(
        code=node.text("code"),
        name=node.local_text("name"),
        usual_severity=node.one_of("usual_severity", *SEVERITIES),
        minimum_action=node.one_of("minimum_action", *ACTIONS),
        organ_groups=node.words("organ_groups", *ORGAN_GROUPS) if "organ_groups" in node.data else (),
        citation=node.citation(),
    )
