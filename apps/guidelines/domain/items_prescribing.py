"""Reading what a course is checked against: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Mapping

from apps.guidelines.domain.order_checks import LEVELS, OrderCheck
from apps.guidelines.domain.prescribing import (
    DOSE_CEILING_KINDS,
    HANDLINGS,
    PREMEDICATION_KINDS,
    UNVERIFIED_FIELDS,
    Contraindication,
    DoseCeiling,
    Hazard,
    LiveVaccineInterval,
    MaintenanceAlgorithm,
    Premedication,
    Product,
    TestBefore,
    UnverifiedValue,
    WeightFormula,
)
from apps.guidelines.domain.reading import Node, refuse


def contraindication(node: Node) -> Contraindication:
    """A contraindication; it must name the fact about a patient that brings it."""
    when = node.texts("when")
    if not when:
        raise refuse(f"{node.where}.when", "must name a fact about the patient")
    return Contraindication(
        code=node.text("code"),
        handling=node.one_of("handling", "block", "confirm"),
        name=node.local_text("name"),
        remark=node.optional_local_text("remark"),
        when=when,
        citations=node.citations(),
    )


def test_before(node: Node) -> TestBefore:
    """A test before the course; one that is only due before the first dose cannot be due before each course."""
    repeated, once = node.boolean("repeat_each_course"), node.boolean("before_first_dose_only")
    if repeated and once:
        raise refuse(f"{node.where}.before_first_dose_only", "contradicts repeat_each_course")
    return TestBefore(
        code=node.text("code"),
        name=node.local_text("name"),
        repeat_each_course=repeated,
        before_first_dose_only=once,
        remark=node.optional_local_text("remark"),
        citations=node.citations(),
    )


def hazard(node: Node) -> Hazard:
    """A hazard of a product; one that blocks must name the fact about a patient that makes it block."""
    handling, when = node.one_of("handling", *HANDLINGS), node.texts("when")
    if handling == "block" and not when:
        raise refuse(f"{node.where}.when", "must name a fact about the patient")
    return Hazard(
        code=node.text("code"),
        text=node.local_text("text"),
        handling=handling,
        when=when,
        citation=node.citation(),
    )


def product(node: Node, hazards: Mapping[str, Hazard]) -> Product:
    """A product; its hazards must be known and its first rate not above its highest.

    A figure is verified, or listed as unverified, never both (an excipient may be read in part); rates
    need a citation of their own.
    """
    for code in node.texts("hazards"):
        if code not in hazards:
            raise refuse(f"{node.where}.hazards", f"{code} is not known")
    if 0 in node.integers("vial_sizes_ml"):
        raise refuse(f"{node.where}.vial_sizes_ml", "must name sizes above zero")
    initial = node.optional_positive("initial_rate_ml_per_kg_h")
    highest = node.optional_positive("max_rate_ml_per_kg_h")
    if initial is not None and highest is not None and initial > highest:
        raise refuse(f"{node.where}.initial_rate_ml_per_kg_h", "is above the highest rate")
    rate_citation = node.optional_citation("rate_cite")
    if (initial or highest) and rate_citation is None:
        raise refuse(f"{node.where}.rate_cite", "must say where the rates come from")
    return Product(
        code=node.text("code"),
        name=node.text("name"),
        concentration_mg_per_ml=node.optional_positive("concentration_mg_per_ml"),
        vial_sizes_ml=node.integers("vial_sizes_ml"),
        stabiliser=node.free_text("stabiliser"),
        sugar=node.free_text("sugar"),
        iga_max_ug_per_ml=node.optional_integer("iga_max_ug_per_ml"),
        sodium=node.free_text("sodium"),
        region=node.text("region"),
        initial_rate_ml_per_kg_h=initial,
        max_rate_ml_per_kg_h=highest,
        hazards=tuple(hazards[code] for code in node.texts("hazards")),
        unverified=tuple(_unverified(child, node) for child in node.children("unverified")),
        citation=node.citation(),
        rate_citation=rate_citation,
    )


def _unverified(node: Node, of: Node) -> UnverifiedValue:
    field = node.one_of("field", *UNVERIFIED_FIELDS)
    if of.value(field) and field != "stabiliser":
        raise refuse(f"{node.where}.field", f"{field} is verified: leave it empty there or remove it here")
    return UnverifiedValue(field=field, value=node.text("value"))


def dose_ceiling(node: Node) -> DoseCeiling:
    """A dose ceiling; a cumulative one counts over a number of days."""
    kind, window = node.one_of("kind", *DOSE_CEILING_KINDS), node.optional_integer("window_days")
    if (kind == "cumulative_mg_per_kg") != bool(window):
        raise refuse(f"{node.where}.window_days", "must be given for a cumulative ceiling, and only there")
    return DoseCeiling(
        code=node.text("code"),
        kind=kind,
        limit=node.positive("limit"),
        window_days=window,
        diseases=node.texts("diseases"),
        when=node.texts("when"),
        text=node.local_text("text"),
        citation=node.citation(),
    )


def premedication(node: Node) -> Premedication:
    """A premedication."""
    return Premedication(
        code=node.text("code"),
        kind=node.one_of("kind", *PREMEDICATION_KINDS),
        name=node.local_text("name"),
        remark=node.optional_local_text("remark"),
        avoid_when=node.texts("avoid_when"),
        citations=node.citations(),
    )


def live_vaccine_interval(node: Node) -> LiveVaccineInterval:
    """An interval to live vaccines."""
    months = node.integer("months")
    if not months:
        raise refuse(f"{node.where}.months", "must be above zero")
    return LiveVaccineInterval(
        code=node.text("code"),
        authority=node.text("authority"),
        vaccines=node.local_text("vaccines"),
        dose_mg_per_kg_max=node.optional_positive("dose_mg_per_kg_max"),
        months=months,
        citation=node.citation(),
    )


def maintenance_algorithm(node: Node) -> MaintenanceAlgorithm:
    """A maintenance algorithm."""
    return MaintenanceAlgorithm(
        code=node.text("code"),
        diseases=node.texts("diseases"),
        evaluate_after_days=node.integer("evaluate_after_days"),
        second_course_after_days=node.integer("second_course_after_days"),
        course_dose_mg_per_kg=node.positive("course_dose_mg_per_kg"),
        reduction_percent=node.positive("reduction_percent"),
        remark=node.local_text("remark"),
        citation=node.citation(),
        quotes=node.texts("quotes"),
    )


def weight_formula(node: Node) -> WeightFormula:
    """A body weight formula."""
    return WeightFormula(
        code=node.text("code"),
        name=node.local_text("name"),
        base_male_kg=node.positive("base_male_kg"),
        base_female_kg=node.positive("base_female_kg"),
        per_cm_kg=node.positive("per_cm_kg"),
        base_height_cm=node.positive("base_height_cm"),
        adjustment=node.decimal("adjustment"),
        citation=node.citation(),
    )


def order_check(node: Node) -> OrderCheck:
    """A check of an order; its figures are numbers above zero."""
    figures = node.child("figures") if "figures" in node.data else None
    return OrderCheck(
        code=node.text("code"),
        level=node.one_of("level", *LEVELS),
        text=node.local_text("text"),
        figures=tuple((name, figures.positive(name)) for name in figures.data) if figures else (),
        citation=node.citation(),
    )
