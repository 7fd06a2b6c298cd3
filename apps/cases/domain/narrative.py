"""The narrative (H.1) as it is drafted from the record: English, the same words for the same record.

A draft is a beginning: a person reads it, changes it, and what a person wrote is never drafted over.
"""

from collections.abc import Iterable, Iterator
from datetime import date, datetime

from apps.cases.domain.content import (
    CaseContent,
    CaseDrug,
    CasePatient,
    CaseReaction,
    InfusionGiven,
    Measurement,
)
from apps.icsr.domain.rules_values import reads_as_english
from apps.kernel.numbers import plain

MAX_LENGTH = 100_000  # characters of H.1
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
_CRITERIA = {
    "death": "resulted in death",
    "life_threatening": "was life-threatening",
    "hospitalisation": "caused or prolonged a stay in hospital",
    "disability": "led to persistent or significant disability",
    "congenital_anomaly": "was a congenital anomaly",
    "medically_important": "was medically important",
}
_OUTCOMES = {
    "recovered": "The patient recovered",
    "recovering": "The patient was recovering",
    "not_recovered": "The patient had not recovered",
    "recovered_with_sequelae": "The patient recovered with sequelae",
    "fatal": "The outcome was fatal",
    "unknown": "The outcome is not known",
}
_ACTIONS = {
    "withdrawn": "The product was withdrawn.",
    "dose_reduced": "The dose or the rate was reduced.",
    "dose_increased": "The dose was increased.",
    "not_changed": "The product was continued unchanged.",
    "not_applicable": "The infusion had ended before the onset.",
    "unknown": "",
}
_RECHALLENGES = {
    "recurred": "The reaction recurred when the product was given again.",
    "did_not_recur": "The reaction did not recur when the product was given again.",
    "outcome_unknown": "The product was given again; whether the reaction recurred is not known.",
    "not_done": "The product was not given again.",
}


def draft_narrative(content: CaseContent) -> str:
    """The narrative as the record tells it, at most what H.1 holds."""
    blocks = [
        _patient(content.patient, content.first_reaction),
        *(_drug(drug) for drug in content.drugs),
        *(_reaction(reaction, content) for reaction in sorted(content.reactions, key=_began)),
        _measurements(content.measurements),
        _answers(content),
    ]
    return "\n\n".join(block for block in blocks if block)[:MAX_LENGTH]


def when(moment: datetime) -> str:
    """A moment in words, with its offset: `2 March 2026 at 09:31 (UTC+01:00)`."""
    offset = moment.strftime("%z")
    return f"{day(moment.date())} at {moment:%H:%M} (UTC{offset[:3]}:{offset[3:5]})"


def day(on: date) -> str:
    """A day in words: `2 March 2026`."""
    return f"{on.day} {_MONTHS[on.month - 1]} {on.year}"


def span(minutes: int) -> str:
    """A span of time in words: `31 minutes`, `5 h 10 min`, `30 hours`, `7 days`."""
    if minutes < 120:
        return f"{minutes} minute{'' if minutes == 1 else 's'}"
    hours, rest = divmod(minutes, 60)
    if hours < 72:
        return f"{hours} h {rest} min" if rest and hours < 24 else f"{hours} hours"
    return f"{hours // 24} days"


def _began(reaction: CaseReaction) -> tuple[datetime, int]:
    return reaction.onset_at, reaction.event_id


