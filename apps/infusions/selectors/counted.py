"""Many infusions at once, for counting: a few queries however many there are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min

from apps.infusions.models import HungVial, InfusionSession, RateChange


@dataclass(frozen=True, slots=True)
class CountedInfusion:
    """An infusion that was begun. `lots` as hung, oldest first; `steps` those of the plan that it reached.

    `is_first` where it is the patient's first one known here.
    """

    session_id: int
    patient_id: int
    product_code: str
    started_at: datetime
    is_first: bool
    lots: tuple[str, ...]
    steps: tuple[int, ...]
    risks: tuple[str, ...]


def counted_infusions(
    ward_ids: Collection[int], *, since: datetime | None = None, until: datetime | None = None
) -> list[CountedInfusion]:
    """The infusions begun on these wards within [since, until), the oldest first."""
    begun = InfusionSession.objects.filter(ward_id__in=ward_ids, started_at__isnull=False)
    if since is not None:
        begun = begun.filter(started_at__gte=since)
    if until is not None:
        begun = begun.filter(started_at__lt=until)
    fields = ("pk", "patient_id", "product_code", "started_at", "risk_factors")
    rows = list(begun.order_by("started_at", "pk").values_list(*fields))
    session_ids, patient_ids = [row[0] for row in rows], {row[1] for row in rows}
    first_at = dict(
        InfusionSession.objects.filter(patient_id__in=patient_ids, started_at__isnull=False)
        .values_list("patient_id")
        .annotate(Min("started_at"))
    )
    lots, steps = _lots(session_ids), _steps(session_ids)
    return [
        CountedInfusion(
            session_id=session_id,
            patient_id=patient_id,
            product_code=product_code,
            started_at=started_at,
            is_first=started_at == first_at[patient_id],
            lots=tuple(lots[session_id]),
            steps=tuple(sorted(steps[session_id])),
            risks=tuple(risks),
        )
        for session_id, patient_id, product_code, started_at, risks in rows
        if started_at is not None
    ]


def _lots(session_ids: list[int]) -> dict[int, dict[str, None]]:
    found: dict[int, dict[str, None]] = defaultdict(dict)
    vials = HungVial.objects.filter(session_id__in=session_ids).exclude(
        status=HungVial.Status.ENTERED_IN_ERROR
    )
    for session_id, lot in vials.order_by("hung_at", "pk").values_list("session_id", "lot_number"):
        found[session_id][lot] = None
    return found


def _steps(session_ids: list[int]) -> dict[int, set[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    changes = RateChange.objects.filter(session_id__in=session_ids, rate_ml_per_h__gt=0, step_index__gte=0)
    for session_id, step in changes.values_list("session_id", "step_index").distinct():
        found[session_id].add(step)
    return found
