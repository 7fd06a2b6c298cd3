"""A site's document with anything anywhere in it: guidelines, or a sentence that names the place."""

import copy
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from apps.guidelines.domain import parse_guidelines
from apps.guidelines.domain.overriding import check_site_document, with_site_documents
from apps.guidelines.shipped import check_schema
from apps.kernel.errors import DomainError
from tests.unit.db.test_site_documents import DOCUMENT

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8)
    | st.sampled_from(["NaN", "Infinity", "1e999", "-1", "0", "1_000", "۱۲", "9" * 400, "../x", "%s %(a)s"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
    max_leaves=4,
)  # fmt: skip


def places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The way to every value inside a value."""
    inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [place for key, child in inside for place in [(*path, key), *places(child, (*path, key))]]


PLACES = places(DOCUMENT)


@settings(max_examples=60)
@given(place=st.sampled_from(PLACES), value=ANYTHING, leave_out=st.booleans())
def test_anything_anywhere_is_guidelines_or_a_sentence(place, value, leave_out):
    document = copy.deepcopy(DOCUMENT)
    inside: Any = document
    for key in place[:-1]:
        inside = inside[key]
    if leave_out:
        del inside[place[-1]]
    else:
        inside[place[-1]] = value
    try:
        code = check_site_document(document)
        check_schema({code: document})
        assert parse_guidelines(with_site_documents({}, {code: document})).documents
    except DomainError as refusal:
        assert refusal.http_status == 400 and str(refusal)
