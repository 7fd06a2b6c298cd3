"""Whose wristband was scanned."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class WristbandCode:
    """A wristband's code: the patient's record number, or the GS1 service relation number that stands for it."""

    identifier: str

    def belongs_to(self, medical_record_number: str) -> bool:
        """Whether it is this record number, whatever the blanks and the case of its letters. Nothing less counts."""
        return _comparable(self.identifier) == _comparable(medical_record_number)


def _comparable(number: str) -> str:
    return "".join(number.split()).casefold()
