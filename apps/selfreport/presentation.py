"""The form as a page shows it: questions in the patient's language, whom to call, and what a telephone can judge."""

import uuid
from typing import Any

from django.conf import settings
from django.utils import translation
from django.utils.translation import get_language, get_language_info, gettext

from apps.edge.wording import in_reader_digits
from apps.followups.domain.screening import Urgency
from apps.guidelines.domain import symptoms_by_code
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.kernel.text import N_
from apps.selfreport.asking import Form
from apps.selfreport.selectors import LinkRecord, ReportRecord
from apps.selfreport.site import dialled, emergency_number, hospital_number

CHOICES = (("yes", N_("Yes")), ("no", N_("No")), ("unknown", N_("Don't know")))
URGENCIES = {Urgency.NONE: "none", Urgency.SAME_DAY: "same_day", Urgency.EMERGENCY: "emergency"}
FORM_ID_LENGTH = 16

CLOSED = N_("This link does not work any more")
CLOSED_WHAT = N_("It is wrong, too old, or was replaced by a newer one.")
BUSY = N_("Too many questions at once")
BUSY_WHAT = N_("Wait some minutes, then open the link again.")
CLOSED_WHOM = N_("Call the ward that gave it to you.")
URGENT = N_("If you are seriously ill, call the emergency services at once:")
URGENT_WITHOUT_NUMBER = N_("If you are seriously ill, call the emergency services or the hospital at once.")


def numbers() -> dict[str, Any]:
    """Whom to call, as it is written and as it is dialled."""
    return {"emergency": _number(emergency_number()), "hospital": _number(hospital_number())}


def form_page(
    link: LinkRecord,
    form: Form,
    report: ReportRecord | None,
    *,
    fresh: bool = False,
    problem: str = "",
) -> dict[str, Any]:
    """The context of the form in the active language. It holds nothing of the patient but what they answered."""
    answers = report.answers if report else {}
    urgency = Urgency(report.urgency) if report else Urgency.NONE
    steps = len(form.questions) + 1
    return {
        **numbers(),
        "language": get_language(),
        "direction": _direction(get_language() or "en"),
        "languages": [language_choice(code) for code, _ in settings.LANGUAGES],
        "fresh": fresh,
        "problem": problem,
        "completed": bool(report and report.completed_at),
        "open_questions": bool(report and not form.judge(answers).is_complete),
        "urgency": URGENCIES[urgency],
        "tell": told(form, report),
        "form_id": link.token_hash[:FORM_ID_LENGTH],
        "key": uuid.uuid4(),
        "choices": [{"code": code, "word": gettext(word)} for code, word in CHOICES],
        "questions": [
            {
                "title": in_reader_language(question.title),
                "count": _count(number, steps),
                "symptoms": [
                    {
                        "code": symptom.code,
                        "text": in_reader_language(symptom.text),
                        "answer": answers.get(symptom.code, ""),
                    }
                    for symptom in question.symptoms
                ],
            }
            for number, question in enumerate(form.questions, 1)
        ],
        "last_count": _count(steps, steps),
        "note": report.note if report else "",
        "rules": _rules(form),
    }


def told(form: Form, report: ReportRecord | None) -> list[str]:
    """What the patient must hear beyond how urgent it is, in the active language."""
    if report is None:
        return []
    judged = form.judge(report.answers)
    found = [flag.rule.tell_patient for flag in (*judged.flags, *judged.notices)]
    return list(dict.fromkeys(in_reader_language(text) for text in found if text is not None))


def answers_shown(report: ReportRecord) -> list[dict[str, str]]:
    """What was answered, for staff, in the active language: what may be an effect first."""
    known = symptoms_by_code(current_guidelines().screening_questions)
    rank = {"yes": 0, "unknown": 1, "no": 2}
    return [
        {
            "code": code,
            "name": in_reader_language(known[code].name) if code in known else code,
            "answer": answer,
        }
        for code, answer in sorted(report.answers.items(), key=lambda item: rank[item[1]])
    ]


def closed_page(*, busy: bool) -> dict[str, Any]:
    """The same page for every link that does not open: in three languages, because nobody knows whose it was."""
    parts = []
    for code, _ in settings.LANGUAGES:
        with translation.override(code):
            parts.append(
                {
                    **numbers(),
                    "language": code,
                    "direction": _direction(code),
                    "title": gettext(BUSY if busy else CLOSED),
                    "what": gettext(BUSY_WHAT if busy else CLOSED_WHAT),
                    "whom": gettext(CLOSED_WHOM),
                    "urgent": gettext(URGENT if emergency_number() else URGENT_WITHOUT_NUMBER),
                }
            )
    return {"parts": parts}


def language_choice(code: str) -> dict[str, str]:
    """A language by its code and its own name."""
    return {"code": code, "name": get_language_info(code)["name_local"]}


def _rules(form: Form) -> list[dict[str, Any]]:
    """The red flags that hold now, for a telephone without network: how urgent, which symptoms, what to say."""
    return [
        {
            "urgency": int(urgency),
            "parts": [[part.at_least, list(part.any_of)] for part in rule.parts],
            "tell": in_reader_language(rule.tell_patient) if rule.tell_patient else "",
        }
        for rule, urgency in form.red_flags()
    ]


def _count(number: int, of: int) -> str:
    return in_reader_digits(f"{number} / {of}")


def _direction(language: str) -> str:
    return "rtl" if get_language_info(language)["bidi"] else "ltr"


def _number(number: str) -> dict[str, str]:
    return {"shown": in_reader_digits(number), "dialled": dialled(number)}
