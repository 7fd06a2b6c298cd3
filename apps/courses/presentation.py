"""Repeats and replacement therapy as their pages show them."""

from datetime import date
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from apps.courses import words
from apps.courses.api.entry_shapes import InfectionSerializer, ResponseSerializer, TroughSerializer
from apps.courses.api.shapes import OrderFindingSerializer
from apps.courses.domain.intervals import timing
from apps.courses.domain.maintenance import DoseOption, Proposal
from apps.courses.domain.replacement import Therapy, TroughTarget, is_too_early
from apps.courses.records import finding_records
from apps.courses.selectors import (
    CourseRecord,
    GivenDay,
    Repeat,
    Replacement,
    first_given_on,
    given_days,
    repeat_of_course,
    repeats_of_patient,
    replacement_of,
    responses_of,
)
from apps.courses.selectors.replacement import as_trough
from apps.edge.messages import fill
from apps.guidelines.domain import DoseRegimen, MaintenanceAlgorithm
from apps.guidelines.selectors import current_guidelines, guidelines_version, in_reader_language
from apps.kernel.numbers import plain


def course_repeat(course: CourseRecord, *, today: date) -> dict[str, Any]:
    """What followed and may follow one course: `repeat` is None before it began or once a later one did."""
    repeat = repeat_of_course(course, today=today)
    return {
        "begun": first_given_on(course) is not None,
        "repeat": repeat and _repeat(repeat, today),
        "responses": _responses(course),
        "outcomes": _choices(words.OUTCOME),
    }


def patient_repeats(patient_id: int, *, today: date) -> list[dict[str, Any]]:
    """The next steps of a patient, one for each disease, with the responses to its newest course."""
    return [
        {**_repeat(repeat, today), "responses": _responses(repeat.course)}
        for repeat in repeats_of_patient(patient_id, today=today)
    ]


def replacement_page(patient_id: int, *, today: date) -> dict[str, Any]:
    """Replacement therapy of a patient: what calls for a review, targets, every entry, and the plot's data."""
    replacement = replacement_of(patient_id, today=today)
    days = given_days(patient_id)
    return {
        "indication": replacement.indication and in_reader_language(replacement.indication.name),
        "therapy": _therapy(replacement, today),
        "reviews": OrderFindingSerializer(finding_records(replacement.reviews, {}), many=True).data,
        "targets": [_target(target) for target in replacement.therapy.targets],
        "entries": _entries(replacement, days),
        "severities": _choices(words.SEVERITY),
        "plot": _plot(replacement, days),
    }


def cumulative_dose(patient_id: int, *, today: date) -> dict[str, Any]:
    """What was given in all, day by day: rows for the table, and the plot's data up to today."""
    rows: list[dict[str, Any]] = []
    grams = per_kg = Decimal(0)
    for day in given_days(patient_id):
        if day.grams is not None and day.g_per_kg is not None:
            grams, per_kg = grams + day.grams, per_kg + day.g_per_kg
        rows.append(
            {
                "on": day.on,
                "course_id": day.course_id,
                "number": day.number,
                "grams": day.grams,
                "g_per_kg": day.g_per_kg,
                "grams_in_all": grams,
                "g_per_kg_in_all": per_kg,
            }
        )
    points = [_point(row["on"], row["grams_in_all"], row["g_per_kg_in_all"]) for row in rows]
    if points and rows[-1]["on"] < today:
        points.append(_point(today, grams, per_kg))
    return {
        "rows": rows[::-1],
        "grams": grams,
        "g_per_kg": per_kg,
        "unknown": any(row["grams"] is None for row in rows),
        "plot": {
            "days": points,
            "labels": {"grams": _("Given in all, g"), "per_kg": _("Given in all, g/kg")},
        },
    }


def _repeat(repeat: Repeat, today: date) -> dict[str, Any]:
    indication = guidelines_version(repeat.course.guideline_version).indication(repeat.course.indication_code)
    window, algorithm = repeat.window, repeat.algorithm
    return {
        "course_id": repeat.course.pk,
        "indication": in_reader_language(indication.name),
        "last_day": repeat.last_day,
        "ordered_on": repeat.ordered_on,
        "interval": _interval(repeat.regimen),
        "window": window
        and {
            "earliest": window.earliest,
            "latest": window.latest,
            "timing": timing(window.earliest, window.latest, today=today),
        },
        "proposal": algorithm and repeat.proposal and _proposal(repeat.proposal, algorithm, today),
        "algorithm": algorithm
        and {
            "quotes": algorithm.quotes,
            "source": algorithm.citation.label,
            "remark": in_reader_language(algorithm.remark),
        },
    }


