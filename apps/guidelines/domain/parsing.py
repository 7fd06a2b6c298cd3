"""From parsed YAML to the immutable `Guidelines`. Shapes, cross-references and clinical order are checked."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from apps.guidelines.domain import items
from apps.guidelines.domain.documents import Document, Guidelines
from apps.guidelines.domain.reading import Node, refuse
from apps.guidelines.domain.texts import Source

_Item = TypeVar("_Item")


def parse_document(name: str, document: Mapping[str, Any]) -> Document:
    """The header of one document. Raises DomainError `guideline_invalid` naming the place."""
    node = Node(document, name, {})
    return Document(code=node.text("code"), title=node.text("title"), language=node.text("language"))


def parse_guidelines(documents: Mapping[str, Mapping[str, Any]]) -> Guidelines:
    """All documents (file name without suffix -> parsed mapping) as one value.

    Any document may hold any section. Raises DomainError `guideline_invalid` with the place and what
    is wrong: a missing field, an unknown source, product, sign or ceiling, a repeated code, rates that do
    not rise, a follow-up window out of order.
    """
    sources = _sources(documents)
    nodes = [Node(document, name, sources) for name, document in sorted(documents.items())]

    def every(section: str, parse: Callable[[Node], _Item], key: str = "code") -> tuple[_Item, ...]:
        found = [child for node in nodes for child in node.children(section)]
        _refuse_repeats(section, (child.text(key) for child in found))
        return tuple(parse(child) for child in found)

    hazards = {hazard.code: hazard for hazard in every("hazards", items.hazard)}
    guidelines = Guidelines(
        documents=tuple(parse_document(name, document) for name, document in sorted(documents.items())),
        contraindications=every("contraindications", items.contraindication),
        regimens=every("regimens", items.regimen),
        tests_before=every("tests_before", items.test_before),
        products=every("products", lambda node: items.product(node, hazards)),
        rate_tables=every("rate_tables", items.rate_table),
        risk_ceilings=every("risk_ceilings", items.risk_ceiling),
        risk_factors=every("risk_factors", items.risk_factor),
        vital_signs=every("vital_signs", items.vital_sign),
        observation_rules=every("observation_rules", items.observation_rule),
        grade_actions=every("grade_actions", items.grade_action, key="severity"),
        reaction_terms=every("reaction_terms", items.reaction_term),
        follow_up_rules=every("follow_up_rules", items.follow_up_rule),
    )
    _check_references(guidelines)
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
            read = node.one_of("read", "whole", "excerpt", "derived")
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
    ceilings = {ceiling.code for ceiling in guidelines.risk_ceilings}
    for factor in guidelines.risk_factors:
        _refuse_unknown(f"risk_factors.{factor.code}.ceilings", factor.ceiling_codes, ceilings)
    signs = {sign.code for sign in guidelines.vital_signs}
    for rule in guidelines.observation_rules:
        _refuse_unknown(f"observation_rules.{rule.code}.sign", (rule.sign,), signs)


def _refuse_unknown(where: str, codes: Iterable[str], known: set[str]) -> None:
    for code in codes:
        if code not in known:
            raise refuse(where, f"{code} is not known")
