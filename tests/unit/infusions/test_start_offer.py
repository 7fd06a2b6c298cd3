"""Where an infusion may start and how long the patient is watched after it (clinical facts 2.3, 3.1)."""

from datetime import date, timedelta
from decimal import Decimal
from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from apps.infusions.domain import start_offer, watch_minutes_after
from apps.infusions.domain.familiarity import Familiarity, familiarity
from tests.unit.infusions.plans import plan_of

TODAY = date(2026, 3, 2)
USED_TO_IT = {"is_naive": False, "switched_product": False, "long_gap": False}


def borne(rate, minutes=40):
    return SimpleNamespace(rate_ml_per_kg_h=Decimal(rate), minutes=minutes)


def infusion(days_ago, product="kiovig"):
    given_on = None if days_ago is None else TODAY - timedelta(days=days_ago)
    return SimpleNamespace(product_code=product, given_on=given_on)


@pytest.mark.parametrize(
    ("rate", "index"), [("6", 4), ("5.9", 3), ("4", 3), ("2", 2), ("1.99", 1), ("0.5", None), ("0.2", None)]
)
def test_who_bore_a_rate_last_time_may_start_at_the_step_not_above_it(guidelines, rate, index):
    offer = start_offer(plan_of(guidelines, "kiovig"), tolerated=borne(rate), **USED_TO_IT)
    assert (offer.step_index if offer else None) == index


def test_the_offer_says_what_was_borne(guidelines):
    offer = start_offer(plan_of(guidelines, "kiovig"), tolerated=borne("4.5"), **USED_TO_IT)
    assert offer.message % offer.params == (
        "Bore 4.5 mL/kg/h for 40 min last time without a reaction: may start at 4.0 mL/kg/h."
    )


def test_a_risk_that_is_new_today_ends_the_offer_at_its_ceiling(guidelines):
    offer = start_offer(plan_of(guidelines, "kiovig", risks=["diabetes"]), tolerated=borne("6"), **USED_TO_IT)
    assert offer.params["rate"] == 2


def test_nothing_is_offered_when_nothing_is_known_to_have_been_borne(guidelines):
    assert start_offer(plan_of(guidelines, "kiovig"), tolerated=None, **USED_TO_IT) is None


@pytest.mark.parametrize(
    ("why", "sentence"),
    [
        ("is_naive", "First infusion that is known of: starts at the lowest rate."),
        ("switched_product", "Another product than last time: starts at the lowest rate."),
        ("long_gap", "Long gap since the last infusion: starts at the lowest rate."),
    ],
)
def test_who_is_new_to_the_product_starts_at_the_bottom(guidelines, why, sentence):
    offer = start_offer(plan_of(guidelines, "kiovig"), tolerated=borne("6"), **(USED_TO_IT | {why: True}))
    assert offer.step_index == 0
    assert offer.message % offer.params == sentence


@given(
    rate=st.decimals("0.1", "9", places=2),
    risks=st.sets(st.sampled_from(["diabetes", "immobilisation"])),
    code=st.sampled_from(["kiovig", "privigen", "bivigam", "octagam_5"]),
)
def test_no_offer_is_above_what_was_borne_or_above_the_ceiling(guidelines, rate, risks, code):
    plan = plan_of(guidelines, code, risks=risks)
    offer = start_offer(plan, tolerated=borne(rate), **USED_TO_IT)
    if offer:
        started_at = plan.steps[offer.step_index].rate_ml_per_kg_h
        assert started_at <= min(rate, plan.ceiling.rate_ml_per_kg_h)


@pytest.mark.parametrize(
    ("earlier", "stands"),
    [
        ([], Familiarity(True, False, False)),
        ([infusion(1)], Familiarity(False, False, False)),
        ([infusion(55)], Familiarity(False, False, False)),
        ([infusion(56)], Familiarity(False, False, True)),
        ([infusion(None)], Familiarity(False, False, True)),
        ([infusion(1, "privigen")], Familiarity(False, True, False)),
        ([infusion(1, "")], Familiarity(False, True, False)),
        ([infusion(90, "privigen"), infusion(20)], Familiarity(False, False, False)),
        ([infusion(20), infusion(None, "privigen")], Familiarity(False, False, False)),
    ],
)
def test_how_a_patient_stands_to_the_product(guidelines, earlier, stands):
    gap = guidelines.order_check("long_gap").figure("days")
    assert familiarity(earlier, product_code="kiovig", today=TODAY, long_gap_days=gap) == stands


@pytest.mark.parametrize(
    ("changes", "highest", "minutes", "reason"),
    [
        ({}, "4.0", 20, "Had this product not long ago"),
        ({}, "6.0", 60, "The rate reaches the label's highest"),
        ({"is_naive": True}, "4.0", 60, "First infusion that is known of"),
        ({"switched_product": True}, "4.0", 60, "Another product than last time"),
        ({"long_gap": True}, "6.0", 60, "Long gap since the last infusion"),
    ],
)
def test_how_long_a_patient_is_watched_after_the_end(guidelines, changes, highest, minutes, reason):
    watch = watch_minutes_after(
        plan_of(guidelines, "kiovig"),
        **(USED_TO_IT | changes),
        highest_rate_ml_per_kg_h=Decimal(highest),
        familiar=guidelines.rate_rule("watch_familiar"),
        unfamiliar=guidelines.rate_rule("watch_unfamiliar"),
    )
    assert watch.minutes == minutes
    assert watch.message % watch.params == f"{reason}: watch for at least {minutes} min after the end."
    assert "Kiovig" in watch.source
