"""Antibody tests after immunoglobulin: until when a result may tell of the donors and not of the patient."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class PassiveAntibodies:
    """A course whose antibodies are in the blood: from its first dose until so many hours after its last.

    `ended_at` is None while an infusion runs.
    """

    course_id: int
    began_at: datetime
    ended_at: datetime | None
    hold_h: int
    source: str

    def until(self, moment: datetime) -> datetime:
        """When they are gone; while an infusion runs, counted from the moment that is asked about."""
        last = self.ended_at if self.ended_at is not None else max(self.began_at, moment)
        return last + timedelta(hours=self.hold_h)

    def misleads(self, taken_at: datetime) -> bool:
        """Whether a sample taken at this moment holds them: after the first dose began, before the end."""
        return self.began_at < taken_at < self.until(taken_at)


@dataclass(frozen=True, slots=True)
class SerologyWarning:
    """A sample that misleads: `until` when, and before which moment a sample still told of the patient alone.

    `is_running`: another dose is going in, so `until` moves on.
    """

    course_id: int
    until: datetime
    is_running: bool
    sample_before: datetime
    source: str


def guard_serology(courses: Sequence[PassiveAntibodies], *, taken_at: datetime) -> SerologyWarning | None:
    """The warning for an antibody test on a sample taken at this moment; None where nothing misleads.

    A course counts only once its first dose has begun; of several the last to end is named. Sources: clinical
    facts S3-26 to S3-28 (60 days), D-13 (anti-HBc 90 days).
    """
    misleading = [course for course in courses if course.misleads(taken_at)]
    if not misleading:
        return None
    longest = max(misleading, key=lambda course: course.until(taken_at))
    return SerologyWarning(
        course_id=longest.course_id,
        until=longest.until(taken_at),
        is_running=any(course.ended_at is None for course in misleading),
        sample_before=_clean_before(courses, min(course.began_at for course in misleading)),
        source=longest.source,
    )


def samples_before(
    courses: Sequence[PassiveAntibodies], warning: SerologyWarning, taken: Iterable[datetime]
) -> tuple[datetime, ...]:
    """Of these moments those before the antibodies of a warning at which no other course's misled, newest first."""
    clean = {
        moment
        for moment in taken
        if moment <= warning.sample_before and guard_serology(courses, taken_at=moment) is None
    }
    return tuple(sorted(clean, reverse=True))


def _clean_before(courses: Sequence[PassiveAntibodies], moment: datetime) -> datetime:
    """Back over every earlier course whose antibodies reached as far as this one's first dose."""
    reaching = [course.began_at for course in courses if course.began_at < moment < course.until(moment)]
    return _clean_before(courses, min(reaching)) if reaching else moment
