"""Reports made by chance, whole or with holes, from the types of their fields and the element table."""

from dataclasses import is_dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, get_args, get_origin, get_type_hints

from hypothesis import strategies as st

from apps.icsr.domain import (
    Assessment,
    Drug,
    DrugReaction,
    E2bTime,
    Icsr,
    IncludedFile,
    Measured,
    Message,
    NullFlavor,
    Reaction,
)
from apps.icsr.domain.walking import places

_LETTERS = st.characters(exclude_categories=("Cs", "Cc", "Cn"), include_characters="\n\t")
TEXTS = st.text(_LETTERS, min_size=1, max_size=20).map(str.strip).filter(bool)
NUMBERS = st.decimals(
    min_value=-(10**9), max_value=10**9, allow_nan=False, allow_infinity=False, places=4
) | st.sampled_from([Decimal("1.50"), Decimal("1E+3"), Decimal("0")])
TIMES = st.builds(
    lambda moment, cut, offset: E2bTime(moment.strftime("%Y%m%d%H%M%S")[:cut] + (offset if cut > 8 else "")),
    st.datetimes(min_value=datetime(1900, 1, 1)),  # noqa: DTZ001 - naive on purpose
    st.sampled_from([4, 6, 8, 10, 12, 14]),
    st.sampled_from(["", "+01", "+0330", "-0500"]),
).filter(lambda time: time.earliest().year < 9000)
FILES = st.builds(
    IncludedFile,
    media_type=st.sampled_from(["application/pdf", "image/jpeg"]),
    base64=st.sampled_from(["JVBERi0xLjQK", "AAAA"]),
    compression=st.sampled_from([None, "DF"]),
)
RESULTS = st.builds(Measured, NUMBERS, st.sampled_from(["=", "<", "<=", ">", ">="]))
_OF_TYPE: dict[Any, st.SearchStrategy[Any]] = {
    str: TEXTS,
    Decimal: NUMBERS,
    E2bTime: TIMES,
    bool: st.booleans(),
    IncludedFile: FILES,
    Measured: RESULTS,
}


def sections(section: type, **fixed: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Values of a section: each field left out, empty with a reason its element allows, or filled."""
    hints = get_type_hints(section)
    made = {
        place.field: _field(hints[place.field], place.element)
        for place in places(section)
        if place.field not in fixed
    }
    return st.builds(section, **(made | fixed))


def _field(hint: Any, element: Any) -> st.SearchStrategy[Any]:
    if get_origin(hint) is tuple:
        inner = get_args(hint)[0]
        return st.lists(sections(inner) if is_dataclass(inner) else TEXTS, max_size=2).map(tuple)
    if is_dataclass(hint) and element is None:
        return sections(hint)
    choices = [st.none()]
    for kind in get_args(hint) or (hint,):
        if kind in _OF_TYPE:
            choices += [_OF_TYPE[kind]] * 2
        elif kind is NullFlavor and element.nulls:
            choices.append(st.sampled_from(sorted(element.nulls)))
    return st.one_of(choices)


ASSESSMENTS = sections(Assessment).filter(lambda assessment: assessment != Assessment())


def matrix(reactions: int) -> st.SearchStrategy[tuple[DrugReaction, ...]]:
    """A drug against some of the reactions, each at most once."""
    numbers = st.lists(st.integers(1, reactions), unique=True, max_size=2) if reactions else st.just([])
    return numbers.flatmap(
        lambda chosen: st.tuples(
            *(
                sections(
                    DrugReaction,
                    reaction=st.just(number),
                    assessments=st.lists(ASSESSMENTS, max_size=2).map(tuple),
                )
                for number in chosen
            )
        )
    )


@st.composite
def reports(draw: st.DrawFn) -> Icsr:
    """A report with up to two rows of each kind."""
    reactions = tuple(draw(st.lists(sections(Reaction), max_size=2)))
    drugs = tuple(draw(st.lists(sections(Drug, reactions=matrix(len(reactions))), max_size=2)))
    return draw(sections(Icsr, reactions=st.just(reactions), drugs=st.just(drugs)))


def messages() -> st.SearchStrategy[Message]:
    """A report in a wrapper that need not fit it."""
    return sections(Message, report=reports())
