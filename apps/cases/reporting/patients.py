"""Section D: the patient, as much of them as the site lets leave the house."""

from decimal import ROUND_HALF_UP, Decimal

from apps.cases.domain.content import CaseContent, CasePatient, CaseReaction, EarlierInfusion
from apps.cases.domain.narrative import age_of
from apps.icsr.domain import Death, E2bTime, NullFlavor, PastDrug, Patient
from apps.kernel.numbers import plain

SEX_CODES = {"male": "1", "female": "2"}


def patient_of(content: CaseContent) -> Patient:
    """Who it happened to: with initials the birth date, masked the age alone (D.2.1 and D.2.2 exclude each other)."""
    patient, first = content.patient, content.first_reaction
    born = E2bTime.of_date(patient.born_on) if patient.born_on and patient.initials else None
    age = age_of(patient, first) if not born else None
    return Patient(
        name=patient.initials or NullFlavor.MASKED,
        born=born,
        age=Decimal(age[0]) if age else None,
        age_unit=age[1] if age else None,
        weight_kg=_weight(patient.weight_kg),
        height_cm=patient.height_cm.quantize(Decimal(1), ROUND_HALF_UP) if patient.height_cm else None,
        sex=SEX_CODES.get(patient.sex, NullFlavor.UNKNOWN),
        history_text=_history(patient),
        past_drugs=tuple(_past(earlier) for earlier in patient.earlier),
        death=_death(content.reactions),
    )


def _weight(weight_kg: Decimal | None) -> Decimal | None:
    """Six characters at most: to 0.1 kg."""
    return None if weight_kg is None else Decimal(plain(weight_kg.quantize(Decimal("0.1"), ROUND_HALF_UP)))


def _history(patient: CasePatient) -> str | NullFlavor:
    told = [*patient.history, *(["pregnant at the time"] if patient.pregnant else [])]
    told += [
        f"reaction to {earlier.product} on {earlier.on.isoformat()}: {', '.join(earlier.reactions)}"
        for earlier in patient.earlier
        if earlier.reactions
    ]
    return ("; ".join(told) + ".")[:10_000] if told else NullFlavor.UNKNOWN


def _past(earlier: EarlierInfusion) -> PastDrug:
    return PastDrug(
        name=earlier.product[:250], started=E2bTime.of_date(earlier.on), ended=E2bTime.of_date(earlier.on)
    )


def _death(reactions: tuple[CaseReaction, ...]) -> Death:
    fatal = [one for one in reactions if one.outcome == "fatal" or "death" in (one.seriousness or ())]
    if not fatal:
        return Death()
    died_at = max((one.ended_at for one in fatal if one.ended_at is not None), default=None)
    return Death(
        date=E2bTime.of_date(died_at.date()) if died_at else NullFlavor.ASKED_BUT_UNKNOWN,
        autopsy=NullFlavor.UNKNOWN,
    )