def _minutes(since: datetime, until: datetime) -> int:
    return int((until - since).total_seconds() // 60)


def age_at(born_on: date, on: date) -> tuple[int, str]:
    """Completed years, below two years months, below one month days: (number, unit in UCUM)."""
    months = (on.year - born_on.year) * 12 + on.month - born_on.month - (on.day < born_on.day)
    if months >= 24:
        return months // 12, "a"
    return (months, "mo") if months >= 1 else ((on - born_on).days, "d")


def age_of(patient: CasePatient, first: CaseReaction | None) -> tuple[int, str] | None:
    """The age at the first reaction; None where neither it nor the birth date is known."""
    if patient.born_on is not None and first is not None:
        return age_at(patient.born_on, first.onset_at.date())
    return patient.age


def _patient(patient: CasePatient, first: CaseReaction | None) -> str:
    person = {"female": "female patient", "male": "male patient"}.get(patient.sex, "patient of unknown sex")
    if (age := age_of(patient, first)) is not None:
        number, unit = age
        person = f"{number}-{ {'a': 'year', 'mo': 'month', 'd': 'day'}[unit] }-old {person}"
    article = "An" if person[:1] in "8" or person.startswith(("11-", "18-")) else "A"
    size = [
        f"weight {plain(patient.weight_kg)} kg" if patient.weight_kg is not None else "",
        f"height {plain(patient.height_cm)} cm" if patient.height_cm is not None else "",
        "pregnant" if patient.pregnant else "",
    ]
    known = ", ".join(part for part in size if part)
    sentences = [f"{article} {person}{f' ({known})' if known else ''} received immunoglobulin."]
    if patient.history:
        sentences.append("History: " + "; ".join(patient.history) + ".")
    for earlier in patient.earlier:
        grams = f", {plain(earlier.grams)} g" if earlier.grams is not None else ""
        told = ", ".join(earlier.reactions)
        followed = f", followed by {told}" if told else ", without a recorded reaction"
        sentences.append(f"Earlier: {earlier.product} on {day(earlier.on)}{grams}{followed}.")
    return " ".join(sentences)


def _drug(drug: CaseDrug) -> str:
    strength = (
        f" ({plain(drug.concentration_mg_per_ml)} mg/mL)" if drug.concentration_mg_per_ml is not None else ""
    )
    reason = f" for {_within(drug.indication)}" if drug.indication else ""
    sentences = [f"Suspect product: {drug.name}{strength}, intravenously{reason}."]
    sentences += [_infusion(infusion) for infusion in drug.infusions]
    return " ".join(sentences)


def _within(name: str) -> str:
    """A name as it stands within a sentence; abbreviations keep their capitals."""
    return name if name[1:2].isupper() else name[:1].lower() + name[1:]


def _infusion(infusion: InfusionGiven) -> str:
    ended = f" and ended on {when(infusion.ended_at)}" if infusion.ended_at else " and was running"
    lots = "; ".join(
        f"lot {lot.number}{f', expiry {lot.expires_on.isoformat()}' if lot.expires_on else ''}:"
        f" {plain(lot.given_g)} g ({plain(lot.given_ml)} mL)"
        for lot in infusion.lots
    )
    rates = ", ".join(
        f"{rate.started_at:%H:%M} {plain(rate.rate_ml_per_h)} mL/h ({plain(rate.rate_ml_per_kg_h)} mL/kg/h)"
        if rate.rate_ml_per_h
        else f"{rate.started_at:%H:%M} none"
        for rate in infusion.rates
    )
    told = [
        f"The infusion of day {infusion.day_number} began on {when(infusion.started_at)}{ended}:"
        f" {plain(infusion.given_g)} g ({plain(infusion.given_ml)} mL, {plain(infusion.g_per_kg)} g/kg)"
        + (" before it was stopped early." if infusion.state == "stopped" else "."),
        f"Given by lot: {lots}." if lots else "The lot is not recorded.",
        f"Rates from: {rates}." if rates else "",
    ]
    return " ".join(part for part in told if part)


def _reaction(reaction: CaseReaction, content: CaseContent) -> str:
    return " ".join(part for part in _told_of(reaction, content) if part)


def _told_of(reaction: CaseReaction, content: CaseContent) -> Iterator[str]:
    yield f"On {when(reaction.onset_at)}{_since(reaction, content)} the patient developed {_named(reaction)}."
    if reaction.rate_ml_per_h:
        step = f", step {reaction.step}" if reaction.step is not None else ""
        per_kg = f" ({plain(reaction.rate_ml_per_kg_h)} mL/kg/h{step})" if reaction.rate_ml_per_kg_h else ""
        yield f"The rate was {plain(reaction.rate_ml_per_h)} mL/h{per_kg}."
    if reaction.given_ml is not None:
        grams = f" ({plain(reaction.given_g)} g)" if reaction.given_g is not None else ""
        yield f"By then {plain(reaction.given_ml)} mL{grams} of that infusion had been given."
    if reaction.symptoms:
        yield f"Seen: {', '.join(reaction.symptoms)}."
    yield _ACTIONS.get(reaction.action_taken, "")
    if reaction.interventions:
        done = "; ".join(
            f"{one.what}{f' ({one.detail})' if reads_as_english(one.detail) and one.detail else ''} at {one.at:%H:%M}"
            for one in reaction.interventions
        )
        yield f"Done and given: {done}."
    yield _ended(reaction)
    yield _serious(reaction)
    if reaction.expected is not None:
        yield f"By the label it was {'expected' if reaction.expected else 'unexpected'}."
    for one in reaction.assessments:
        yield f"Causality by {one.source} ({one.method}): {one.result}."
    yield _RECHALLENGES.get(reaction.rechallenge, "")


def _named(reaction: CaseReaction) -> str:
    severity = f"{reaction.severity} " if reaction.severity else ""
    name = _within(reaction.english)
    return f"{severity}{name}"


def _since(reaction: CaseReaction, content: CaseContent) -> str:
    infusion = next(
        (one for drug in content.drugs for one in drug.infusions if one.session_id == reaction.session_id),
        None,
    )
    if infusion is None or reaction.onset_at < infusion.started_at:
        return ""
    since = f", {span(_minutes(infusion.started_at, reaction.onset_at))} after the start"
    if infusion.ended_at is not None and reaction.onset_at > infusion.ended_at:
        return f"{since} and {span(_minutes(infusion.ended_at, reaction.onset_at))} after the end of the infusion,"
    return f"{since} of the infusion,"


def _ended(reaction: CaseReaction) -> str:
    outcome = _OUTCOMES.get(reaction.outcome, _OUTCOMES["unknown"])
    if reaction.ended_at is None:
        return f"{outcome}."
    return f"{outcome}; it had passed by {when(reaction.ended_at)}."


def _serious(reaction: CaseReaction) -> str:
    if reaction.seriousness is None:
        return ""
    if not reaction.seriousness:
        return "It met no criterion of seriousness."
    return "It " + " and ".join(_CRITERIA[code] for code in reaction.seriousness) + "."


def _measurements(measurements: Iterable[Measurement]) -> str:
    """What was measured, each moment once."""
    moments: dict[tuple[datetime, str], list[str]] = {}
    for one in sorted(measurements, key=lambda one: (one.taken_at, one.comment, one.name)):
        moments.setdefault((one.taken_at, one.comment), []).append(f"{one.name} {_amount(one)}")
    told = [
        f"{when(at)}{f' ({comment})' if comment else ''}: {', '.join(results)}."
        for (at, comment), results in moments.items()
    ]
    return f"Measured on {' On '.join(told)}" if told else ""


def _amount(one: Measurement) -> str:
    if one.value is None:
        return one.text
    return one.text or f"{one.comparator}{plain(one.value)} {one.unit}".strip()


def _answers(content: CaseContent) -> str:
    told = [
        f"Asked “{one.question}”, the ward answered: “{one.answer}”."
        for one in content.answers
        if reads_as_english(f"{one.question} {one.answer}")
    ]
    return " ".join(told)


def draft_native(content: CaseContent) -> str:
    """What the ward wrote in its own words and language (H.5): notes, and questions with their answers."""
    notes = [
        f"{reaction.verbatim}: {reaction.note.strip()}"
        for reaction in content.reactions
        if reaction.note.strip()
    ]
    answers = [f"{one.question}\n– {one.answer}" for one in content.answers]
    return "\n\n".join([*notes, *answers])[:MAX_LENGTH]
