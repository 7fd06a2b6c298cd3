"""The patient of a case: what the order and the record say, in English, as much as the site lets out."""

from decimal import Decimal

from apps.cases.domain.content import CasePatient, EarlierInfusion
from apps.cases.domain.narrative import age_at
from apps.cases.models import Case
from apps.cases.site import shows_initials
from apps.courses.selectors import get_course, given_days
from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines
from apps.icsr.domain.rules_values import reads_as_english
from apps.infusions.selectors import past_reactions
from apps.patients.domain.identity import initials
from apps.safety.selectors import AdverseEventRecord

_EARLIER_SHOWN = 12  # infusion days; more of them tell nothing more
_KNOWN = "unknown"


def patient_of(case: Case, events: list[AdverseEventRecord], *, weight_kg: Decimal | None) -> CasePatient:
    """The patient at the time of the first event. To be called with English as the active language."""
    patient = case.patient
    profile = get_course(events[0].course_id).order["profile"] if events else {}
    height = profile.get("height_cm")
    letters = _initials(patient.name) if shows_initials() else ""
    return CasePatient(
        initials=letters,
        born_on=patient.birth_date if letters else None,
        age=age_at(patient.birth_date, events[0].onset_at.date()) if events else None,
        sex=patient.sex if patient.sex != _KNOWN else "",
        weight_kg=weight_kg,
        height_cm=Decimal(height) if height else None,
        pregnant=bool(profile.get("pregnant")),
        history=tuple(_history(profile)) if profile else (),
        earlier=_earlier(case, events),
    )


def _initials(name: str) -> str:
    """Initials in Latin letters; those of another script cannot be sent and are masked."""
    letters = initials(name)
    return letters if reads_as_english(letters) else ""


def _history(profile: dict[str, object]) -> list[str]:
    names = _condition_names(current_guidelines())
    told = [names.get(code, code.replace("_", " ")) for code in _texts(profile.get("conditions"))]
    if profile.get("diabetes"):
        told.append("diabetes mellitus")
    if profile.get("iga") == "deficient":
        told.append("IgA deficiency")
    if profile.get("anti_iga") == "positive":
        told.append("antibodies against IgA")
    if (group := profile.get("blood_group", _KNOWN)) != _KNOWN:
        told.append(f"blood group {group}")
    if allergies := profile.get("allergies"):
        english = reads_as_english(str(allergies))
        told.append(f"allergies: {allergies}" if english else "allergies, told in the ward's own language")
    if profile.get("prior_ivig") == "never":
        told.append("no immunoglobulin before this course")
    elif profile.get("prior_ivig") == "before" and (reaction := profile.get("prior_reaction")):
        words = str(reaction).replace("_", " ")
        known = f": {words}" if reads_as_english(words) else ", told in the ward's own language"
        told.append(f"earlier reaction to immunoglobulin{known}")
    return told


def _condition_names(guidelines: Guidelines) -> dict[str, str]:
    items = (*guidelines.risk_factors, *guidelines.contraindications)
    return {item.code: item.name.en for item in items}


def _texts(value: object) -> list[str]:
    return [str(item) for item in value] if isinstance(value, list | tuple) else []


def _earlier(case: Case, events: list[AdverseEventRecord]) -> tuple[EarlierInfusion, ...]:
    """Infusion days of other courses before the first event, the newest last."""
    if not events:
        return ()
    own, first = {event.course_id for event in events}, events[0].onset_at.date()
    reactions: dict[tuple[str, str], list[str]] = {}
    for past in past_reactions(case.patient_id):
        reactions.setdefault((past.product, past.onset_at.date().isoformat()), []).append(past.term)
    products = {product.code: product.name for product in current_guidelines().products}
    days = [day for day in given_days(case.patient_id) if day.course_id not in own and day.on <= first]
    return tuple(
        EarlierInfusion(
            product=products.get(day.product_code, day.product_code),
            on=day.on,
            grams=day.grams,
            reactions=tuple(
                reactions.get((products.get(day.product_code, day.product_code), day.on.isoformat()), ())
            ),
        )
        for day in days[-_EARLIER_SHOWN:]
    )
