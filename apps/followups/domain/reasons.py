"""Why a check is planned: the facts that call for it. What is not known counts as a risk, and the reason says so."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from apps.followups.domain.picture import CoursePicture


class Condition(Protocol):
    """Facts that must all hold, with at least this dose, and less than was ordered where that is named."""

    @property
    def facts(self) -> tuple[str, ...]: ...
    @property
    def dose_mg_per_kg_min(self) -> Decimal | None: ...
    @property
    def short_of_mg_per_kg(self) -> Decimal | None: ...
    @property
    def given_mg_per_kg_min(self) -> Decimal | None: ...


@dataclass(frozen=True, slots=True)
class Reason:
    """A fact that calls for a check; `fact` is empty for a dose of at least `dose_mg_per_kg`.

    `figure` is what the fact is about, such as a blood group. `is_known` is False where nobody knows.
    `short_of_mg_per_kg`: that much was ordered and the course came to less; `dose_mg_per_kg` is then what went in.
    """

    fact: str
    is_known: bool = True
    figure: str = ""
    dose_mg_per_kg: Decimal | None = None
    short_of_mg_per_kg: Decimal | None = None


def reasons_for(
    facts: Iterable[str], picture: CoursePicture, derived: Mapping[str, tuple[Condition, ...]]
) -> tuple[Reason, ...]:
    """The reasons for which any of these facts holds or may hold; empty when none does (clinical facts 2.3, 8).

    A fact in `derived` holds by its conditions, or because somebody noted it. What holds for certain
    comes before what is not known.
    """
    found = [
        reasons
        for fact in facts
        for reasons in (_plain(fact, picture), *_by_conditions(derived.get(fact, ()), picture))
        if reasons
    ]
    found.sort(key=lambda reasons: not all(reason.is_known for reason in reasons))
    return tuple(dict.fromkeys(reason for reasons in found for reason in reasons))


def _plain(fact: str, picture: CoursePicture) -> tuple[Reason, ...]:
    if fact in picture.known:
        return (Reason(fact, figure=picture.figures.get(fact, "")),)
    return (Reason(fact, is_known=False),) if fact in picture.unknown else ()


def _by_conditions(conditions: Iterable[Condition], picture: CoursePicture) -> list[tuple[Reason, ...]]:
    return [_all_of(condition, picture) for condition in conditions]


def _all_of(condition: Condition, picture: CoursePicture) -> tuple[Reason, ...]:
    least, short_of = condition.dose_mg_per_kg_min, condition.short_of_mg_per_kg
    if least is not None and picture.dose_mg_per_kg < least:
        return ()
    given = condition.given_mg_per_kg_min
    if short_of is not None and not picture.falls_short_of(short_of):
        return ()
    if given is not None and picture.given_mg_per_kg < given:
        return ()
    each = [_plain(fact, picture) for fact in condition.facts]
    if not all(each):
        return ()
    doses = [Reason("", dose_mg_per_kg=least)] if least is not None else []
    if given is not None:
        doses.append(Reason("", dose_mg_per_kg=given, short_of_mg_per_kg=short_of))
    return (*(reason for reasons in each for reason in reasons), *doses)
