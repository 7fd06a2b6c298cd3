"""From infusions and events to the tables that are compared."""

from collections import Counter, defaultdict
from collections.abc import Iterable

from apps.signals.domain.disproportion import Fourfold
from apps.signals.domain.lot_watch import LotCount
from apps.signals.domain.rates import Given, Told

Lot = tuple[str, str]  # product code, lot number


def lot_counts(given: Iterable[Given], told: Iterable[Told]) -> dict[Lot, LotCount]:
    """Each lot beside the other lots of its product. Infusions of which no lot is known count nowhere."""
    sessions = {one.session_id: one for one in given if one.lots}
    with_lot: Counter[Lot] = Counter()
    of_product: Counter[str] = Counter()
    for one in sessions.values():
        of_product[one.product_code] += 1
        with_lot.update((one.product_code, lot) for lot in set(one.lots))
    speaking: dict[int, set[str]] = defaultdict(set)
    for event in told:
        if event.session_id in sessions:
            speaking[event.session_id].update(event.lots)
    on_lot: Counter[Lot] = Counter()
    beside: Counter[Lot] = Counter()  # infusions with an event that the lot was part of
    ill: Counter[str] = Counter()
    for session_id, lots in speaking.items():
        one = sessions[session_id]
        ill[one.product_code] += 1
        on_lot.update((one.product_code, lot) for lot in lots & set(one.lots))
        beside.update((one.product_code, lot) for lot in set(one.lots))
    return {
        lot: LotCount(
            lot_infusions=number,
            lot_events=on_lot[lot],
            other_infusions=of_product[lot[0]] - number,
            other_events=ill[lot[0]] - beside[lot],
        )
        for lot, number in sorted(with_lot.items())
    }


def fourfolds(given: Iterable[Given], told: Iterable[Told]) -> dict[tuple[str, str], Fourfold]:
    """Reports by product and reaction: (product code, term) -> its table; pairs that nobody reported are left out."""
    products = {one.session_id: one.product_code for one in given}
    reports = [(products[one.session_id], one.terms) for one in told if one.session_id in products]
    both = Counter((product, term) for product, terms in reports for term in terms)
    of_product = Counter(product for product, _ in reports)
    of_term = Counter(term for _, terms in reports for term in terms)
    return {
        (product, term): Fourfold(
            a=number,
            b=of_product[product] - number,
            c=of_term[term] - number,
            d=len(reports) - of_product[product] - of_term[term] + number,
        )
        for (product, term), number in sorted(both.items())
    }
