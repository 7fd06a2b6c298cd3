"""Sections E and F: what happened, and what was measured."""

from apps.cases.domain.content import CaseContent, CaseReaction, Measurement
from apps.icsr.domain import E2bTime, NullFlavor, Reaction, TestResult
from apps.icsr.domain.reactions import Comparison, Measured
from apps.icsr.domain.times import Precision

OUTCOME_CODES = {
    "recovered": "1",
    "recovering": "2",
    "not_recovered": "3",
    "recovered_with_sequelae": "4",
    "fatal": "5",
    "unknown": "0",
}
HIGHLIGHTED_SERIOUS, HIGHLIGHTED_NOT_SERIOUS = "3", "1"
_COMPARISONS: dict[str, Comparison] = {"": "=", "<": "<", ">": ">"}


def reaction_of(reaction: CaseReaction, content: CaseContent) -> Reaction:
    """One reaction. A criterion of seriousness that is not met is "no information", never "no"."""
    met = {*(reaction.seriousness or ())}

    def criterion(code: str) -> bool | NullFlavor:
        return True if code in met else NullFlavor.NO_INFORMATION

    verbatim = reaction.verbatim[:250].strip()
    return Reaction(
        native_text=verbatim or None,
        native_language=reaction.language if verbatim else None,
        translation=reaction.english[:250] or None,
        meddra_version=reaction.coded.version if reaction.coded else None,
        meddra_code=reaction.coded.code if reaction.coded else None,
        highlighted=_highlighted(reaction),
        results_in_death=criterion("death"),
        life_threatening=criterion("life_threatening"),
        hospitalisation=criterion("hospitalisation"),
        disabling=criterion("disability"),
        congenital_anomaly=criterion("congenital_anomaly"),
        medically_important=criterion("medically_important"),
        started=E2bTime.of(reaction.onset_at, Precision.MINUTE),
        ended=E2bTime.of(reaction.ended_at, Precision.MINUTE) if reaction.ended_at else None,
        outcome=OUTCOME_CODES.get(reaction.outcome, "0"),
        medically_confirmed=reaction.medically_confirmed
        if content.reporter.qualification == "consumer"
        else None,
        country=content.site.country or None,
    )


def test_of(measured: Measurement) -> TestResult:
    """One result: a number in its UCUM unit, or words where there is none."""
    in_numbers = measured.value is not None and bool(measured.unit)
    return TestResult(
        date=E2bTime.of(measured.taken_at, Precision.MINUTE),
        name=measured.name[:250],
        result=Measured(measured.value, _COMPARISONS.get(measured.comparator, "="))
        if in_numbers and measured.value is not None
        else None,
        result_unit=measured.unit if in_numbers else None,
        result_text=None if in_numbers else measured.text[:2000] or None,
        comments=measured.comment[:2000] or None,
    )


def _highlighted(reaction: CaseReaction) -> str | None:
    if reaction.serious is None:
        return None
    return HIGHLIGHTED_SERIOUS if reaction.serious else HIGHLIGHTED_NOT_SERIOUS
