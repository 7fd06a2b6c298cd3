"""What the record answers of the ten questions, each with why. A proposal: the physician answers.

Only what was recorded is an answer. That nothing was recorded is not "no", except where "no" and "not known" count
the same and the sentence says how far the record reaches.
"""

from collections.abc import Callable
from decimal import Decimal

from apps.guidelines.domain import CausalityScale, ReactionLabel
from apps.kernel.text import N_, Param
from apps.safety.domain.picture import Answer, EventPicture, Judged, Said, whole_minutes

_FEVER_FROM_C = Decimal("38.0")  # CTCAE v5.0, fever, grade 1

LISTED = N_("%(label)s lists it: “%(words)s”.")
NOT_LISTED = N_("%(label)s does not list it. Other reports are not known here.")
NO_LABEL = N_("No label of this product was read.")
AFTER = N_("It began %(minutes)s minutes after the infusion did.")
BEFORE = N_("It began before the infusion did.")
START_UNKNOWN = N_("When the infusion began is not recorded.")
BETTER = N_("Lowered or stopped %(minutes)s minutes after the onset; passed %(later)s minutes after that.")
BETTER_UNCHANGED = N_("It passed while the rate stayed as it was.")
NOT_PASSED = N_("That it passed is not recorded.")
NOTHING_RAN = N_("Nothing was running when it began.")
CAME_BACK = N_("After the restart it was recorded again.")
CAME_BACK_LATER = N_("Recorded again in a later infusion, on %(day)s.")
RESTARTED = N_("Restarted, and nothing recorded again. Only you can say whether that was a real rechallenge.")
LATER_WITHOUT = N_(
    "%(count)s later infusions here without it. Only you can say whether one was a rechallenge."
)
NOT_AGAIN = N_("Not given again here since.")
YOURS = N_("The record cannot answer this.")
NO_PLACEBO = N_("No placebo is given here.")
NO_TOXIC_LEVEL = N_("No toxic concentration of immunoglobulin is known.")
MILDER = N_("The rate was lowered, not stopped, and it passed.")
NO_DOSE_EFFECT = N_("Nothing recorded shows it to follow the rate.")
SIMILAR = N_("Recorded here before, on %(day)s.")
NOT_SIMILAR = N_("%(count)s earlier infusions here without it. Other hospitals are not known.")
FIRST_HERE = N_("No earlier infusion here. Other hospitals are not known.")
MEASURED_LABORATORY = N_("A laboratory result shows it.")
MEASURED_FEVER = N_("A temperature of %(value)s °C was measured.")
MEASURED_PRESSURE = N_("A systolic pressure of %(value)s mmHg was measured, %(fall)s below the baseline.")
NOT_MEASURED = N_("No measurement that shows it was recorded.")


def prefill(scale: CausalityScale, picture: EventPicture, label: ReactionLabel | None) -> dict[str, Judged]:
    """Question code -> the proposed answer and why."""
    read: dict[str, Callable[[], Judged]] = {
        "listed": lambda: _listed(picture, label),
        "after_drug": lambda: _after_drug(picture),
        "better_without": lambda: better_without(picture),
        "came_back": lambda: came_back(picture),
        "none": lambda: _judged(Answer.UNKNOWN, YOURS),
        "placebo": lambda: _judged(Answer.NOT_APPLICABLE, NO_PLACEBO),
        "toxic_level": lambda: _judged(Answer.NOT_APPLICABLE, NO_TOXIC_LEVEL),
        "followed_dose": lambda: _followed_dose(picture),
        "similar_before": lambda: _similar_before(picture),
        "measured": lambda: _measured(picture),
    }
    return {question.code: read[question.prefill]() for question in scale.questions}


def better_without(picture: EventPicture) -> Judged:
    """Whether it improved once less was given: the dechallenge, as far as the record shows it."""
    if picture.running is None:
        return _judged(Answer.UNKNOWN, NOTHING_RAN)
    if picture.resolved_at is None:
        return _judged(Answer.UNKNOWN, NOT_PASSED)
    less = picture.less_after
    if less is None or less.at > picture.resolved_at:
        return _judged(Answer.UNKNOWN, BETTER_UNCHANGED)
    return _judged(
        Answer.YES,
        BETTER,
        minutes=whole_minutes(less.at - picture.onset_at),
        later=whole_minutes(picture.resolved_at - less.at),
    )


