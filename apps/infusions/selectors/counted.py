"""Many infusions at once, for counting: a few queries however many there are."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import Min

from apps.infusions.models import HungVial, InfusionSession, RateChange
from apps.lots.domain import same_lot


@dataclass(frozen=True, slots=True)
class CountedInfusion:
    """An infusion that was begun. `lots` as hung, oldest first; `steps` those of the plan that it reached.

    `is_first` where it is the patient's first one known here.
    """

    session_id: int
    ward_id: int
    patient_id: int
    product_code: str
    started_at: datetime
    is_first: bool
    lots: tuple[str, ...]
    steps: tuple[int, ...]
    risks: tuple[str, ...]


def counted_infusions(
    ward_ids: Collection[int],
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    product_code: str | None = None,
) -> list[CountedInfusion]:
    """The infusions begun on these wards within [since, until), of one product or of all, the oldest first."""
    begun = InfusionSession.objects.filter(ward_id__in=ward_ids, started_at__isnull=False)
    if since is not None:
        begun = begun.filter(started_at__gte=since)
    if until is not None:
        begun = begun.filter(started_at__lt=until)
    if product_code is not None:
        begun = begun.filter(product_code=product_code)
    fields = ("pk", "ward_id", "patient_id", "product_code", "started_at", "risk_factors")
    rows = list(begun.order_by("started_at", "pk").values_list(*fields))
    session_ids, patient_ids = [row[0] for row in rows], {row[2] for row in rows}
    first_at = dict(
        InfusionSession.objects.filter(patient_id__in=patient_ids, started_at__isnull=False)
        .values_list("patient_id")
        .annotate(Min("started_at"))
    )
    lots, steps = _lots(session_ids), _steps(session_ids)
    return [
        CountedInfusion(
            session_id=session_id,
            ward_id=ward_id,
            patient_id=patient_id,
            product_code=product,
            started_at=started_at,
            is_first=started_at == first_at[patient_id],
            lots=tuple(lots[session_id]),
            steps=tuple(sorted(steps[session_id])),
            risks=tuple(risks),
        )
        for session_id, ward_id, patient_id, product, started_at, risks in rows
        if started_at is not None
    ]


@dataclass(frozen=True, slots=True)
class LotExposure:
    """One infusion with a lot. `hung_g`: grams of the lot that were hung; None where a volume was not kept."""

    session_id: int
    course_id: int
    day_number: int
    patient_id: int
    patient_name: str
    pseudonym: str
    ward: str
    started_at: datetime
    hung_g: Decimal | None


def infusions_with_lot(ward_ids: Collection[int], product_code: str, lot_number: str) -> list[LotExposure]:
    """The infusions begun on these wards with a lot of a product, however its number is written, oldest first."""
    vials = HungVial.objects.filter(
        session__product_code=product_code,
        session__ward_id__in=ward_ids,
        session__started_at__isnull=False,
    ).exclude(status=HungVial.Status.ENTERED_IN_ERROR)
    written = vials.order_by().values_list("lot_number", flat=True).distinct()
    meant = [lot for lot in written if same_lot(lot) == same_lot(lot_number)]
    found: dict[int, list[HungVial]] = defaultdict(list)
    for vial in vials.filter(lot_number__in=meant).select_related("session__patient", "session__ward"):
        found[vial.session_id].append(vial)
    exposures = [_exposure(hung) for hung in found.values()]
    return sorted(exposures, key=lambda one: (one.started_at, one.session_id))


def _exposure(hung: list[HungVial]) -> LotExposure:
    session = hung[0].session
    assert session.started_at is not None
    volumes = [vial.volume_ml for vial in hung]
    known = [volume for volume in volumes if volume is not None]
    grams = sum(known, Decimal(0)) * session.concentration_mg_per_ml / 1000
    return LotExposure(
        session_id=session.pk,
        course_id=session.course_id,
        day_number=session.day_number,
        patient_id=session.patient_id,
        patient_name=session.patient.name,
        pseudonym=session.patient.pseudonym,
        ward=session.ward.name,
        started_at=session.started_at,
        hung_g=grams if len(known) == len(volumes) else None,
    )


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
