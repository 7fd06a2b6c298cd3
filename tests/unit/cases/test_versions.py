"""Which version may follow which, and what of it moves."""

from datetime import UTC, datetime, timedelta

import pytest

from apps.cases.domain.versions import Kind, Made, check_reason, most_recent, report_identifier
from apps.kernel.errors import DomainError

FIRST = datetime(2026, 3, 2, 10, 0, tzinfo=UTC)
NOW = FIRST + timedelta(days=5)
INITIAL = Made(1, Kind.INITIAL, FIRST)


def newest(made, kind, information_at=None):
    return most_recent(made, kind=kind, information_at=information_at, first_received_at=FIRST, now=NOW)


def code_of(action):
    with pytest.raises(DomainError) as raised:
        action()
    return raised.value.code


def test_the_first_version_rests_on_the_first_information():
    assert newest([], Kind.INITIAL) == FIRST
    assert newest([], Kind.INITIAL, FIRST + timedelta(hours=3)) == FIRST + timedelta(hours=3)


def test_new_information_alone_moves_the_date():
    told = FIRST + timedelta(days=2)
    assert newest([INITIAL], Kind.FOLLOW_UP, told) == told
    assert newest([INITIAL], Kind.FOLLOW_UP) == NOW
    second = Made(2, Kind.FOLLOW_UP, told)
    assert newest([INITIAL, second], Kind.AMENDMENT, NOW) == told
    assert newest([INITIAL, second], Kind.NULLIFICATION) == told


@pytest.mark.parametrize(
    ("made", "kind"),
    [([], kind) for kind in Kind if kind is not Kind.INITIAL] + [([INITIAL], Kind.INITIAL)],
)
def test_the_initial_report_comes_first_and_once(made, kind):
    assert code_of(lambda: newest(made, kind)) == "case_version_order"


@pytest.mark.parametrize("kind", list(Kind))
def test_nothing_follows_a_nullification(kind):
    assert code_of(lambda: newest([INITIAL, Made(2, Kind.NULLIFICATION, FIRST)], kind)) == "case_nullified"


@pytest.mark.parametrize("moment", [FIRST - timedelta(seconds=1), NOW + timedelta(seconds=1)])
def test_information_is_neither_older_than_what_was_known_nor_to_come(moment):
    for made, kind in (([], Kind.INITIAL), ([INITIAL], Kind.FOLLOW_UP)):
        assert (
            code_of(lambda made=made, kind=kind: newest(made, kind, moment)) == "information_at_implausible"
        )


def test_the_receiver_is_told_why_something_was_amended_or_nullified():
    for kind in (Kind.AMENDMENT, Kind.NULLIFICATION):
        assert code_of(lambda kind=kind: check_reason(kind, "  ")) == "reason_missing"
        assert check_reason(kind, " Wrong patient. ") == "Wrong patient."
    assert check_reason(Kind.FOLLOW_UP, "") == ""
    assert len(check_reason(Kind.AMENDMENT, "x" * 3000)) == 2000


def test_the_number_has_three_parts():
    assert report_identifier(country="NO", code="HOSP", year=2026, number=12) == "NO-HOSP-2026000012"


@pytest.mark.parametrize(
    ("country", "code"),
    [("", "HOSP"), ("no", "HOSP"), ("NOR", "HOSP"), ("NO", ""), ("NO", "HO-SP"), ("NO", "H")],
)
def test_no_number_without_a_proper_country_and_organisation(country, code):
    assert (
        code_of(lambda: report_identifier(country=country, code=code, year=2026, number=1))
        == "site_not_described"
    )
