"""Which questions a patient is asked now, for which check, and what the answers mean."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

from apps.followups.domain.screening import Answer, Judgement, Urgency, judge_answers, questions_for
from apps.followups.script import Script, hours_since_last_dose, script_of
from apps.followups.selectors import CheckRecord
from apps.guidelines.domain import RedFlagRule, ScreeningQuestion
from apps.guidelines.selectors import current_guidelines
from apps.infusions.domain.age import age_on
from apps.selfreport.domain import choose_check
from apps.selfreport.domain.checks import ANSWERABLE, is_open, takes_answers
from apps.selfreport.selectors import LinkRecord, ReportRecord, checks_of_link

_URGENCY = {"same_day": Urgency.SAME_DAY, "emergency": Urgency.EMERGENCY}


@dataclass(frozen=True, slots=True)
class Form:
    """The questions of one report. `check` is where the answers go; None when none of the course's takes any."""

    check: CheckRecord | None
    script: Script
    hours: Decimal

    @property
    def questions(self) -> tuple[ScreeningQuestion, ...]:
        """What is asked, each symptom once, although two questions may share it."""
        seen: set[str] = set()
        asked = []
        for question in self.script.asked:
            fresh = tuple(symptom for symptom in question.symptoms if symptom.code not in seen)
            seen.update(symptom.code for symptom in fresh)
            if fresh:
                asked.append(replace(question, symptoms=fresh))
        return tuple(asked)

    @property
    def symptom_codes(self) -> frozenset[str]:
        """What may be answered: also what is asked of this patient at another check."""
        every = (*self.script.asked, *self.script.every)
        return frozenset(symptom.code for question in every for symptom in question.symptoms)

    @property
    def takes_answers(self) -> bool:
        """Whether the check has room for answers, now or when its time comes."""
        return self.check is not None and takes_answers(self.check)

    def may_settle(self, now: datetime) -> bool:
        """Whether these answers may settle the check: not before its window opens, which is still to come."""
        return self.check is not None and is_open(self.check, now)

    def judge(self, answers: Mapping[str, str]) -> Judgement:
        """What the answers mean at this time after the last dose."""
        return judge_answers(
            questions=self.script.asked,
            answers={code: Answer(answer) for code, answer in answers.items()},
            hours_since_last_dose=self.hours,
            also=self.script.every,
        )

    def red_flags(self) -> Iterator[tuple[RedFlagRule, Urgency]]:
        """The rules that hold at this time after the last dose and ask for help."""
        for question in {question.code: question for question in self.script.every}.values():
            for rule in question.red_flags:
                early = rule.after_h is not None and self.hours <= rule.after_h
                late = rule.until_h is not None and self.hours > rule.until_h
                if rule.urgency in _URGENCY and not early and not late:
                    yield rule, _URGENCY[rule.urgency]


def form_of(link: LinkRecord, report: ReportRecord | None, *, now: datetime) -> Form:
    """The form of a link: of the check its report began with, unless that one was moved away meanwhile."""
    checks = [check for check in checks_of_link(link) if check.kind in ANSWERABLE]
    begun = report.check_id if report else None
    check = next((check for check in checks if check.pk == begun), None) or choose_check(checks, now=now)
    nearest = check or max(checks, key=lambda check: check.due_at, default=None)
    if nearest is None:
        return Form(None, _whole_script(link, now), Decimal(0))
    script = script_of(nearest, now=now)
    if check is None or not script.asked:
        # Nothing is asked there by its own rule: it could take no answer.
        check, script = None, Script(asked=script.every, every=script.every)
    return Form(check, script, hours_since_last_dose(nearest, now=now))


def _whole_script(link: LinkRecord, now: datetime) -> Script:
    """Everything that anybody is asked, before there are any checks."""
    today = now.astimezone(ZoneInfo(link.ward.time_zone)).date()
    every = questions_for(
        current_guidelines().screening_questions,
        age=age_on(link.patient.birth_date, today),
        diabetes_on_maltose=False,
    )
    return Script(asked=every, every=every)
