"""Rates, comparisons and lots as the pages show them, in the reader's language."""

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

from django.utils.translation import gettext

from apps.accounts.selectors import Action, Staff, display_names, role_allows
from apps.edge.wording import in_reader_digits, number_text, verbatim, written
from apps.guidelines.domain import LocalText
from apps.guidelines.selectors import current_guidelines, in_reader_language
from apps.ledger.selectors import events_of
from apps.lots.selectors import LotHold
from apps.safety.selectors import known_terms
from apps.signals.domain import Axis, Disproportion, Estimate, LotLook, RateRow
from apps.signals.selectors import Exposed, LotLooks, LotSignalRecord
from apps.signals.words import HOLD_ACTS, HOLD_STATES, KEYS, STEP

_NOTHING = "–"


class Names:
    """What codes are called; today's guidelines are asked once."""

    def __init__(self) -> None:
        self._guidelines = current_guidelines()

    @cached_property
    def products(self) -> Mapping[str, str]:
        """Product code -> the name on the box."""
        return {product.code: product.name for product in self._guidelines.products}

    @cached_property
    def _terms(self) -> Mapping[str, LocalText]:
        graded = {term.code: term.name for term in self._guidelines.severity_terms}
        return graded | known_terms(self._guidelines)

    @cached_property
    def _risks(self) -> Mapping[str, LocalText]:
        return {risk.code: risk.name for risk in self._guidelines.risk_factors}

    @cached_property
    def _indications(self) -> Mapping[str, LocalText]:
        return {
            one.slug: LocalText(one.name_en, one.name_nb, one.name_fa or one.name_en)
            for one in self._guidelines.indications
        }

    def product(self, code: str) -> str:
        """The product's name; an unknown code as it is."""
        return self.products.get(code, code)

    def terms(self, codes: Iterable[str]) -> list[str]:
        """What is called anything of these reactions, each name once."""
        return list(dict.fromkeys(self.term(code) for code in codes if code in self._terms))

    def term(self, code: str) -> str:
        """The reaction in words."""
        return in_reader_language(self._terms[code]) if code in self._terms else code

    def key(self, axis: Axis, key: str) -> str:
        """A row of an axis in words."""
        if axis is Axis.PRODUCT:
            return verbatim(self.product(key))
        if axis is Axis.LOT:
            product, _, lot = key.partition("/")
            return f"{verbatim(self.product(product))} {verbatim(lot)}"
        if axis is Axis.STEP:
            return gettext(STEP) % {"number": number_text(int(key))}
        if axis is Axis.MONTH:
            return in_reader_digits(key)
        known = self._indications if axis is Axis.INDICATION else self._risks
        if key in known:
            return in_reader_language(known[key])
        return gettext(KEYS[key]) if key in KEYS else key


def estimate_text(estimate: Estimate | None, places: int = 1) -> str:
    """`12.3 (4.5; 26.8)`, to be read from left to right; a dash where nothing can be said."""
    if estimate is None:
        return _NOTHING
    value, low, high = (written(f"{part:.{places}f}") for part in _parts(estimate))
    return f"{value} ({low}; {high})".replace("-", "\u2212")


def _parts(estimate: Estimate) -> tuple[float, float, float]:
    return estimate.value, estimate.low, estimate.high


def rate_row(row: RateRow, axis: Axis, names: Names) -> dict[str, Any]:
    """A row of the table of rates: counts, denominators, rates with their limits."""
    return {
        "key": row.key,
        "name": names.key(axis, row.key) if row.key else "",
        "lot": _lot_of(row.key) if axis is Axis.LOT else None,
        "events": row.events,
        "serious": row.serious,
        "infusions": row.infusions,
        "patients": row.patients,
        "patients_with_event": row.patients_with_event,
        "grams": row.grams,
        "kg": row.grams / 1000,
        "grams_known": row.grams_known,
        "grams_missing": row.infusions - row.grams_known,
        "per_infusions": estimate_text(row.per_infusions),
        "per_patients": estimate_text(row.per_patients),
        "per_kg": estimate_text(row.per_kg, 2),
    }


def _lot_of(key: str) -> dict[str, str]:
    product, _, lot = key.partition("/")
    return {"product_code": product, "lot_number": lot}


def plot_of(months: list[RateRow]) -> dict[str, Any]:
    """The rate of each month with its limits; what the script draws."""
    return {
        "months": [
            {
                "on": f"{row.key}-01",
                "value": row.per_infusions.value,
                "low": row.per_infusions.low,
                "high": row.per_infusions.high,
            }
            for row in months
            if row.per_infusions is not None
        ],
        "labels": {"rate": gettext("Adverse events per 1 000 infusions")},
    }


