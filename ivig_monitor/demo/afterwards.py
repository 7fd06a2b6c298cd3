"""What became of the patients who went home: calls, laboratory results, self-report, a discharge."""

import uuid
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal

from apps.accounts.selectors import Staff
from apps.alerts.selectors import open_alerts
from apps.alerts.services import acknowledge_alert
from apps.discharge.services import discharge_patient
from apps.followups.script import script_of
from apps.followups.selectors import CheckRecord, checks_of_patient
from apps.followups.services import answer_check, give_up_as_lost, record_outcome, take_check
from apps.guidelines.domain import ASKED_KINDS
from apps.laboratory.services import ResultEntry, record_results
from apps.selfreport.asking import form_of
from apps.selfreport.selectors import link_of_token
from apps.selfreport.services import issue_link, record_answers

_AT_THE_BEDSIDE = frozenset({"visit", "observation"})


@dataclass(frozen=True, slots=True)
class Aftercare:
    """One patient after the infusions, as the ward's nurse and physician looked after them."""

    patient_id: int
    course_id: int
    nurse: Staff
    physician: Staff

    def answer(self, *, until: datetime, but: str = "", before_day: int = 99) -> None:
        """Every check that was due by then was done an hour later, and nothing was found; `but` one was left.

        So are those that are asked before a day of the course and later ones.
        """
        for check in self._waiting(lambda check: check.due_at + timedelta(hours=1) <= until):
            if check.code != but and check.day_number < before_day:
                self.found_well(check, at=check.due_at + timedelta(hours=1))

    def found_well(self, check: CheckRecord, *, at: datetime) -> None:
        """Each question answered with no; where nothing is asked, the outcome itself."""
        asked = script_of(check, now=at).asked
        if asked:
            answers = {symptom.code: "no" for question in asked for symptom in question.symptoms}
            self.reached(check, answers, at=at)
        else:
            record_outcome(performer=self.nurse, check_id=check.pk, outcome="no_effect", note="", now=at)

    def suspect(self, code: str, *, at: datetime, note: str) -> None:
        """The nurse found what the check looks for, and the physician took the alert."""
        check = self.check(code)
        record_outcome(performer=self.nurse, check_id=check.pk, outcome="suspected", note=note, now=at)
        self.take_alerts(f"check:{check.pk}", at=at + timedelta(minutes=5))

    def reached(self, check: CheckRecord, answers: dict[str, str], *, at: datetime, note: str = "") -> None:
        """The nurse asked the patient."""
        answer_check(
            check_id=check.pk,
            answers=answers,
            note=note,
            source="visit" if check.kind in _AT_THE_BEDSIDE else "call",
            performer=self.nurse,
            now=at,
        )

    def not_reached(self, code: str, *, at: list[datetime], note: str) -> None:
        """The nurse took a check on and tried in vain."""
        check = self.check(code)
        take_check(performer=self.nurse, check_id=check.pk, now=at[0])
        for moment in at:
            record_outcome(
                performer=self.nurse, check_id=check.pk, outcome="unreachable", note=note, now=moment
            )

    def give_up(self, code: str, *, at: datetime, reason: str) -> None:
        """The physician decided that nobody asks any more."""
        give_up_as_lost(performer=self.physician, check_id=self.check(code).pk, reason=reason, now=at)

    def measured(self, at: datetime, *, known_after: timedelta = timedelta(hours=2), **results: str) -> None:
        """Laboratory results by analyte: "138 g/L", or a choice such as "grade_2"."""
        record_results(
            performer=self.nurse,
            patient_id=self.patient_id,
            entries=[_entry(analyte, text, at) for analyte, text in results.items()],
            now=at + known_after,
        )

    def take_alerts(self, subject: str, *, at: datetime) -> None:
        """The physician took what was raised about a subject, such as "check:12"."""
        for alert in open_alerts(subject):
            acknowledge_alert(performer=self.physician, alert_id=alert.pk, now=at)

    def go_home(self, *, at: datetime, language: str) -> str:
        """Discharged, with a link in the patient's language as the sheet gives it out. Returns its token."""
        discharge_patient(performer=self.physician, course_id=self.course_id, now=at)
        return issue_link(performer=self.nurse, course_id=self.course_id, language=language, now=at).token

    def reported_from_home(self, token: str, *, at: datetime, yes: frozenset[str]) -> None:
        """Every question of the form was answered by the link, with yes or no."""
        link = link_of_token(token, now=at)
        assert link is not None
        asked = form_of(link, None, now=at).questions
        codes = [symptom.code for question in asked for symptom in question.symptoms]
        record_answers(
            token=token,
            key=uuid.uuid4(),
            answers={code: "yes" if code in yes else "no" for code in codes},
            note="",
            complete=True,
            now=at,
        )

    def check(self, code: str) -> CheckRecord:
        """The waiting check of a rule."""
        [found] = self._waiting(lambda check: check.code == code)
        return found

    def _waiting(self, wanted: Callable[[CheckRecord], bool]) -> list[CheckRecord]:
        return [
            check
            for check in checks_of_patient(self.patient_id)
            if check.status == "planned" and check.kind in ASKED_KINDS and wanted(check)
        ]


def _entry(analyte: str, text: str, at: datetime) -> ResultEntry:
    number, _, unit = text.partition(" ")
    if not unit:
        return ResultEntry(analyte=analyte, taken_at=at, choice=text)
    return ResultEntry(analyte=analyte, taken_at=at, value=Decimal(number), unit=unit)
