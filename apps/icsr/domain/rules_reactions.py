"""Rules about reactions (E) and tests (F)."""

from decimal import Decimal
from typing import TypeGuard

from apps.icsr.domain.rules_frame import Case, Hit, Hits, Rules, before, is_filled, shown, words
from apps.kernel.text import N_

RULES = Rules()
# Whether the code of E.i.3.1 calls the reaction serious.
_HIGHLIGHTS = {"1": False, "2": False, "3": True, "4": True}
_FATAL = "5"
_PROFESSIONALS = ("1", "2", "3")


@RULES.rule("no_reaction", "E.i.2.1b", N_("A case needs at least one reaction."))
def _no_reaction(case: Case) -> Hits:
    if not case.report.reactions:
        yield Hit((1,))


@RULES.rule(
    "highlight_disagrees",
    "E.i.3.1",
    N_("How the reporter marked the term and the criteria of seriousness do not agree."),
)
def _highlight_disagrees(case: Case) -> Hits:
    for row, one in enumerate(case.report.reactions, start=1):
        if _HIGHLIGHTS.get(words(one.highlighted), one.is_serious) != one.is_serious:
            yield Hit((row,))


@RULES.rule(
    "fatal_without_death",
    "E.i.7",
    N_("The outcome is fatal, but “results in death” is not ticked."),
)
def _fatal_without_death(case: Case) -> Hits:
    for row, one in enumerate(case.report.reactions, start=1):
        if one.outcome == _FATAL and one.results_in_death is not True:
            yield Hit((row,))


@RULES.rule(
    "reaction_ends_before_start",
    "E.i.5",
    N_("The reaction ended (%(ended)s) before it began (%(began)s)."),
)
def _reaction_ends_before_start(case: Case) -> Hits:
    for row, one in enumerate(case.report.reactions, start=1):
        if before(one.ended, one.started):
            yield Hit((row,), {"ended": shown(one.ended), "began": shown(one.started)})


@RULES.rule(
    "confirmed_by_itself",
    "E.i.8",
    N_("A health professional told of it: leave out whether one confirmed it."),
)
def _confirmed_by_itself(case: Case) -> Hits:
    source = case.primary_source
    if source is None or source.qualification not in _PROFESSIONALS:
        return
    for row, one in enumerate(case.report.reactions, start=1):
        if one.medically_confirmed is not None:
            yield Hit((row,))


@RULES.rule("test_date_missing", "F.r.1", N_("When was the test done? If nobody knows, say so."))
def _test_date_missing(case: Case) -> Hits:
    for row, one in enumerate(case.report.tests, start=1):
        if (is_filled(one.name) or is_filled(one.meddra_code)) and not is_filled(one.date):
            yield Hit((row,))


@RULES.rule("test_name_missing", "F.r.2.1", N_("Which test was it? Give its name or its MedDRA code."))
def _test_name_missing(case: Case) -> Hits:
    for row, one in enumerate(case.report.tests, start=1):
        if one.name is None and not is_filled(one.meddra_code) and not is_filled(one.meddra_version):
            yield Hit((row,))


@RULES.rule(
    "test_result_missing",
    "F.r.3.2",
    N_("What came of the test? Give a value, positive or negative, or words."),
)
def _test_result_missing(case: Case) -> Hits:
    for row, one in enumerate(case.report.tests, start=1):
        results = (one.result_code, one.result_text)
        if (is_filled(one.name) or is_filled(one.meddra_code)) and not (
            one.result is not None or any(is_filled(result) for result in results)
        ):
            yield Hit((row,))


@RULES.rule("normal_without_unit", "F.r.4", N_("Normal values need the unit of the result."))
def _normal_without_unit(case: Case) -> Hits:
    for row, one in enumerate(case.report.tests, start=1):
        normal = one.normal_low is not None or one.normal_high is not None
        if normal and one.result is None and not is_filled(one.result_unit):
            yield Hit((row,))


@RULES.rule(
    "normal_upside_down",
    "F.r.5",
    N_("The lowest normal value (%(low)s) is above the highest (%(high)s)."),
)
def _normal_upside_down(case: Case) -> Hits:
    for row, one in enumerate(case.report.tests, start=1):
        low, high = one.normal_low, one.normal_high
        if _is_number(low) and _is_number(high) and low > high:
            yield Hit((row,), {"low": low, "high": high})


def _is_number(value: object) -> TypeGuard[Decimal]:
    return isinstance(value, Decimal) and value.is_finite()
