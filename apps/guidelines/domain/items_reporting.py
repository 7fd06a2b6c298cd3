"""Reading reporting regimes: node in, value out, `guideline_invalid` when unfit."""

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.reporting import (
    REPORTING_KINDS,
    REPORTING_NEEDS,
    ReportingLimit,
    ReportingRegime,
)


def reporting_regime(node: Node) -> ReportingRegime:
    """A regime: every case falls under one of its limits, a stricter one first."""
    limits = tuple(_limit(child) for child in node.children("limits"))
    where = f"{node.where}.limits"
    if not limits or limits[-1].needs:
        raise refuse(where, "the last limit must hold for every case that is left")
    if len({limit.code for limit in limits}) != len(limits):
        raise refuse(where, "a code stands there twice")
    days = [_order(limit) for limit in limits]
    if days != sorted(days):
        raise refuse(where, "must stand from the shortest to the longest")
    return ReportingRegime(
        code=node.text("code"),
        name=node.local_text("name"),
        time_zone=_zone(node),
        area=node.texts("area"),
        limits=limits,
    )


def _limit(node: Node) -> ReportingLimit:
    limit = ReportingLimit(
        code=node.text("code"),
        name=node.local_text("name"),
        needs=node.words("needs", *REPORTING_NEEDS),
        kind=node.one_of("kind", *REPORTING_KINDS),
        days=node.optional_integer("days"),
        further_days=node.optional_integer("further_days"),
        citation=node.citation(),
    )
    if limit.days is None and (limit.is_aim or limit.further_days is not None):
        raise refuse(node.where, "an aim and further days need a number of days")
    return limit


def _order(limit: ReportingLimit) -> float:
    return float("inf") if limit.days is None else limit.days


def _zone(node: Node) -> ZoneInfo:
    try:
        return ZoneInfo(node.text("time_zone"))
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise refuse(f"{node.where}.time_zone", "must be a time zone such as Europe/Oslo") from error
