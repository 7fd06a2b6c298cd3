"""What is still open when a patient goes home, and what becomes of it."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from apps.kernel.errors import ConflictError
from apps.kernel.text import N_, Params

# An alert about what is measured at the bedside has nothing left to be watched by once the patient is gone.
_OF_THE_BEDSIDE = "session"


@dataclass(frozen=True, slots=True)
class OpenMatter:
    """A laboratory finding, an alert nobody took, or an overdue check.

    `key` names it for as long as it is open; `about` is what it belongs to, such as session:12, and `code` its alert
    there. `message` is an English %-template with its numbers.
    """

    key: str
    kind: str
    about: str
    priority: str
    message: str
    params: Params
    since: datetime
    code: str = ""

    @property
    def stays_open(self) -> bool:
        """Whether it goes on after the discharge. Only alerts of the bedside end with it, once they were seen."""
        return not (self.kind == "alert" and self.about.startswith(f"{_OF_THE_BEDSIDE}:"))


def refuse_unseen(matters: Sequence[OpenMatter], seen: Collection[str]) -> None:
    """Nobody goes home past what nobody looked at. Raises ConflictError `open_matters_unseen`, naming them."""
    unseen = [matter.key for matter in matters if matter.key not in seen]
    if unseen:
        raise ConflictError(
            "open_matters_unseen",
            N_("%(count)s open matters were not ticked as seen. Reload, look at each of them, and tick it."),
            extra={"open": unseen},
            count=len(unseen),
        )
