"""A version of a case as an ICSR: every element of E2B(R3) that the record knows. Pure: a version in, a report out."""

from apps.cases.reporting.build import VersionFacts, build_report

__all__ = ["VersionFacts", "build_report"]
