"""What other bedside rules would have said of past infusions. Reads only."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from apps.guidelines.domain import Guidelines
from apps.infusions.domain.bedside_rules import Fired, fired
from apps.infusions.models import InfusionSession
from apps.infusions.series import series_of


@dataclass(frozen=True, slots=True)
class Replayed:
    """One infusion under both rule sets: what both say, what only the candidate, what only the present says."""

    session_id: int
    ward: str
    time_zone: str
    both: tuple[Fired, ...]
    extra: tuple[Fired, ...]
    missed: tuple[Fired, ...]


def replay_rules(
    *,
    present: Guidelines,
    candidate: Guidelines,
    since: datetime | None = None,
    session_id: int | None = None,
    ward: str | None = None,
) -> Iterator[Replayed]:
    """Each infusion that was begun, oldest first, under the rules of both.

    `since` leaves out what started earlier, `ward` is a ward's name. Scores and reaction terms are those of
    `present` for both, so that only the rules differ.
    """
    sessions = InfusionSession.objects.filter(started_at__isnull=False)
    if since is not None:
        sessions = sessions.filter(started_at__gte=since)
    if session_id is not None:
        sessions = sessions.filter(pk=session_id)
    if ward is not None:
        sessions = sessions.filter(ward__name=ward)
    sessions = sessions.select_related("ward", "patient").prefetch_related("observations", "reactions")
    for session in sessions.order_by("started_at", "pk"):
        yield _replay(session, present, candidate)


def _replay(session: InfusionSession, present: Guidelines, candidate: Guidelines) -> Replayed:
    assert session.started_at is not None
    series = series_of(session, guidelines=present, began_at=session.started_at)
    before = _by_key(fired(series, present.observation_rules))
    after = _by_key(fired(series, candidate.observation_rules))
    return Replayed(
        session_id=session.pk,
        ward=session.ward.name,
        time_zone=session.ward.time_zone,
        both=tuple(after[key] for key in after if key in before),
        extra=tuple(after[key] for key in after if key not in before),
        missed=tuple(before[key] for key in before if key not in after),
    )


def _by_key(found: Iterable[Fired]) -> dict[tuple[datetime, str, str], Fired]:
    return {one.key: one for one in found}
