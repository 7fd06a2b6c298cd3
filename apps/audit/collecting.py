"""What of patients a request hands out, gathered while it is answered.

Patients are noted where their rows are loaded, whoever asks for them; a board notes its ward as a whole.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field

CARE, BREAK_GLASS, EXPORT = "care", "break_glass", "export"


@dataclass(slots=True)
class Seen:
    """Patient -> ward of those handed out, wards handed out as a whole, and what for.

    ``records`` and ``file`` (bytes, SHA-256) tell of a file what was known before it was read.
    """

    patients: dict[int, int | None] = field(default_factory=dict)
    wards: set[int] = field(default_factory=set)
    purpose: str = CARE
    records: int | None = None
    file: tuple[int, str] | None = None

    def singly(self) -> dict[int, int | None]:
        """The patients that are not of a ward handed out as a whole."""
        return {patient: ward for patient, ward in self.patients.items() if ward not in self.wards}


_seen: ContextVar[Seen | None] = ContextVar("audit_seen", default=None)


@contextmanager
def gathering() -> Iterator[Seen]:
    """What is handed out within."""
    seen = Seen()
    token = _seen.set(seen)
    try:
        yield seen
    finally:
        _seen.reset(token)


def note_read(*, patient_id: int, ward_id: int | None) -> None:
    """A patient's identifying data was loaded. Nothing happens outside of a request."""
    seen = _seen.get()
    if seen is not None:
        seen.patients[patient_id] = ward_id


def note_ward_read(*, ward_id: int) -> None:
    """The names of a whole ward were handed out: one row tells it, and none for each patient."""
    seen = _seen.get()
    if seen is not None:
        seen.wards.add(ward_id)


def note_records(count: int) -> None:
    """How many records the file holds that this request gives out."""
    seen = _seen.get()
    if seen is not None:
        seen.records = count


def note_file(*, size_bytes: int, sha256: str) -> None:
    """The file that this request gives out is kept, and its sum known: nobody needs to read it for that."""
    seen = _seen.get()
    if seen is not None:
        seen.file = size_bytes, sha256