def came_back(picture: EventPicture) -> Judged:
    """Whether it was recorded again once the drug was: the rechallenge, as far as the record shows it."""
    again = [
        other for other in picture.others if other.onset_at > picture.onset_at and _alike(picture, other.term)
    ]
    restarted = picture.restarted
    if restarted and any(
        other.session_id == picture.session_id and other.onset_at >= restarted.at for other in again
    ):
        return _judged(Answer.YES, CAME_BACK)
    later = [other for other in again if other.session_id != picture.session_id]
    if later:
        return _judged(Answer.YES, CAME_BACK_LATER, day=min(later, key=lambda other: other.onset_at).day)
    if restarted:
        return _judged(Answer.UNKNOWN, RESTARTED)
    if picture.later_infusions:
        return _judged(Answer.UNKNOWN, LATER_WITHOUT, count=picture.later_infusions)
    return _judged(Answer.UNKNOWN, NOT_AGAIN)


def _listed(picture: EventPicture, label: ReactionLabel | None) -> Judged:
    if label is None:
        return _judged(Answer.UNKNOWN, NO_LABEL)
    entry = label.listed(picture.term)
    if entry is None:
        return _judged(Answer.UNKNOWN, NOT_LISTED, label=label.title)
    return _judged(Answer.YES, LISTED, label=label.title, words=entry.words)


def _after_drug(picture: EventPicture) -> Judged:
    if picture.started_at is None:
        return _judged(Answer.UNKNOWN, START_UNKNOWN)
    if picture.onset_at < picture.started_at:
        return _judged(Answer.NO, BEFORE)
    return _judged(Answer.YES, AFTER, minutes=whole_minutes(picture.onset_at - picture.started_at))


def _followed_dose(picture: EventPicture) -> Judged:
    less = picture.less_after
    slowed = less is not None and less.rate_ml_per_h > 0
    if slowed and better_without(picture).answer is Answer.YES:
        return _judged(Answer.YES, MILDER)
    return _judged(Answer.UNKNOWN, NO_DOSE_EFFECT)


def _similar_before(picture: EventPicture) -> Judged:
    before = [
        other for other in picture.others if other.onset_at < picture.onset_at and _alike(picture, other.term)
    ]
    earlier = [other for other in before if other.session_id != picture.session_id]
    if earlier:
        return _judged(Answer.YES, SIMILAR, day=max(earlier, key=lambda other: other.onset_at).day)
    if picture.earlier_infusions:
        return _judged(Answer.NO, NOT_SIMILAR, count=picture.earlier_infusions)
    return _judged(Answer.UNKNOWN, FIRST_HERE)


def _measured(picture: EventPicture) -> Judged:
    if picture.measured:
        return _judged(Answer.YES, MEASURED_LABORATORY)
    warmest = max(
        (taken.temperature_c for taken in picture.around if taken.temperature_c is not None), default=None
    )
    if "fever" in picture.seen and warmest is not None and warmest >= _FEVER_FROM_C:
        return _judged(Answer.YES, MEASURED_FEVER, value=warmest)
    lowest = min(
        (taken.systolic_mmhg for taken in picture.around if taken.systolic_mmhg is not None), default=None
    )
    before = picture.baseline.systolic_mmhg if picture.baseline else None
    if "hypotension" in picture.seen and lowest is not None and before is not None and lowest < before:
        return _judged(Answer.YES, MEASURED_PRESSURE, value=lowest, fall=before - lowest)
    return _judged(Answer.UNKNOWN, NOT_MEASURED)


def _alike(picture: EventPicture, term: str) -> bool:
    """The same term, or one of the symptoms of this event."""
    return term in picture.seen


def _judged(answer: Answer, message: str, **params: Param) -> Judged:
    return Judged(answer, Said(message, params))
