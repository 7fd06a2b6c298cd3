"""What the tables say below an entry."""

from django.utils.translation import gettext as _

from apps.edge.wording import verbatim
from apps.infusions.record.entries import Correction, Written
from apps.infusions.record.wording import Clock


def notes_of(clock: Clock, written: Written, correction: Correction | None, *more: str) -> tuple[str, ...]:
    """What is said below an entry: typed late, marked as wrong, and whatever else there is."""
    notes = [text for text in more if text]
    if written.late:
        notes.insert(0, _("Typed at %(at)s.") % {"at": clock.moment(written.recorded_at)})
    if correction:
        notes.append(
            _("Entered in error, marked %(at)s by %(name)s: %(reason)s")
            % {
                "at": clock.moment(correction.at),
                "name": verbatim(correction.by),
                "reason": verbatim(correction.reason),
            }
        )
    return tuple(notes)