def _interval(regimen: DoseRegimen) -> dict[str, Any]:
    least, most = regimen.interval_days_min, regimen.interval_days_max
    return {
        "known": least is not None or most is not None,
        "queried": regimen.queried,
        "least": least,
        "most": most,
        "quote": regimen.quote,
    }


def _proposal(proposal: Proposal, algorithm: MaintenanceAlgorithm, today: date) -> dict[str, Any]:
    return {
        "step": proposal.step.value,
        "step_word": words.STEP[proposal.step],
        "text": fill(proposal.message, proposal.params),
        "due_on": proposal.due_on,
        "timing": proposal.timing(today),
        "interval_days": proposal.interval_days,
        "doses": [_dose(option, algorithm.reduction_percent) for option in proposal.doses],
        "response_missing": proposal.response_missing,
    }


def _dose(option: DoseOption, percent: Decimal) -> dict[str, Any]:
    return {
        "reading": option.reading,
        "word": fill(words.READING[option.reading], {"percent": percent}),
        "g_per_kg": plain(option.dose_mg_per_kg / 1000),
    }


def _responses(course: CourseRecord) -> list[dict[str, Any]]:
    rows = ResponseSerializer(responses_of(course), many=True).data
    return [{**row, "outcome_word": words.OUTCOME[row["outcome"]]} for row in reversed(rows)]


def _therapy(replacement: Replacement, today: date) -> dict[str, Any]:
    days = replacement.therapy.infusion_days
    return {
        "last_day": max(days, default=None),
        "days_since": (today - max(days)).days if days else None,
        "interval": replacement.regimen and _interval(replacement.regimen),
    }


def _target(target: TroughTarget) -> dict[str, Any]:
    return {
        "source": target.source,
        "row": target.row,
        "minimum": target.minimum_g_per_l,
        "maximum": target.maximum_g_per_l,
        "own": target.own,
        "quote": target.citation.quote,
    }


def _entries(replacement: Replacement, days: list[GivenDay]) -> list[dict[str, Any]]:
    """Doses, troughs and infections in one list, newest first: what the plot shows, and what it leaves out."""
    doses = [{"kind": "dose", "on": day.on, "grams": day.grams, "course_id": day.course_id} for day in days]
    troughs = [
        {
            **TroughSerializer(row).data,
            "kind": "trough",
            "on": row.measured_on,
            "days_since": replacement.therapy.days_since_infusion(row.measured_on),
            "too_early": is_too_early(current_guidelines(), replacement.therapy, as_trough(row)),
            "compared": _compared(replacement.therapy, row.igg_g_per_l),
        }
        for row in replacement.troughs
    ]
    infections = [
        {
            **InfectionSerializer(row).data,
            "kind": "infection",
            "on": row.occurred_on,
            "severity_word": words.SEVERITY[row.severity],
        }
        for row in replacement.infections
    ]
    return sorted([*doses, *troughs, *infections], key=_day_of, reverse=True)


def _compared(therapy: Therapy, igg_g_per_l: Decimal) -> list[dict[str, Any]]:
    return [
        {
            "code": target.compare(igg_g_per_l),
            "word": words.COMPARISON[target.compare(igg_g_per_l)],
            "source": target.source if len(therapy.targets) > 1 else "",
            "row": target.row,
        }
        for target in therapy.targets
    ]


def _plot(replacement: Replacement, days: list[GivenDay]) -> dict[str, Any]:
    return {
        "doses": [
            {"on": day.on.isoformat(), "value": plain(day.grams)} for day in days if day.grams is not None
        ],
        "troughs": [
            {"on": row.measured_on.isoformat(), "value": plain(row.igg_g_per_l)}
            for row in replacement.troughs
            if not row.entered_in_error
        ],
        "infections": [
            {"on": row.occurred_on.isoformat(), "severity": row.severity}
            for row in replacement.infections
            if not row.entered_in_error
        ],
        "targets": [
            {
                "minimum": target.minimum_g_per_l and plain(target.minimum_g_per_l),
                "maximum": target.maximum_g_per_l and plain(target.maximum_g_per_l),
                "own": target.own,
            }
            for target in replacement.therapy.targets
        ],
        "labels": {"dose": _("Dose, g"), "igg": _("IgG, g/L")},
    }


def _point(on: date, grams: Decimal, per_kg: Decimal) -> dict[str, str]:
    return {"on": on.isoformat(), "grams": plain(grams), "per_kg": plain(round(per_kg, 3))}


def _choices(names: dict[str, Any]) -> list[dict[str, Any]]:
    return [{"code": code, "name": name} for code, name in names.items()]


def _day_of(entry: dict[str, Any]) -> date:
    on: date = entry["on"]
    return on