def comparison_row(product_code: str, term: str, found: Disproportion, names: Names) -> dict[str, Any]:
    """One product and one reaction, by every measure."""
    table = found.table
    return {
        "product_code": product_code,
        "product": names.product(product_code),
        "term": term,
        "name": names.term(term),
        "reports": table.a,
        "of_product": table.a + table.b,
        "of_term": table.a + table.c,
        "total": table.total,
        "expected": written(f"{table.expected:.1f}"),
        "prr": estimate_text(found.prr, 2),
        "chi_squared": _NOTHING
        if found.chi_squared_yates is None
        else written(f"{found.chi_squared_yates:.1f}"),
        "ror": estimate_text(found.ror, 2),
        "information": estimate_text(found.information, 2),
        "screens": [
            name
            for name, passed in (
                ("PRR", found.passes_prr),
                ("ROR", found.passes_ror),
                ("IC", found.passes_information),
            )
            if passed
        ],
    }


def look_shown(look: LotLook) -> dict[str, Any]:
    """A look at a lot: counts, shares, chance."""
    count = look.count
    return {
        "infusions": count.lot_infusions,
        "events": count.lot_events,
        "other_infusions": count.other_infusions,
        "other_events": count.other_events,
        "chance": chance_text(look.probability),
        "bound": chance_text(look.bound) if look.bound else "",
        "stands_out": look.stands_out,
    }


def chance_text(probability: float) -> str:
    """A probability that stays readable when it is small."""
    return written(f"{probability:.4f}") if probability >= 0.0001 else f"< {written('0.0001')}"


def lot_row(row: LotLooks, names: Names) -> dict[str, Any]:
    """A lot in the list."""
    return {
        "product_code": row.product_code,
        "product": names.product(row.product_code),
        "lot_number": row.lot_number,
        "every": look_shown(row.every),
        "serious": look_shown(row.serious),
        "stands_out": row.every.stands_out or row.serious.stands_out,
        "hold": hold_shown(row.hold, names) if row.hold else None,
        "signals": [signal_shown(signal, names) for signal in row.signals],
    }


def signal_shown(signal: LotSignalRecord, names: Names) -> dict[str, Any]:
    """A look that was told."""
    return {
        "product": names.product(signal.product_code),
        "lot_number": signal.lot_number,
        "serious_only": signal.serious_only,
        "infusions": signal.lot_infusions,
        "events": signal.lot_events,
        "other_infusions": signal.other_infusions,
        "other_events": signal.other_events,
        "chance": chance_text(signal.probability),
        "found_at": signal.found_at.isoformat(),
    }


def hold_shown(hold: LotHold, names: Names, *, user: Staff | None = None) -> dict[str, Any]:
    """A hold; with its acts, and with what this person may do, where somebody looks at the lot."""
    may = user is not None and role_allows(user, Action.HOLD_LOT)
    asked_by_me = user is not None and hold.release_asked_by_id == user.pk
    return {
        "id": hold.pk,
        "product_code": hold.product_code,
        "product": names.product(hold.product_code),
        "lot_number": hold.lot_number,
        "reason": hold.reason,
        "state": hold.state,
        "state_name": gettext(HOLD_STATES[hold.state]),
        "held_at": hold.held_at.isoformat(),
        "held_by": hold.held_by.display_name,
        "asked_by": hold.release_asked_by.display_name if hold.release_asked_by else "",
        "release_reason": hold.release_reason,
        "may_agree": may and hold.state != "released" and not asked_by_me,
        "may_keep": may and hold.state == "release_asked",
        "asked_by_me": asked_by_me and hold.state == "release_asked",
    }


def acts_on(hold: LotHold) -> list[dict[str, Any]]:
    """Who did what with a lot on hold, the first act first."""
    acts = [act for act in events_of(f"lot_hold:{hold.pk}") if act[0] in HOLD_ACTS]
    people = display_names(number_of(actor) for _, _, actor, _ in acts)
    return [
        {
            "name": gettext(HOLD_ACTS[name]),
            "at": at.isoformat(),
            "by": people.get(number_of(actor) or 0, ""),
            "reason": payload.get("reason", ""),
        }
        for name, at, actor, payload in acts
    ]


def number_of(actor: str) -> int | None:
    """The person's number in an event's `user:12`; None for the system."""
    kind, _, number = actor.partition(":")
    return int(number) if kind == "user" else None


def exposed_row(row: Exposed, names: Names, *, user: Staff) -> dict[str, Any]:
    """An infusion with a lot: the patient by name for who may see patients, else by pseudonym."""
    infusion = row.infusion
    sees = role_allows(user, Action.SEE_PATIENTS)
    return {
        "patient_id": infusion.patient_id if sees else None,
        "patient": infusion.patient_name if sees else infusion.pseudonym,
        "ward": infusion.ward,
        "course_id": infusion.course_id,
        "day_number": infusion.day_number,
        "session_id": infusion.session_id,
        "started_at": infusion.started_at.isoformat(),
        "hung_g": infusion.hung_g,
        "events": [
            {
                "id": event.event_id,
                "names": [names.term(term) for term in event.terms],
                "serious": event.is_serious,
                "onset_at": event.onset_at.isoformat(),
            }
            for event in row.events
        ],
    }
