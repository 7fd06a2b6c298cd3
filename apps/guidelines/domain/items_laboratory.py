"""Reading analytes and what is looked for in them: node in, value out, `guideline_invalid` when unfit."""

from collections.abc import Iterable
from decimal import Decimal

from apps.guidelines.domain.laboratory import (
    URGENCIES,
    Analyte,
    AnalyteChoice,
    AnalyteUnit,
    AntibodyTest,
    LaboratoryLevel,
    LaboratoryRule,
)
from apps.guidelines.domain.reading import Node, refuse

# What each rule cannot do without: its thresholds and its levels.
FIGURES = {
    "aki": (
        "rise_umol_per_l",
        "rise_within_h",
        "ratio_stage_1",
        "ratio_stage_2",
        "ratio_stage_3",
        "baseline_within_h",
        "creatinine_stage_3_umol_per_l",
        "egfr_below",
        "egfr_below_years",
        "urine_below_ml_per_kg_h",
        "urine_stage_1_h",
        "urine_stage_2_h",
        "urine_far_below_ml_per_kg_h",
        "urine_stage_3_h",
        "anuria_h",
        "urine_gap_minutes",
    ),
    "hemolysis": (
        "hemoglobin_fall_g_per_l",
        "window_days",
        "dilution_h",
        "dilution_fall_below_g_per_l",
        "markers",
        "reticulocytes_above_e9_per_l",
        "reticulocyte_percent_above",
        "ldh_above_u_per_l",
        "haptoglobin_below_g_per_l",
        "bilirubin_indirect_above_umol_per_l",
    ),
    "hyponatremia": (
        "low_below_mmol_per_l",
        "marked_below_mmol_per_l",
        "severe_below_mmol_per_l",
        "window_days",
        "osmolality_within_h",
        "osmolality_low_below",
    ),
    "neutropenia": ("low_below_e9_per_l", "marked_below_e9_per_l", "severe_below_e9_per_l", "window_days"),
    "laboratory_baseline": ("max_age_days", "infusion_within_days"),
}
# The worst first.
LEVELS = {
    "aki": ("stage_3", "stage_2", "stage_1"),
    "hemolysis": ("case", "suspected", "fall", "fall_early"),
    "hyponatremia": ("severe", "marked", "low"),
    "neutropenia": ("severe", "marked", "low"),
    "laboratory_baseline": (),
}
# What the rules read; a set of analytes without one of them could never fire.
READ_BY_RULES = {
    "aki": ("creatinine", "urine_output", "egfr", "renal_replacement"),
    "hemolysis": (
        "hemoglobin",
        "dat",
        "reticulocytes",
        "reticulocyte_percent",
        "ldh",
        "haptoglobin",
        "bilirubin_indirect",
        "urine_hemoglobin",
        "spherocytes",
    ),
    "hyponatremia": ("sodium", "osmolality"),
    "neutropenia": ("neutrophils",),
    "laboratory_baseline": (),
}


def analyte(node: Node) -> Analyte:
    """An analyte in numbers or in words."""
    choices = tuple(
        AnalyteChoice(child.text("code"), child.local_text("name"), child.boolean("abnormal"))
        for child in node.children("choices")
    )
    if choices:
        if "units" in node.data:
            raise refuse(node.where, "must have units or choices, not both")
        return Analyte(
            code=node.text("code"),
            name=node.local_text("name"),
            unit="",
            decimal_places=0,
            units=(),
            choices=choices,
            refuse_below=Decimal(0),
            refuse_above=Decimal(0),
            ask_below=Decimal(0),
            ask_above=Decimal(0),
            collected=False,
            citation=node.citation(),
            antibody=_antibody(node.child("antibody")) if "antibody" in node.data else None,
        )
    if "antibody" in node.data:
        raise refuse(node.where, "must have choices where it is an antibody test")
    return _in_numbers(node)


def _antibody(node: Node) -> AntibodyTest:
    return AntibodyTest(instead=node.local_text("instead"), citation=node.citation())


def _in_numbers(node: Node) -> Analyte:
    units = tuple(
        AnalyteUnit(
            unit=child.text("unit"),
            factor=child.positive("factor"),
            per_kg_and_hour=child.boolean("per_kg_and_hour") if "per_kg_and_hour" in child.data else False,
        )
        for child in node.children("units")
    )
    found = Analyte(
        code=node.text("code"),
        name=node.local_text("name"),
        unit=node.text("unit"),
        decimal_places=node.integer("decimal_places"),
        units=units,
        choices=(),
        refuse_below=node.decimal("refuse_below"),
        refuse_above=node.positive("refuse_above"),
        ask_below=node.decimal("ask_below"),
        ask_above=node.positive("ask_above"),
        collected=node.boolean("collected") if "collected" in node.data else False,
        citation=node.citation(),
    )
    names = [one.unit for one in units]
    canonical = found.accepted(found.unit)
    if len(set(names)) != len(names) or canonical is None or canonical.factor != 1:
        raise refuse(f"{node.where}.units", "must hold each unit once, the canonical one with factor 1")
    if not found.refuse_below <= found.ask_below < found.ask_above <= found.refuse_above:
        raise refuse(node.where, "must ask within the range in which it believes")
    return found


def laboratory_rule(node: Node) -> LaboratoryRule:
    """What is looked for, with every figure and every level the rule of this code needs."""
    code = node.one_of("code", *FIGURES)
    figures = node.child("figures")
    levels = tuple(
        LaboratoryLevel(child.text("code"), child.one_of("urgency", *URGENCIES), child.boolean("opens_event"))
        for child in node.children("levels")
    )
    if set(figures.data) != set(FIGURES[code]):
        raise refuse(figures.where, f"must be {', '.join(FIGURES[code])}")
    if tuple(level.code for level in levels) != LEVELS[code]:
        raise refuse(f"{node.where}.levels", f"must be {', '.join(LEVELS[code]) or 'left out'}")
    rule = LaboratoryRule(
        code=code,
        effect=node.text("effect"),
        name=node.local_text("name"),
        figures=tuple((name, figures.decimal(name)) for name in figures.data),
        levels=levels,
        citations=node.citations(),
    )
    _refuse_disorder(node, rule)
    return rule


def check_laboratory(rules: Iterable[LaboratoryRule], analytes: set[str]) -> None:
    """Refuse a rule that reads an analyte which is not there."""
    for rule in rules:
        for code in READ_BY_RULES[rule.code]:
            if code not in analytes:
                raise refuse(f"laboratory_rules.{rule.code}", f"{code} is not known")


_RISING = {
    "aki": (
        ("ratio_stage_1", "ratio_stage_2", "ratio_stage_3"),
        ("urine_stage_1_h", "urine_stage_2_h", "urine_stage_3_h"),
        ("urine_far_below_ml_per_kg_h", "urine_below_ml_per_kg_h"),
    ),
    "hyponatremia": (("severe_below_mmol_per_l", "marked_below_mmol_per_l", "low_below_mmol_per_l"),),
    "neutropenia": (("severe_below_e9_per_l", "marked_below_e9_per_l", "low_below_e9_per_l"),),
}


def _refuse_disorder(node: Node, rule: LaboratoryRule) -> None:
    """A table of stages printed upside down would stage the worse as the milder."""
    for names in _RISING.get(rule.code, ()):
        numbers = [rule.figure(name) for name in names]
        if numbers != sorted(set(numbers)):
            raise refuse(f"{node.where}.figures", f"must rise: {', '.join(names)}")
