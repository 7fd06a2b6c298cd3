"""The JSON of an entry means one thing, or is refused with a sentence."""

import json
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.edge.parsers import MAX_DEPTH, read_object
from apps.kernel.errors import DomainError

TEXT = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=20)
PLAIN = (
    st.none()
    | st.booleans()
    | st.integers(-(10**30), 10**30)
    | st.floats(allow_nan=False, allow_infinity=False)
)
VALUES = st.recursive(
    PLAIN | TEXT,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
)


def refusal_of(content):
    with pytest.raises(DomainError) as refusal:
        read_object(content if isinstance(content, bytes) else content.encode())
    assert str(refusal.value)
    return refusal.value.code


@given(value=st.dictionaries(TEXT, VALUES, max_size=5), escaped=st.booleans())
def test_every_object_comes_back_as_it_was(value, escaped):
    assert read_object(json.dumps(value, ensure_ascii=escaped).encode()) == value


@given(
    content=st.binary(max_size=60)
    | st.text(st.sampled_from('{}[]",:\\u0e1-.tn '), max_size=60).map(str.encode)
)
def test_whatever_comes_is_an_object_or_a_refusal(content):
    try:
        assert isinstance(read_object(content), dict)
    except DomainError as refusal:
        assert refusal.http_status == 400 and str(refusal)


@pytest.mark.parametrize("open_, close", ["[]", ('{"a":', "}"), ('[{"b":', "}]")])
def test_a_hundred_thousand_levels_are_refused(open_, close):
    assert refusal_of('{"a":' + open_ * 100_000 + "1" + close * 100_000 + "}") == "json_too_deep"
    assert refusal_of(open_ * 100_000) == "json_too_deep"


def test_the_depth_counts_levels_not_brackets():
    assert read_object(json.dumps({"a": "[" * 1000, "b": [[]] * 1000}).encode())
    deepest = '{"a":' + "[" * (MAX_DEPTH - 1) + "]" * (MAX_DEPTH - 1) + "}"
    assert read_object(deepest.encode())
    assert refusal_of('{"a":' + "[" * MAX_DEPTH + "]" * MAX_DEPTH + "}") == "json_too_deep"


@pytest.mark.parametrize(
    "content",
    ['"' + '\\"' * 400_000 + "[{" * 40, "{" * 33 + '"' * 400_000, '{"a":"' + "[" * 900_000, "[]," * 300_000],
)  # fmt: skip
def test_no_content_keeps_the_reader_busy(content):
    started = process_time()
    refusal_of(content)
    assert process_time() - started < 5


@pytest.mark.parametrize("content", ['{"a":1,"a":2}', '{"b":{"a":1,"\\u0061":1}}', '{"a":null,"a":null}'])
def test_a_name_that_is_there_twice(content):
    assert refusal_of(content) == "json_name_twice"


@pytest.mark.parametrize("number", ["NaN", "Infinity", "-Infinity", "1e999", "-1e999", "9" * 400, "-" + "9" * 5000,
                                    "0." + "1" * 400, "1" + "0" * 50 + "e-50"])  # fmt: skip
def test_numbers_nothing_can_have(number):
    assert refusal_of('{"pulse_per_min": %s}' % number) == "json_number_invalid"  # noqa: UP031


@pytest.mark.parametrize("content", ["[]", "1", '"text"', "null", "true", '[{"a":1}]'])
def test_only_an_object_is_an_entry(content):
    assert refusal_of(content) == "entries_invalid"


@pytest.mark.parametrize(
    "content",
    [b"", b" ", b"{", b"{'a':1}", b'{"a":1,}', b'{"a":01}', b'{"a":1_000}', b'{"a":+1}', b'{"a":.5}', b'{"a":0x1}',
     b'{"a":1}{"b":2}', b'\xef\xbb\xbf{"a":1}', b'{"a":"\xff"}', b'{"a":"\xed\xa0\x80"}', '{"a":1}'.encode("utf-16"),
     b'{"a":"\x00"}', b'{"a":"\n"}', b'{"a":/**/1}', '{"a":۱۲}'.encode()],
)  # fmt: skip
def test_what_is_no_json(content):
    assert refusal_of(content) == "not_json"


@pytest.mark.parametrize(
    "content", ['{"n":"\\u0000"}', '{"n":["\\ud83d"]}', '{"n":{"\\u0000":1}}', '{"\\ude00":1}']
)
def test_text_that_no_database_keeps(content):
    assert refusal_of(content) == "entries_invalid"


def test_a_whole_pair_of_halves_is_a_character():
    assert read_object(b'{"note":"\\ud83d\\ude00 \\u200c"}') == {"note": "😀 \u200c"}
