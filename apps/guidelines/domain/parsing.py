"""From parsed YAML to the immutable `Guidelines`. Shapes, cross-references and clinical order are checked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from apps.guidelines.domain import (
    items_bedside,
    items_followup,
    items_guiding,
    items_indications,
    items_laboratory,
    items_prescribing,
    items_rates,
    items_readings,
    items_reporting,
    items_reviewing,
    items_rules,
    items_scores,
    items_screening,
)
from apps.guidelines.domain.documents import Document, Guidelines
from apps.guidelines.domain.prescribing import PATIENT_FACTS, Hazard
from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.texts import READ, Source

_Item = TypeVar("_Item")


def parse_document(name: str, document: Mapping[str, Any]) -> Document:
    """The header of one document. Raises DomainError `guideline_invalid` naming the place."""
    node = Node(document, name, {})
    return Document(
        code=node.text("code"),
        title=node.text("title"),
        language=node.text("language"),
        letter=items_readings.letter(node.child("letter")) if "letter" in document else None,
        site=items_readings.site_approval(node.child("site")) if "site" in document else None,
    )


def parse_guidelines(documents: Mapping[str, Mapping[str, Any]]) -> Guidelines:
    """All documents (file name without suffix -> parsed mapping) as one value.

    Any document may hold any section. Raises DomainError `guideline_invalid` with the place and what
    is wrong: a missing field, an unknown source, product, sign, ceiling, slug or fact about a patient, a
    repeated code, a range upside down, rates that do not rise, a follow-up window out of order.
    """
    sources = _sources(documents)
    nodes = [Node(document, name, sources) for name, document in sorted(documents.items())]

    def every_of_document(
        section: str, parse: Callable[[Node, str], _Item], key: str = "code"
    ) -> tuple[_Item, ...]:
        found = [(child, node) for node in nodes for child in node.children(section)]
        _refuse_repeats(section, (child.text(key) for child, _ in found))
        return tuple(parse(child, node.text("code")) for child, node in found)

    def every(section: str, parse: Callable[[Node], _Item], key: str = "code") -> tuple[_Item, ...]:
        return every_of_document(section, lambda node, _: parse(node), key)

    hazards = {hazard.code: hazard for hazard in every("hazards", items_prescribing.hazard)}
    guidelines = Guidelines(
        documents=tuple(parse_document(name, document) for name, document in sorted(documents.items())),
        indications=every_of_document("indications", items_indications.indication, key="slug"),
        specialties=every("specialties", items_readings.named_item),
        settings=every("settings", items_readings.named_item),
        statements=every_of_document("statements", items_readings.statement),
        contraindications=every("contraindications", items_prescribing.contraindication),
        tests_before=every("tests_before", items_prescribing.test_before),
        premedications=every("premedications", items_prescribing.premedication),
        dose_ceilings=every("dose_ceilings", items_prescribing.dose_ceiling),
        order_checks=every("order_checks", items_prescribing.order_check),
        weight_formulas=every("weight_formulas", items_prescribing.weight_formula),
        live_vaccine_intervals=every("live_vaccine_intervals", items_prescribing.live_vaccine_interval),
        maintenance_algorithms=every("maintenance_algorithms", items_prescribing.maintenance_algorithm),
        products=every("products", lambda node: items_prescribing.product(node, hazards)),
        rate_limits=every("rate_limits", items_rates.rate_limit),
        rate_rules=every("rate_rules", items_rates.rate_rule),
        rate_tables=every("rate_tables", items_rates.rate_table),
        risk_ceilings=every("risk_ceilings", items_rates.risk_ceiling),
        risk_factors=every("risk_factors", items_rates.risk_factor),
        vital_signs=every("vital_signs", items_bedside.vital_sign),
        assessed_signs=every("assessed_signs", items_bedside.assessed_sign),
        observation_schedules=every("observation_schedules", items_bedside.observation_schedule),
        score_tables=every("score_tables", items_scores.score_table),
        reference_ranges=every("reference_ranges", items_scores.reference_range),
        observation_rules=every("observation_rules", items_rules.observation_rule),
        grade_actions=every("grade_actions", items_bedside.grade_action, key="severity"),
        reaction_terms=every("reaction_terms", items_bedside.reaction_term),
        reaction_guidance=every("reaction_guidance", items_guiding.reaction_guidance),
        interventions=every("interventions", items_guiding.intervention),
        adrenaline_rules=every("adrenaline_rules", items_guiding.adrenaline_rule),
        screening_questions=every("screening_questions", items_screening.screening_question),
        attempt_plans=every("attempt_plans", items_screening.attempt_plan),
        follow_up_rules=every("follow_up_rules", items_followup.follow_up_rule),
        follow_up_facts=every("follow_up_facts", items_followup.follow_up_fact),
        risk_windows=every("risk_windows", items_followup.risk_window),
        calling_hours=every("calling_hours", items_followup.calling_hours),
        analytes=every("analytes", items_laboratory.analyte),
        laboratory_rules=every("laboratory_rules", items_laboratory.laboratory_rule),
        reporting_regimes=every("reporting_regimes", items_reporting.reporting_regime),
        severity_scales=every("severity_scales", items_reviewing.severity_scale),
        severity_terms=every("severity_terms", items_reviewing.severity_term),
        causality_scales=every("causality_scales", items_reviewing.causality_scale),
        causality_categories=every("causality_categories", items_reviewing.causality_category),
        seriousness_criteria=every("seriousness_criteria", items_reviewing.seriousness_criterion),
        reaction_labels=every("reaction_labels", items_reviewing.reaction_label),
        suspected_conditions=every("suspected_conditions", items_reviewing.suspected_condition),
        review_clocks=every("review_clocks", items_reviewing.review_clock),
    )
    _check_references(guidelines)
    _check_rows(guidelines)
    items_scores.check_scored_signs(
        guidelines.score_tables, guidelines.vital_signs, guidelines.assessed_signs
    )
    items_scores.check_reference_ranges(guidelines.reference_ranges)
    _check_facts(guidelines, hazards.values())
    return guidelines


def _sources(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, Source]:
    sources: dict[str, Source] = {}
    for name, document in documents.items():
        if "sources" not in document:
            continue
        listed = Node(document, name, {}).child("sources")
        _refuse_repeats("sources", (*sources, *listed.data))
        for key in listed.data:
            node = listed.child(key)
            read = node.one_of("read", *READ)
            sources[key] = Source(key=key, title=node.text("title"), read=read)
    return sources


def _refuse_repeats(section: str, codes: Iterable[str]) -> None:
    seen: set[str] = set()
    for code in codes:
        if code in seen:
            raise refuse(f"{section}.{code}", "stands there twice")
        seen.add(code)


def _check_references(guidelines: Guidelines) -> None:
    products = {product.code for product in guidelines.products}
    for table in guidelines.rate_tables:
        _refuse_unknown(f"rate_tables.{table.code}.product_codes", table.product_codes, products)
    for limit in guidelines.rate_limits:
        _refuse_unknown(f"rate_limits.{limit.code}.product_code", (limit.product_code,), products)
    ceilings = {ceiling.code for ceiling in guidelines.risk_ceilings}
    for limit in guidelines.rate_limits:
        _refuse_unknown(f"rate_limits.{limit.code}.risk", (limit.risk,) if limit.risk else (), ceilings)
    for factor in guidelines.risk_factors:
        _refuse_unknown(f"risk_factors.{factor.code}.ceilings", factor.ceiling_codes, ceilings)
    items_rules.check_rules(
        guidelines.observation_rules,
        numbers={sign.code for sign in guidelines.vital_signs},
        terms={term.code for term in guidelines.reaction_terms},
    )
    items_guiding.check_guidance(
        guidelines.reaction_guidance,
        terms={term.code for term in guidelines.reaction_terms},
        signs={
            *(sign.code for sign in guidelines.vital_signs),
            *(sign.code for sign in guidelines.assessed_signs),
        },
        interventions={item.code for item in guidelines.interventions},
    )
    items_screening.check_screening(guidelines.screening_questions, guidelines.follow_up_rules)
    items_laboratory.check_laboratory(
        guidelines.laboratory_rules, {analyte.code for analyte in guidelines.analytes}
    )
    items_reviewing.check_reviewing(
        guidelines.severity_terms,
        guidelines.severity_scales,
        guidelines.reaction_labels,
        guidelines.suspected_conditions,
        guidelines.review_clocks,
        products=products,
        analytes={analyte.code for analyte in guidelines.analytes},
    )
    slugs = {indication.slug for indication in guidelines.indications}
    for indication in guidelines.indications:
        for anomaly in indication.anomalies:
            where = f"indications.{indication.slug}.anomalies.related"
            _refuse_unknown(where, anomaly.related, slugs - {indication.slug})


def _check_rows(guidelines: Guidelines) -> None:
    """A row of a table stands for one indication."""
    rows = [(one.document, one.row) for one in guidelines.indications if one.row is not None]
    _refuse_repeats("indications", (f"{document}.row {row}" for document, row in rows))


def _check_facts(guidelines: Guidelines, hazards: Iterable[Hazard]) -> None:
    """A misspelt fact about a patient would silently switch a warning off."""
    known = {*PATIENT_FACTS, *(factor.code for factor in guidelines.risk_factors)}
    known |= {ceiling.code for ceiling in guidelines.risk_ceilings}
    named = [(item.code, item.when) for item in guidelines.contraindications]
    named += [(item.code, item.when) for item in guidelines.dose_ceilings]
    named += [(item.code, item.when) for item in hazards]
    for code, when in named:
        _refuse_unknown(f"{code}.when", when, known)
    items_followup.check_protocol(
        guidelines.follow_up_rules,
        guidelines.follow_up_facts,
        known=known - set(PATIENT_FACTS) | {factor.code for factor in guidelines.risk_factors},
        intervals={interval.code for interval in guidelines.live_vaccine_intervals},
    )
    for premedication in guidelines.premedications:
        _refuse_unknown(f"{premedication.code}.avoid_when", premedication.avoid_when, known)


def _refuse_unknown(where: str, codes: Iterable[str], known: set[str]) -> None:
    for code in codes:
        if code not in known:
            raise refuse(where, f"{code} is not known")
