"""The dose itself: ceilings, the weight behind it, whole vials, and what it means for vaccines."""

from collections.abc import Iterator
from datetime import timedelta
from decimal import ROUND_HALF_UP, Decimal

from apps.courses.domain.assessment.findings import Finding, from_check
from apps.courses.domain.assessment.order_in_context import OrderInContext
from apps.guidelines.domain import DoseCeiling

_TENTH = Decimal("0.1")
_ADULT_FROM_YEARS = 16  # what is unusual for an adult is a child's weight


def dose_findings(context: OrderInContext) -> Iterator[Finding]:
    """Findings about dose, weight and vials."""
    for ceiling in context.guidelines.dose_ceilings:
        yield from _above(context, ceiling)
    yield from _weight(context)
    if not context.vials.within_tolerance:
        yield from_check(context.guidelines, "vial_deviation", percent=context.vials.deviation_percent)
    yield from _live_vaccines(context)


def _above(context: OrderInContext, ceiling: DoseCeiling) -> Iterator[Finding]:
    if ceiling.diseases and context.indication.disease not in ceiling.diseases:
        return
    if ceiling.when and not context.facts.intersection(ceiling.when):
        return
    calculated, hung = _measured(context, ceiling)
    if not _exceeds(ceiling, max(calculated, hung)):
        return
    firm = ceiling.kind != "day_grams" and _exceeds(ceiling, calculated)
    yield Finding(
        code=f"ceiling.{ceiling.code}",
        level=_level(ceiling, firm=firm, rounded=context.vials.within_tolerance),
        text=ceiling.text,
        citations=(ceiling.citation,),
        params={"amount": _shown(ceiling, max(calculated, hung)), "limit": _shown(ceiling, ceiling.limit)},
    )


def _level(ceiling: DoseCeiling, *, firm: bool, rounded: bool) -> str:
    """What the rounding to whole vials alone carries over a ceiling is told; a dose ordered above it co-signed."""
    if firm:
        return "second_person"
    return "note" if rounded and ceiling.kind != "day_grams" else "acknowledge"


def _exceeds(ceiling: DoseCeiling, amount: Decimal) -> bool:
    return amount >= ceiling.limit if ceiling.kind == "day_grams" else amount > ceiling.limit


def _measured(context: OrderInContext, ceiling: DoseCeiling) -> tuple[Decimal, Decimal]:
    """The dose as calculated and as hung in whole vials, in the unit of the ceiling."""
    hung_day_g = context.vials.volume_ml * context.figures.concentration_mg_per_ml / 1000
    if ceiling.kind == "day_grams":
        return context.dose.per_day_mg / 1000, hung_day_g
    mg_per_kg = 1000 / context.weight.kg
    if ceiling.kind == "day_mg_per_kg":
        return context.dose.per_day_mg / context.weight.kg, hung_day_g * mg_per_kg
    hung_course_g = context.situation.given_g + hung_day_g * context.dose.days_left
    calculated, hung = context.order.dose_mg_per_kg, hung_course_g * mg_per_kg
    if ceiling.kind == "cumulative_mg_per_kg":
        before = _given_before(context, ceiling)
        return calculated + before, hung + before
    return calculated, hung


def _given_before(context: OrderInContext, ceiling: DoseCeiling) -> Decimal:
    since = context.order.starts_on - timedelta(days=ceiling.window_days or 0)
    return sum(
        (
            earlier.given_mg_per_kg
            for earlier in context.situation.earlier
            if earlier.disease == context.indication.disease and earlier.started_on >= since
        ),
        Decimal(0),
    )


def _shown(ceiling: DoseCeiling, amount: Decimal) -> Decimal:
    """mg/kg is shown as g/kg, grams as grams."""
    shown = amount if ceiling.kind == "day_grams" else amount / 1000
    return shown.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP).normalize() + 0


def _weight(context: OrderInContext) -> Iterator[Finding]:
    profile, situation, guidelines = context.order.profile, context.situation, context.guidelines
    if situation.earlier:
        before = situation.earlier[0].weight_kg
        percent = (profile.weight_kg - before) * 100 / before
        if abs(percent) > guidelines.order_check("weight_changed").figure("percent"):
            yield from_check(
                guidelines,
                "weight_changed",
                weight=profile.weight_kg,
                before=before,
                date=situation.earlier[0].weighed_on,
                percent=percent.quantize(_TENTH, rounding=ROUND_HALF_UP),
            )
    age_days = (situation.today - profile.weighed_on).days
    if age_days > guidelines.order_check("weight_old").figure("days"):
        yield from_check(guidelines, "weight_old", days=age_days)
    unusual = guidelines.order_check("weight_unusual")
    if situation.age_years >= _ADULT_FROM_YEARS and not (
        unusual.figure("minimum_kg") <= profile.weight_kg <= unusual.figure("maximum_kg")
    ):
        yield from_check(guidelines, "weight_unusual", weight=profile.weight_kg)
    if context.weight.basis != "actual":
        formula = next(f for f in guidelines.weight_formulas if f.code == context.weight.basis)
        yield from_check(
            guidelines,
            f"weight_{context.weight.basis}",
            quoting=(formula.citation,),
            weight=context.weight.kg,
            actual=profile.weight_kg,
        )


def _live_vaccines(context: OrderInContext) -> Iterator[Finding]:
    """The longest interval any authority asks for (clinical facts 6)."""
    rows = context.guidelines.live_vaccine_intervals_for(context.order.dose_mg_per_kg)
    if rows:
        longest = max(rows, key=lambda row: row.months)
        yield from_check(
            context.guidelines,
            "live_vaccines",
            quoting=(longest.citation,),
            months=longest.months,
            authority=longest.authority,
        )
