"""Questions, answers and red flags in the reader's language."""

from datetime import datetime
from typing import Any

from apps.followups.asked_results import AskedTest, asked_tests
from apps.followups.models import FollowUpAttempt, FollowUpCheck
from apps.followups.script import hours_since_last_dose, script_of
from apps.followups.services import propose_next_attempt
from apps.guidelines.domain import Guidelines, RedFlagRule, symptoms_by_code
from apps.guidelines.selectors import current_guidelines, guidelines_version, in_reader_language


def script_for_reader(check: FollowUpCheck, *, now: datetime) -> dict[str, Any]:
    """What is asked at a check and the red flags that could be raised at this time.

    A symptom that two questions share stands with the first of them; a question without one left is not asked.
    """
    script = script_of(check, now=now)
    started = _started(check)
    hours = hours_since_last_dose(check, now=now)
    asked: set[str] = set()
    questions = []
    for question in script.asked:
        symptoms = [symptom for symptom in question.symptoms if symptom.code not in asked]
        asked |= {symptom.code for symptom in symptoms}
        if symptoms:
            questions.append(
                {
                    "code": question.code,
                    "title": in_reader_language(question.title),
                    "required": question.required,
                    "source": question.citation.label,
                    "symptoms": [
                        {
                            "code": symptom.code,
                            "text": in_reader_language(symptom.text),
                            "name": in_reader_language(symptom.name),
                            "answer": started.answers.get(symptom.code) if started else None,
                        }
                        for symptom in symptoms
                    ],
                }
            )
    flags = [
        _flag(rule) | {"all_of": [{"any_of": part.any_of, "at_least": part.at_least} for part in rule.parts]}
        for question in script.every
        for rule in question.red_flags
        if rule.holds_at(hours)
    ]
    in_vain = sum(attempt.outcome == "unreachable" for attempt in check.attempts.all())
    return {
        "questions": questions,
        "flags": flags,
        "told": started.flags if started else [],
        "proposed_next_attempt_at": propose_next_attempt(check, now=now, in_vain=in_vain + 1),
    }


def asked_results_shown(check: FollowUpCheck, *, now: datetime) -> list[dict[str, Any]]:
    """The tests a check asks for, each with its newest result since the check opened, if there is one."""
    return [
        {
            "name": in_reader_language(one.analyte.name),
            "known": one.result is not None,
            "choice": _choice_name(one),
            "comparator": one.result.comparator if one.result else "",
            "value": one.result.value if one.result else None,
            "unit": one.result.unit if one.result else "",
            "taken_at": one.result.taken_at if one.result else None,
        }
        for one in asked_tests(check, now=now)
    ]


def _choice_name(asked: AskedTest) -> str:
    choice = asked.analyte.choice(asked.result.choice) if asked.result and asked.result.choice else None
    return in_reader_language(choice.name) if choice else ""


def _started(check: FollowUpCheck) -> FollowUpAttempt | None:
    """The call or visit that was begun and not handed in."""
    begun = [attempt for attempt in check.attempts.all() if attempt.outcome == "partial"]
    return next((attempt for attempt in reversed(begun) if attempt.source != "self_report"), None)


def answered(attempt: FollowUpAttempt) -> list[dict[str, str]]:
    """Each answer with the symptom's name, those with yes first."""
    known = symptoms_by_code(_guidelines(attempt).screening_questions)
    order = {"yes": 0, "unknown": 1, "no": 2}
    return [
        {
            "code": code,
            "name": in_reader_language(known[code].name) if code in known else code,
            "answer": answer,
        }
        for code, answer in sorted(attempt.answers.items(), key=lambda item: order.get(item[1], 3))
    ]


def flags_of(attempt: FollowUpAttempt) -> list[dict[str, Any]]:
    """The red flags and notices an attempt raised, most urgent first."""
    rules = {
        rule.code: rule
        for question in _guidelines(attempt).screening_questions
        for rule in question.red_flags
    }
    return [_flag(rules[code]) for code in attempt.flags if code in rules]


def _flag(rule: RedFlagRule) -> dict[str, Any]:
    return {
        "code": rule.code,
        "urgency": rule.urgency,
        "name": in_reader_language(rule.name),
        "advice": in_reader_language(rule.advice),
        "tell_patient": in_reader_language(rule.tell_patient) if rule.tell_patient else None,
        "source": rule.citation.label,
    }


def _guidelines(attempt: FollowUpAttempt) -> Guidelines:
    pinned = guidelines_version(attempt.check_done.guideline_version)
    return pinned if pinned.screening_questions else current_guidelines()
