"""Whole vials for a volume. Immunoglobulin is dear and a broached vial is waste, so days are rounded to vials."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, ROUND_HALF_UP, Decimal

from apps.kernel.errors import DomainError
from apps.kernel.text import N_

_MAX_VOLUME_ML = Decimal(20_000)
_HUNDREDTH = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class VialPlan:
    """Vials as (size in mL, count), largest first; `deviation_percent` of the wanted volume, signed, to 0.01."""

    vials: tuple[tuple[int, int], ...]
    volume_ml: Decimal
    deviation_percent: Decimal
    within_tolerance: bool


def plan_vials(
    *, volume_ml: Decimal, vial_sizes_ml: Sequence[int], tolerance_percent: Decimal = Decimal(5)
) -> VialPlan:
    """The fewest whole vials within the tolerance of `volume_ml`.

    Ties go to the smallest deviation, then to the larger vials. When nothing lies within the tolerance, the
    closest volume from above is planned and `within_tolerance` is False. Raises DomainError
    `volume_out_of_range` or `vial_sizes_missing`. Source: NEL page, Preparater og dosering (240 mL
    "tilnærmes til 250 ml"); clinical facts 1.4 S3-07 to S3-09; flag above 5 %: 9.1 C15.
    """
    _refuse_unfit(volume_ml, vial_sizes_ml)
    margin = volume_ml * tolerance_percent / 100
    lowest = max(1, int((volume_ml - margin).to_integral_value(ROUND_CEILING)))
    highest = int((volume_ml + margin).to_integral_value(ROUND_FLOOR))
    at_least = int(volume_ml.to_integral_value(ROUND_CEILING))
    counts = _fewest_vials(max(highest, at_least + min(vial_sizes_ml)), vial_sizes_ml)
    best = _best_within(counts, range(lowest, highest + 1), volume_ml, vial_sizes_ml)
    within = best is not None
    if best is None:
        best = _compose(counts, _first_reachable(counts, at_least), vial_sizes_ml)
    return _plan(best, volume_ml, within)


def plan_least_waste(
    *, volume_ml: Decimal, vial_sizes_ml: Sequence[int], tolerance_percent: Decimal = Decimal(5)
) -> VialPlan:
    """The whole vials that hold `volume_ml` with the least left over, and of those the fewest.

    Raises DomainError `volume_out_of_range` or `vial_sizes_missing`.
    """
    _refuse_unfit(volume_ml, vial_sizes_ml)
    at_least = int(volume_ml.to_integral_value(ROUND_CEILING))
    counts = _fewest_vials(at_least + min(vial_sizes_ml), vial_sizes_ml)
    vials = _compose(counts, _first_reachable(counts, at_least), vial_sizes_ml)
    return _plan(vials, volume_ml, (sum(vials) - volume_ml) * 100 <= volume_ml * tolerance_percent)


def _plan(vials: tuple[int, ...], volume_ml: Decimal, within_tolerance: bool) -> VialPlan:
    total = Decimal(sum(vials))
    deviation = (total - volume_ml) * 100 / volume_ml
    return VialPlan(
        vials=tuple(sorted(Counter(vials).items(), reverse=True)),
        volume_ml=total,
        deviation_percent=deviation.quantize(_HUNDREDTH, rounding=ROUND_HALF_UP),
        within_tolerance=within_tolerance,
    )


def _first_reachable(counts: list[int | None], at_least: int) -> int:
    return next(amount for amount in range(at_least, len(counts)) if counts[amount] is not None)


def _refuse_unfit(volume_ml: Decimal, vial_sizes_ml: Sequence[int]) -> None:
    if not 0 < volume_ml <= _MAX_VOLUME_ML:
        raise DomainError(
            "volume_out_of_range",
            N_("A volume of %(volume_ml)s mL is outside 0 to %(maximum)s mL."),
            volume_ml=volume_ml,
            maximum=_MAX_VOLUME_ML,
        )
    if not vial_sizes_ml or min(vial_sizes_ml) <= 0:
        raise DomainError("vial_sizes_missing", N_("The vial sizes of the product are not known."))


def _fewest_vials(highest_ml: int, sizes: Sequence[int]) -> list[int | None]:
    """For every whole mL up to `highest_ml` the fewest vials that make it, None where none do."""
    counts: list[int | None] = [0] + [None] * highest_ml
    for amount in range(1, highest_ml + 1):
        fewest: int | None = None
        for size in sizes:
            if size <= amount:
                before = counts[amount - size]
                if before is not None and (fewest is None or before + 1 < fewest):
                    fewest = before + 1
        counts[amount] = fewest
    return counts


def _best_within(
    counts: list[int | None], amounts: range, volume_ml: Decimal, sizes: Sequence[int]
) -> tuple[int, ...] | None:
    reachable = [(count, amount) for amount in amounts if (count := counts[amount]) is not None]
    if not reachable:
        return None
    fewest = min(count for count, _ in reachable)
    amounts_left = [amount for count, amount in reachable if count == fewest]
    least = min(abs(amount - volume_ml) for amount in amounts_left)
    return max(_compose(counts, amount, sizes) for amount in amounts_left if abs(amount - volume_ml) == least)


def _compose(counts: list[int | None], amount: int, sizes: Sequence[int]) -> tuple[int, ...]:
    """The vials, largest first, that make `amount` with the fewest pieces and the largest sizes."""
    vials: list[int] = []
    while amount:
        count = counts[amount] or 0
        size = next(s for s in sorted(sizes, reverse=True) if s <= amount and counts[amount - s] == count - 1)
        vials.append(size)
        amount -= size
    return tuple(vials)
