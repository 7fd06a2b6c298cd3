"""Rules about drugs, their lots and doses (G)."""

import re
from collections import Counter
from collections.abc import Iterator

from apps.icsr.domain.drugs import Dosage
from apps.icsr.domain.rules_frame import Case, Hit, Hits, Rules, before, is_filled, shown, words
from apps.kernel.text import N_

RULES = Rules()
_BLAMED = ("1", "3")
_TOTAL = "{total}"
_NO_LOT = re.compile(
    r"(?i)\W*(?:unknown|unk|not known|not available|n[./]?a|none|missing|ukjent|mangler|نامشخص|نامعلوم)?\W*"
)
_TWO_LOTS = re.compile(r"(?i)[,;\n]| \+ | & | and | og | و ")
_INTERIM_ROUTE = re.compile(r"\d{3}", re.ASCII)


@RULES.rule(
    "no_suspect_drug",
    "G.k.1",
    N_("A case needs at least one drug that is suspected or interacting."),
)
def _no_suspect_drug(case: Case) -> Hits:
    if not any(drug.role in _BLAMED for drug in case.report.drugs):
        yield Hit((1,))


@RULES.rule(
    "lot_not_told",
    "G.k.4.r.7",
    N_("The lot of a suspected drug is missing: give it, or say in the dosage text that it is not known."),
)
def _lot_not_told(case: Case) -> Hits:
    for row, drug in enumerate(case.report.drugs, start=1):
        if drug.role not in _BLAMED:
            continue
        if not drug.dosages:
            yield Hit((row, 1))
        for line, dosage in enumerate(drug.dosages, start=1):
            if not is_filled(dosage.lot) and not is_filled(dosage.text):
                yield Hit((row, line))


@RULES.rule(
    "lot_is_no_lot",
    "G.k.4.r.7",
    N_("“%(lot)s” is no lot number: leave it empty and say in the dosage text that it is not known."),
)
def _lot_is_no_lot(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        lot = words(dosage.lot)
        if lot and _NO_LOT.fullmatch(lot):
            yield Hit(rows, {"lot": lot})


@RULES.rule(
    "two_lots_in_one",
    "G.k.4.r.7",
    N_("“%(lot)s” looks like more than one lot: each lot has a dosage of its own."),
)
def _two_lots_in_one(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        lot = words(dosage.lot).strip()
        if _TWO_LOTS.search(lot):
            yield Hit(rows, {"lot": lot})


@RULES.rule(
    "drug_ends_before_start",
    "G.k.4.r.5",
    N_("The infusion ended (%(ended)s) before it began (%(began)s)."),
)
def _drug_ends_before_start(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        if before(dosage.ended, dosage.started):
            yield Hit(rows, {"ended": shown(dosage.ended), "began": shown(dosage.started)})


@RULES.rule(
    "total_with_count",
    "G.k.4.r.2",
    N_("A dose given as one total amount has no interval."),
)
def _total_with_count(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        if dosage.interval_unit == _TOTAL and dosage.interval is not None:
            yield Hit(rows)


@RULES.rule(
    "form_version_missing",
    "G.k.4.r.9.2a",
    N_("The code of the dose form needs the date of its list."),
)
def _form_version_missing(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        if is_filled(dosage.form_code) and not is_filled(dosage.form_code_version):
            yield Hit(rows)


@RULES.rule(
    "form_code_missing",
    "G.k.4.r.9.2b",
    N_("The list of dose forms is named, but no code of it."),
)
def _form_code_missing(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        if is_filled(dosage.form_code_version) and not is_filled(dosage.form_code):
            yield Hit(rows)


@RULES.rule(
    "route_version_missing",
    "G.k.4.r.10.2a",
    N_("The code of the route of administration needs the date of its list."),
)
def _route_version_missing(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        code = words(dosage.route_code)
        if code and not _INTERIM_ROUTE.fullmatch(code) and not is_filled(dosage.route_code_version):
            yield Hit(rows)


@RULES.rule(
    "route_code_missing",
    "G.k.4.r.10.2b",
    N_("The list of routes of administration is named, but no code of it."),
)
def _route_code_missing(case: Case) -> Hits:
    for rows, dosage in _dosages(case):
        if is_filled(dosage.route_code_version) and not is_filled(dosage.route_code):
            yield Hit(rows)


@RULES.rule(
    "drug_reaction_unknown",
    "G.k.9.i.1",
    N_("An assessment points to reaction %(number)s, which the report does not have."),
)
def _drug_reaction_unknown(case: Case) -> Hits:
    for row, drug in enumerate(case.report.drugs, start=1):
        for line, one in enumerate(drug.reactions, start=1):
            if not 1 <= one.reaction <= len(case.report.reactions):
                yield Hit((row, line), {"number": one.reaction})


@RULES.rule(
    "drug_reaction_twice",
    "G.k.9.i.1",
    N_("Reaction %(number)s is assessed twice against the same drug: several assessors stand in one row."),
)
def _drug_reaction_twice(case: Case) -> Hits:
    for row, drug in enumerate(case.report.drugs, start=1):
        times = Counter(one.reaction for one in drug.reactions)
        for line, one in enumerate(drug.reactions, start=1):
            if times[one.reaction] > 1:
                yield Hit((row, line), {"number": one.reaction})
                break


@RULES.rule(
    "assessment_without_result",
    "G.k.9.i.2.r.3",
    N_("An assessment of the cause has no result."),
)
def _assessment_without_result(case: Case) -> Hits:
    for row, drug in enumerate(case.report.drugs, start=1):
        for line, one in enumerate(drug.reactions, start=1):
            for number, assessment in enumerate(one.assessments, start=1):
                if not is_filled(assessment.result):
                    yield Hit((row, line, number))


def _dosages(case: Case) -> Iterator[tuple[tuple[int, int], Dosage]]:
    for row, drug in enumerate(case.report.drugs, start=1):
        for line, dosage in enumerate(drug.dosages, start=1):
            yield (row, line), dosage
