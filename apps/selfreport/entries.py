"""What a telephone sends, read strictly: as a plain form, or as JSON."""

import uuid
from collections.abc import Mapping
from typing import Any

from apps.kernel.errors import DomainError
from apps.kernel.plain_text import Kind, check_text
from apps.kernel.text import N_

NOTE_LENGTH = 2000
MOST_ANSWERS = 200
CODE_LENGTH = 80
FIELD = "a."


def entry_of_form(fields: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in a plain form: `key`, `note`, `complete`, and `a.<symptom>` for each answer."""
    answers = {name[len(FIELD) :]: value for name, value in fields.items() if name.startswith(FIELD)}
    return _entry(fields.get("key"), answers, fields.get("note", ""), fields.get("complete") == "1")


def entry_of_json(body: Mapping[str, Any]) -> dict[str, Any]:
    """The entry in a JSON object: `key`, `answers`, and if wanted `note` and `complete`."""
    complete = body.get("complete", False)
    if not isinstance(complete, bool) or not set(body) <= {"key", "answers", "note", "complete"}:
        raise _unreadable()
    return _entry(body.get("key"), body.get("answers", {}), body.get("note", ""), complete)


def _entry(key: Any, answers: Any, note: Any, complete: bool) -> dict[str, Any]:
    if not isinstance(answers, dict) or len(answers) > MOST_ANSWERS or not isinstance(note, str):
        raise _unreadable()
    for code, answer in answers.items():
        if not isinstance(answer, str) or len(code) > CODE_LENGTH or len(answer) > CODE_LENGTH:
            raise _unreadable()
    text = check_text(note.replace("\r\n", "\n").strip(), kind=Kind.NOTE)
    if len(text) > NOTE_LENGTH:
        raise DomainError(
            "note_too_long", N_("This is longer than %(limit)s letters. Write it shorter."), limit=NOTE_LENGTH
        )
    try:
        return {"key": uuid.UUID(str(key)), "answers": answers, "note": text, "complete": complete}
    except ValueError:
        raise _unreadable() from None


def _unreadable() -> DomainError:
    return DomainError("answers_unreadable", N_("These answers cannot be read. Open the link again."))
