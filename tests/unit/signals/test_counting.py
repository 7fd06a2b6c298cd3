"""The tables that are compared, counted by hand."""

from datetime import date

from hypothesis import given as over
from hypothesis import strategies as st

from apps.signals.domain import Fourfold, Given, LotCount, Told, fourfolds, look_at_lot, lot_counts

DAY = date(2026, 3, 1)


def infusion(number, product="kiovig", lots=("A",)):
    return Given(number, number, product, "cidp", DAY, True, None, tuple(lots))


GIVEN = [
    infusion(1),
    infusion(2, lots=("A", "B")),
    infusion(3, lots=("B",)),
    infusion(4, lots=("B",)),
    infusion(5, lots=()),
    infusion(6, product="privigen"),
]
TOLD = [
    Told(1, 2, "headache", 0, ("A",)),
    Told(2, 2, "fever", None, ("A", "B")),
    Told(3, 3, "headache", 0, ("B",), None, ("chills",)),
    Told(4, 6, "headache", 0, ("A",)),
    Told(5, 5, "headache"),
]


def test_a_lot_beside_the_other_lots_of_its_product_and_no_other_product():
    counts = lot_counts(GIVEN, TOLD)
    assert counts["kiovig", "A"] == LotCount(2, 1, 2, 1)
    assert counts["kiovig", "B"] == LotCount(3, 2, 1, 0)
    assert counts["privigen", "A"] == LotCount(1, 1, 0, 0)


def test_an_event_before_a_lot_was_hung_speaks_for_neither_it_nor_the_others():
    counts = lot_counts(GIVEN, TOLD[:1])
    assert counts["kiovig", "B"] == LotCount(3, 0, 1, 0)


def test_reports_by_product_and_reaction_each_report_once_for_each_of_its_reactions():
    tables = fourfolds(GIVEN, TOLD)
    assert tables["kiovig", "headache"] == Fourfold(a=3, b=1, c=1, d=0)
    assert tables["kiovig", "chills"] == Fourfold(a=1, b=3, c=0, d=1)
    assert ("privigen", "chills") not in tables


@over(
    st.lists(st.tuples(st.sampled_from("XY"), st.sets(st.sampled_from("ABC"))), max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.sampled_from(["h", "f"]), st.sets(st.sampled_from("ABC")))),
)
def test_no_history_gives_an_impossible_table(given, told):
    sessions = [infusion(number, product, sorted(lots)) for number, (product, lots) in enumerate(given)]
    events = [Told(number, one, term, None, tuple(lots)) for number, (one, term, lots) in enumerate(told)]
    for count in lot_counts(sessions, events).values():
        assert 0 < look_at_lot(count).probability <= 1
    reports = sum(event.session_id < len(sessions) for event in events)
    assert all(table.total == reports for table in fourfolds(sessions, events).values())
