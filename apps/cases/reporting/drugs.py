"""Section G: the product, each lot of each infusion in a dosage of its own, and the product against each reaction."""

from datetime import datetime, timedelta
from decimal import Decimal

from apps.cases.domain.content import CaseContent, CaseDrug, CaseReaction, InfusionGiven, Lot
from apps.icsr.domain import (
    Assessment,
    Dosage,
    Drug,
    DrugReaction,
    E2bTime,
    Indication,
    NullFlavor,
    Substance,
)
from apps.icsr.domain.times import Precision
from apps.kernel.numbers import plain

SUSPECT = "1"
SUBSTANCE = "Human normal immunoglobulin"
FORM, ROUTE = "Solution for infusion", "Intravenous drip"
ROUTE_CODE = "041"  # ICH interim list: intravenous drip
ACTION_CODES = {
    "withdrawn": "1",
    "dose_reduced": "2",
    "dose_increased": "3",
    "not_changed": "4",
    "unknown": "0",
    "not_applicable": "9",
}
# Of several reactions the action that went furthest speaks for the product.
_FURTHEST = ("withdrawn", "dose_reduced", "dose_increased", "not_changed", "not_applicable", "unknown")
RECURRENCE_CODES = {"recurred": "1", "did_not_recur": "2", "outcome_unknown": "3", "not_done": "4"}
EXPIRED = "4"
_LONGEST_IN_MINUTES = 99_999  # five digits


def drugs_of(content: CaseContent) -> tuple[Drug, ...]:
    """Every suspect product."""
    return tuple(_drug(drug, content) for drug in content.drugs)


def _drug(drug: CaseDrug, content: CaseContent) -> Drug:
    reactions = [
        (number, reaction)
        for number, reaction in enumerate(content.reactions, start=1)
        if len(content.drugs) == 1 or _infusion_of(drug, reaction) is not None
    ]
    cumulative = _cumulative_g(drug, [reaction for _, reaction in reactions])
    return Drug(
        role=SUSPECT,
        name=drug.name[:250],
        substances=(_substance(drug),),
        country_obtained=content.site.country or None,
        dosages=tuple(row for infusion in drug.infusions for row in _dosages(infusion)),
        cumulative_dose=cumulative,
        cumulative_dose_unit="g" if cumulative is not None else None,
        indications=(_indication(drug),),
        action_taken=_action([reaction for _, reaction in reactions]),
        reactions=tuple(_matrix(drug, number, reaction) for number, reaction in reactions),
        additional_codes=(EXPIRED,) if _expired(drug) else (),
        additional_text=_lots_in_words(drug),
    )


def _substance(drug: CaseDrug) -> Substance:
    strength = drug.concentration_mg_per_ml
    return Substance(
        name=SUBSTANCE,
        strength=None if strength is None else Decimal(plain(strength)),
        strength_unit=None if strength is None else "mg/mL",
    )


def _dosages(infusion: InfusionGiven) -> list[Dosage]:
    if not infusion.lots:
        return [_dosage(infusion, infusion.given_g, infusion.started_at, infusion.ended_at, None)]
    return [_dosage(infusion, lot.given_g, lot.started_at, lot.ended_at, lot) for lot in infusion.lots]


def _dosage(
    infusion: InfusionGiven, grams: Decimal, started_at: datetime, ended_at: datetime | None, lot: Lot | None
) -> Dosage:
    return Dosage(
        dose=Decimal(plain(grams)),
        dose_unit="g",
        started=E2bTime.of(started_at, Precision.MINUTE),
        ended=E2bTime.of(ended_at, Precision.MINUTE) if ended_at else None,
        lot=lot.number[:35] if lot else None,
        text=(dosage_text(infusion) + ("" if lot else " The lot is not known."))[:2000],
        form=FORM,
        route=ROUTE,
        route_code=ROUTE_CODE,
    )


def dosage_text(infusion: InfusionGiven) -> str:
    """Grams per kilogram and rates in words: no unit of the standard says either."""
    rates = ", ".join(
        f"{plain(rate.rate_ml_per_h)} mL/h ({plain(rate.rate_ml_per_kg_h)} mL/kg/h) from {rate.started_at:%H:%M}"
        if rate.rate_ml_per_h
        else f"none from {rate.started_at:%H:%M}"
        for rate in infusion.rates
    )
    total = f"Day {infusion.day_number}: {plain(infusion.given_g)} g in all, {plain(infusion.g_per_kg)} g/kg"
    return f"{total}; rates: {rates}." if rates else f"{total}."


def _indication(drug: CaseDrug) -> Indication:
    coded = drug.indication_term
    return Indication(
        text=drug.indication[:250] or NullFlavor.UNKNOWN,
        meddra_version=coded.version if coded else None,
        meddra_code=coded.code if coded else None,
    )


def _action(reactions: list[CaseReaction]) -> str:
    taken = {reaction.action_taken for reaction in reactions}
    return ACTION_CODES[next((action for action in _FURTHEST if action in taken), "unknown")]


def _matrix(drug: CaseDrug, number: int, reaction: CaseReaction) -> DrugReaction:
    infusion = _infusion_of(drug, reaction)
    since_start = _apart(infusion.started_at, reaction.onset_at) if infusion else None
    since_end = (
        _apart(infusion.ended_at, reaction.onset_at)
        if infusion and infusion.ended_at and infusion.ended_at <= reaction.onset_at
        else None
    )
    return DrugReaction(
        reaction=number,
        assessments=tuple(
            Assessment(source=one.source[:60], method=one.method[:60], result=one.result[:60])
            for one in reaction.assessments
        ),
        start_to_onset=since_start[0] if since_start else None,
        start_to_onset_unit=since_start[1] if since_start else None,
        last_dose_to_onset=since_end[0] if since_end else None,
        last_dose_to_onset_unit=since_end[1] if since_end else None,
        recurrence=RECURRENCE_CODES.get(reaction.rechallenge),
    )


def _infusion_of(drug: CaseDrug, reaction: CaseReaction) -> InfusionGiven | None:
    return next((one for one in drug.infusions if one.session_id == reaction.session_id), None)


def _apart(since: datetime, until: datetime) -> tuple[Decimal, str] | None:
    """Whole minutes, or hours where five digits of minutes are too few; None for what came before."""
    minutes = (until - since) // timedelta(minutes=1)
    if minutes < 0:
        return None
    return (Decimal(minutes), "min") if minutes <= _LONGEST_IN_MINUTES else (Decimal(minutes // 60), "h")


def _cumulative_g(drug: CaseDrug, reactions: list[CaseReaction]) -> Decimal | None:
    """Grams of these infusions that were in when the first reaction began."""
    first = min(reactions, key=lambda one: one.onset_at, default=None)
    if first is None or not drug.infusions:
        return None
    total = Decimal(0)
    for infusion in drug.infusions:
        if infusion.session_id == first.session_id and first.given_g is not None:
            total += first.given_g
        elif infusion.started_at <= first.onset_at:
            total += infusion.given_g
    return Decimal(plain(total))


def _expired(drug: CaseDrug) -> bool:
    return any(
        lot.expires_on is not None and lot.expires_on < lot.started_at.date()
        for infusion in drug.infusions
        for lot in infusion.lots
    )


def _lots_in_words(drug: CaseDrug) -> str | None:
    lots = {
        lot.number: lot.expires_on for infusion in drug.infusions for lot in infusion.lots if lot.expires_on
    }
    told = "; ".join(f"lot {number} expires {expires.isoformat()}" for number, expires in lots.items())
    return told[:2000] or None
