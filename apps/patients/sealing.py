"""How a person's identity lies in the database, and what it is found by."""

import json
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

from apps.edge.sealing import digest, sealed_column
from apps.patients.domain.identity import NOBODY, Identity
from apps.patients.domain.search import asked_words, beginnings_of, comparable_number

IDENTITY = sealed_column("patients_patient", "identity", row_name="pseudonym")

# Opened identities stay in the process: a board asks for the same people every few seconds.
_REMEMBERED = 5000


@dataclass(frozen=True, slots=True)
class Digests:
    """What a person is found by."""

    record_number: str
    birth_date: str | None
    words: frozenset[str]


def seal_identity(person: Identity, pseudonym: str) -> str:
    """The person, sealed for the row of this pseudonym."""
    born = person.birth_date.isoformat() if person.birth_date else None
    content = {"name": person.name, "born": born, "number": person.medical_record_number}
    return IDENTITY.seal(json.dumps(content, ensure_ascii=False), pseudonym)


@lru_cache(maxsize=_REMEMBERED)
def open_identity(sealed: str, pseudonym: str) -> Identity:
    """The person of this row; nobody where it was erased. Raises SealError."""
    if not sealed:
        return NOBODY
    content = json.loads(IDENTITY.open(sealed, pseudonym))
    born = date.fromisoformat(content["born"]) if content["born"] else None
    return Identity(content["name"], born, content["number"])


def digests_of(person: Identity) -> Digests:
    """What this person is found by."""
    return Digests(
        record_number=record_number_digest(comparable_number(person.medical_record_number)),
        birth_date=birth_date_digest(person.birth_date) if person.birth_date else None,
        words=frozenset(digest("name", word) for word in beginnings_of(person.name)),
    )


def record_number_digest(number: str) -> str:
    """By which a record number is found; to be called with `comparable_number`."""
    return digest("record number", number)


def birth_date_digest(born: date) -> str:
    """By which a birth date is found."""
    return digest("birth date", born.isoformat())


def asked_name_digests(text: str) -> list[str]:
    """By which the names are found that hold every one of these words or beginnings."""
    return [digest("name", word) for word in asked_words(text)]
