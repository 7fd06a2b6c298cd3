"""The element table of ICH E2B(R3): 156 elements, each with its place, type, length, codes and null flavors.

Source: ICH ICSR Implementation Guide v5.03 (18 July 2025), reused with acknowledgement of ICH copyright.
The table holds what an immunoglobulin's case can say; elements of the standard that are not in it (parents,
tests of a company's own study, a sender's street) are neither written nor understood, and named on reading.
"""

from apps.icsr.domain.elements import drugs, narrative, patient, reactions, report, wrapper
from apps.icsr.domain.elements.row import CONDITIONAL, OPTIONAL, REQUIRED, Conformance, Element

ELEMENTS: tuple[Element, ...] = (
    *wrapper.ROWS,
    *report.ROWS,
    *patient.ROWS,
    *reactions.ROWS,
    *drugs.ROWS,
    *narrative.ROWS,
)
BY_NUMBER: dict[str, Element] = {element.number: element for element in ELEMENTS}

__all__ = ["BY_NUMBER", "CONDITIONAL", "ELEMENTS", "OPTIONAL", "REQUIRED", "Conformance", "Element"]
