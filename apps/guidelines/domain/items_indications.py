"""Reading indications: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Iterable
from decimal import Decimal

from apps.guidelines.domain.indications import (
    ANOMALY_KINDS,
    BASES,
    CATEGORIES,
    EVIDENCE,
    PHASES,
    POPULATIONS,
    Anomaly,
    DoseRegimen,
    Indication,
    Target,
)
from apps.guidelines.domain.reading import Node, refuse


def indication(node: Node, document: str) -> Indication:
    """An indication of a document.

    Its regimens have codes of their own; a queried one is named by an anomaly, so that nobody is asked to
    accept a reading without being told why; an anomaly names regimens of this row only.
    """
    name = node.child("name")
    name_fa = name.optional_text("fa")
    inferred = node.boolean("name_fa_inferred")
    if name_fa is None and not inferred:
        raise refuse(f"{node.where}.name_fa_inferred", "must be true where the Persian name was lost")
    regimens = tuple(_regimen(child) for child in node.children("regimens"))
    anomalies = tuple(_anomaly(child) for child in node.children("anomalies"))
    _check_regimens(node.where, regimens, anomalies)
    return Indication(
        document=document,
        row=node.optional_integer("row"),
        slug=node.text("slug"),
        disease=node.text("disease"),
        name_fa=name_fa,
        name_en=name.text("en"),
        name_nb=name.text("nb"),
        name_fa_inferred=inferred,
        category=node.one_of("category", *CATEGORIES),
        evidence=node.one_of("evidence", *EVIDENCE),
        population=_population(node),
        conditions=node.local_texts("conditions"),
        targets=tuple(_target(child) for child in node.children("targets")),
        regimens=regimens,
        anomalies=anomalies,
        quotes=_quotes(node),
    )


def _population(node: Node) -> tuple[str, ...]:
    population = node.words("population", *POPULATIONS)
    if not population:
        raise refuse(f"{node.where}.population", "must name someone, or any")
    return population


def _quotes(node: Node) -> tuple[str, ...]:
    quotes = node.texts("quotes")
    if not quotes or not all(quotes):
        raise refuse(f"{node.where}.quotes", "must hold the source's words")
    return quotes


def _target(node: Node) -> Target:
    minimum, maximum = node.optional_number("minimum"), node.optional_number("maximum")
    _refuse_disorder(node, "minimum", minimum, maximum)
    if minimum is None and maximum is None:
        raise refuse(node.where, "must have a minimum or a maximum")
    return Target(
        code=node.text("code"),
        minimum=minimum,
        maximum=maximum,
        unit=node.text("unit"),
        quote=node.free_text("quote"),
    )


def _regimen(node: Node) -> DoseRegimen:
    amount_min, amount_max = _whole(node, "amount_mg_per_kg")
    probable_min, probable_max = _whole(node, "probable_amount_mg_per_kg")
    interval_min, interval_max = _range(node, "interval_days")
    hours_min, hours_max = _range(node, "infusion_hours")
    days_min, days_max = node.optional_integer("days_min"), node.optional_integer("days_max")
    _refuse_disorder(node, "days_min", days_min, days_max)
    basis, queried = node.optional_one_of("basis", *BASES), node.boolean("queried")
    if basis is None and amount_max is not None and not queried:
        raise refuse(f"{node.where}.basis", "must be given, or the regimen queried")
    return DoseRegimen(
        code=node.text("code"),
        phase=node.one_of("phase", *PHASES),
        amount_mg_per_kg_min=amount_min,
        amount_mg_per_kg_max=amount_max,
        probable_amount_mg_per_kg_min=probable_min,
        probable_amount_mg_per_kg_max=probable_max,
        basis=basis,
        probable_basis=node.optional_one_of("probable_basis", *BASES),
        days_min=days_min,
        days_max=days_max,
        interval_days_min=interval_min,
        interval_days_max=interval_max,
        infusion_hours_min=hours_min,
        infusion_hours_max=hours_max,
        repeats_max=node.optional_integer("repeats_max"),
        max_cumulative_mg_per_kg=node.optional_number("max_cumulative_mg_per_kg"),
        queried=queried,
        quote=node.text("quote"),
    )


def _anomaly(node: Node) -> Anomaly:
    return Anomaly(
        kind=node.one_of("kind", *ANOMALY_KINDS),
        text=node.local_text("text"),
        regimen_codes=node.texts("regimens"),
        related=node.texts("related"),
    )


def _whole(node: Node, name: str) -> tuple[Decimal | None, Decimal | None]:
    """A dose range: both ends or neither, above zero."""
    lowest, highest = _range(node, name)
    if (lowest is None) != (highest is None) or lowest == 0:
        raise refuse(f"{node.where}.{name}_min", "must have both ends above zero, or neither")
    return lowest, highest


def _range(node: Node, name: str) -> tuple[Decimal | None, Decimal | None]:
    lowest, highest = node.optional_number(f"{name}_min"), node.optional_number(f"{name}_max")
    _refuse_disorder(node, f"{name}_min", lowest, highest)
    return lowest, highest


def _refuse_disorder(
    node: Node, key: str, lowest: Decimal | int | None, highest: Decimal | int | None
) -> None:
    if lowest is not None and highest is not None and lowest > highest:
        raise refuse(f"{node.where}.{key}", "is above the maximum")


def _check_regimens(where: str, regimens: Iterable[DoseRegimen], anomalies: Iterable[Anomaly]) -> None:
    codes = [regimen.code for regimen in regimens]
    if len(set(codes)) != len(codes):
        raise refuse(f"{where}.regimens", "have a code twice")
    named = {code for anomaly in anomalies for code in anomaly.regimen_codes}
    for code in sorted(named - set(codes)):
        raise refuse(f"{where}.anomalies", f"{code} is no regimen of this row")
    for regimen in regimens:
        if regimen.queried and regimen.code not in named:
            raise refuse(f"{where}.regimens.{regimen.code}", "is queried, and no anomaly says why")
