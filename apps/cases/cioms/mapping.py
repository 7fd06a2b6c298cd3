"""From a report (ICH E2B R3) to the fields of the CIOMS I form.

Which element fills which field follows the mapping between the two that the Uppsala Monitoring Centre published.
"""

from collections.abc import Callable
from datetime import datetime, timedelta

from apps.cases.cioms.content import NO, NOT_APPLICABLE, YES, CiomsForm, Paragraphs
from apps.cases.cioms.told import (
    date_parts,
    described,
    dose_told,
    drug_told,
    history_told,
    onset_and_age,
    reporter_told,
    sender_told,
    told,
    told_time,
)
from apps.cases.domain.versions import Kind
from apps.icsr.domain import Dosage, Drug, E2bTime, Icsr, Reaction
from apps.icsr.domain.times import Precision

SUSPECT_ROLES = frozenset({"1", "3"})
SERIOUSNESS = {
    "results_in_death": "death",
    "hospitalisation": "hospitalisation",
    "disabling": "disability",
    "life_threatening": "life_threatening",
    "congenital_anomaly": "congenital_anomaly",
    "medically_important": "medically_important",
}
_WITHDRAWN_OR_REDUCED = frozenset({"1", "2"})
_ABATED, _NOT_ABATED = frozenset({"1", "2", "4"}), frozenset({"3", "5"})
_SEXES = {"1": "male", "2": "female"}
_SOURCES = {"1": "health_professional", "2": "health_professional", "3": "health_professional"}
_STUDY = "2"
NOT_TOLD = "not told in this version"


def cioms_form(report: Icsr, *, kind: Kind, version: int, now: datetime) -> CiomsForm:
    """The form of a report. `kind` and `version` are the case version's: a report alone does not tell a follow-up."""
    suspects = [drug for drug in report.drugs if drug.role in SUSPECT_ROLES]
    onset, age = onset_and_age(report)
    who = report.identification
    numbered = list(enumerate(suspects, start=1))
    return CiomsForm(
        initials=told(report.patient.name),
        country=next((one.country for one in report.reactions if one.country), ""),
        born=date_parts(report.patient.born),
        age=age,
        sex=_SEXES.get(str(report.patient.sex), told(report.patient.sex)),
        onset=onset,
        description=described(report),
        seriousness=_criteria(report.reactions),
        suspect_drugs=tuple(drug_told(number, drug) for number, drug in numbered),
        daily_doses=_doses(numbered),
        routes=tuple(f"{number}. {_route(drug)}" for number, drug in numbered),
        indications=tuple(
            f"{number}. {'; '.join(told(one.text) for one in drug.indications) or NOT_TOLD}"
            for number, drug in numbered
        ),
        therapy_dates=_of_dosages(
            numbered, lambda row: f"{told_time(row.started)} – {told_time(row.ended) or 'going on'}"
        ),
        therapy_duration=_of_dosages(numbered, lambda row: _duration(row.started, row.ended)),
        abated=_abated(suspects, report.reactions),
        reappeared=_reappeared(suspects),
        concomitant=tuple(f"{drug.name or NOT_TOLD}" for drug in report.drugs if drug.role == "2")
        or (NOT_TOLD,),
        history=history_told(report),
        sender=sender_told(report.sender, report.primary_sources),
        control_number=who.report_id or who.worldwide_id or "",
        received=told_time(who.first_received if kind is Kind.INITIAL else who.most_recent, days=True),
        sources=_sources(report),
        report_date=told_time(who.created, days=True),
        report_type=frozenset({"initial" if kind is Kind.INITIAL else "follow_up"}),
        remarks=_remarks(report, kind),
        version=version,
        nullified=kind is Kind.NULLIFICATION,
        printed_at=now,
    )


def _criteria(reactions: tuple[Reaction, ...]) -> frozenset[str]:
    return frozenset(
        code
        for reaction in reactions
        for field, code in SERIOUSNESS.items()
        if getattr(reaction, field) is True
    )


def _of_dosages(numbered: list[tuple[int, Drug]], say: Callable[[Dosage], str]) -> Paragraphs:
    """One paragraph for each dosage, its lot named so that rows of the boxes can be matched."""
    rows = []
    for number, drug in numbered:
        for row in drug.dosages:
            lot = f" (lot {row.lot})" if row.lot else ""
            rows.append(f"{number}. {say(row)}{lot}")
    return tuple(rows)


def _doses(numbered: list[tuple[int, Drug]]) -> Paragraphs:
    """Each lot's dose, then g/kg and rates, once for all lots of an infusion."""
    said = [f"{number}. {row.text}" for number, drug in numbered for row in drug.dosages if row.text]
    return (*_of_dosages(numbered, dose_told), *dict.fromkeys(said))


def _route(drug: Drug) -> str:
    return ", ".join(dict.fromkeys(told(row.route) for row in drug.dosages if row.route)) or NOT_TOLD


def _duration(started: object, ended: object) -> str:
    """Hours and minutes where both ends are known to the minute; else what is known is in the dates."""
    if not (isinstance(started, E2bTime) and isinstance(ended, E2bTime)):
        return NOT_TOLD
    if min(started.precision, ended.precision) < Precision.MINUTE:
        return NOT_TOLD
    minutes = (ended.earliest() - started.earliest()) // timedelta(minutes=1)
    hours, rest = divmod(max(minutes, 0), 60)
    return f"{hours} h {rest:02} min" if hours else f"{rest} min"


def _abated(drugs: list[Drug], reactions: tuple[Reaction, ...]) -> frozenset[str]:
    """Field 20. Both boxes where reactions differ; none where the action is not known."""
    ticked: set[str] = set()
    for drug in drugs:
        if drug.action_taken in _WITHDRAWN_OR_REDUCED:
            about = {link.reaction for link in drug.reactions} or set(range(1, len(reactions) + 1))
            outcomes = {one.outcome for number, one in enumerate(reactions, start=1) if number in about}
            ticked |= {YES} if outcomes & _ABATED else set()
            ticked |= {NO} if outcomes & _NOT_ABATED else set()
        elif drug.action_taken in {"3", "4", "9"}:
            ticked.add(NOT_APPLICABLE)
    return frozenset(ticked)


def _reappeared(drugs: list[Drug]) -> frozenset[str]:
    """Field 21. Not applicable where nothing was given again; none where its outcome is not known."""
    boxes = {"1": YES, "2": NO, "4": NOT_APPLICABLE}
    recurrences = [link.recurrence for drug in drugs for link in drug.reactions]
    return frozenset(boxes[code] for code in recurrences if code in boxes)


def _sources(report: Icsr) -> frozenset[str]:
    found = {
        _SOURCES.get(str(source.qualification), "other")
        for source in report.primary_sources
        if isinstance(source.qualification, str) and len(str(source.qualification)) == 1
    }
    found |= {"literature"} if report.literature else set()
    found |= {"study"} if report.identification.report_type == _STUDY else set()
    return frozenset(found)


def _remarks(report: Icsr, kind: Kind) -> Paragraphs:
    who, said = report.identification, []
    if kind in (Kind.AMENDMENT, Kind.NULLIFICATION):
        said.append(f"{kind.value.capitalize()}: {who.change_reason or NOT_TOLD}")
    said += [f"Reporter: {words}" for source in report.primary_sources if (words := reporter_told(source))]
    if who.worldwide_id:
        said.append(f"Worldwide case number {who.worldwide_id}")
    if who.linked_reports:
        said.append(f"Linked reports: {', '.join(who.linked_reports)}")
    said.append("The sender is no manufacturer: fields 24a to 24c name who sends the report.")
    return tuple(said)
