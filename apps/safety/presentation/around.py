"""What happened around an event: rate, volume, lots, vital signs, actions, laboratory values."""

from datetime import timedelta
from decimal import Decimal
from typing import Any

from apps.guidelines.domain import Guidelines
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.infusions.domain import VITAL_SIGNS, Vitals
from apps.infusions.selectors import infusion_timeline
from apps.kernel.numbers import plain
from apps.laboratory.selectors import ShownResult
from apps.safety.domain import whole_minutes
from apps.safety.selectors import AdverseEventRecord, Surroundings

_SIGNS_BEFORE = timedelta(hours=2)
_SIGNS_AFTER = timedelta(hours=6)
_HAPPENED_BEFORE = timedelta(hours=2)
_HAPPENED_AFTER = timedelta(hours=12)
_TENTH = Decimal("0.1")


def around_event(event: AdverseEventRecord, around: Surroundings) -> dict[str, Any]:
    """The infusion at onset, sets of vital signs and entries around it, laboratory values before and after."""
    infusion, picture = around.infusion, around.picture
    change = picture.last_change
    started, onset, guidelines = infusion.started_at, event.onset_at, current_guidelines()
    return {
        "day_number": infusion.day_number,
        "days": infusion.days,
        "minutes_since_start": whole_minutes(onset - started) if started else None,
        "hours_since_end": _hours(onset - infusion.ended_at)
        if infusion.ended_at and onset > infusion.ended_at
        else None,
        "rate_ml_per_h": plain(change[0].rate_ml_per_h) if change else None,
        "rate_ml_per_kg_h": plain(change[0].rate_ml_per_kg_h) if change else None,
        "step": change[0].step_index + 1 if change and change[0].step_index is not None else None,
        "minutes_since_change": whole_minutes(onset - change[0].at) if change else None,
        "rate_before_ml_per_h": plain(change[1].rate_ml_per_h) if change and change[1] else None,
        "volume_given_ml": plain(infusion.given_ml),
        "volume_total_ml": plain(infusion.volume_total_ml),
        "dose_given_g": plain(infusion.given_g.quantize(_TENTH)),
        "lots": [
            {
                "lot_number": lot.lot_number,
                "expires_on": lot.expires_on,
                "hung_at": lot.hung_at,
                "volume_ml": plain(lot.volume_ml) if lot.volume_ml is not None else None,
                "before_onset": lot.hung_at <= onset,
            }
            for lot in infusion.lots
        ],
        "signs": [
            _signs(taken, onset_after=taken.effective_at > onset)
            for taken in infusion.observations
            if taken is infusion.baseline
            or onset - _SIGNS_BEFORE <= taken.effective_at <= onset + _SIGNS_AFTER
        ],
        "happened": [
            entry
            for entry in reversed(infusion_timeline(event.session_id))
            if onset - _HAPPENED_BEFORE <= entry["at"] <= onset + _HAPPENED_AFTER
        ],
        "laboratory": [
            _result(one, guidelines, onset_after=one.taken_at > onset) for one in around.laboratory
        ],
    }


def _signs(taken: Vitals, *, onset_after: bool) -> dict[str, Any]:
    values = {sign: getattr(taken, sign) for sign in VITAL_SIGNS}
    measured = {sign: str(value) for sign, value in values.items() if value not in (None, "")}
    return {"effective_at": taken.effective_at, "after_onset": onset_after, "values": measured}


def _result(result: ShownResult, guidelines: Guidelines, *, onset_after: bool) -> dict[str, Any]:
    known = {analyte.code: analyte for analyte in guidelines.analytes}
    analyte = known.get(result.analyte)
    choice = analyte.choice(result.choice) if analyte and result.choice else None
    return {
        "analyte": result.analyte,
        "name": in_reader_language(analyte.name) if analyte else result.analyte,
        "value": in_reader_language(choice.name) if choice else result.value,
        "unit": result.unit,
        "taken_at": result.taken_at,
        "after_onset": onset_after,
    }


def _hours(span: timedelta) -> str:
    return plain((Decimal(whole_minutes(span)) / 60).quantize(_TENTH))
