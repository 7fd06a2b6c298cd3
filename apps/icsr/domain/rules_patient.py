"""Rules about the patient (D)."""

from decimal import Decimal

from apps.icsr.domain.nulls import NullFlavor
from apps.icsr.domain.rules_frame import Case, Hit, Hits, Rules, before, is_filled, shown
from apps.icsr.domain.times import E2bTime
from apps.kernel.text import N_

RULES = Rules()


@RULES.rule(
    "patient_not_identifiable",
    "D.1",
    N_("Nothing points to a patient: initials, a record number, age, birth date or sex is needed."),
)
def _patient_not_identifiable(case: Case) -> Hits:
    patient = case.report.patient
    told = (
        patient.name,
        patient.hospital_record_number,
        patient.born,
        patient.age,
        patient.age_group,
        patient.sex,
    )
    if not any(is_filled(one) and one not in _NOTHING_TOLD for one in told):
        yield Hit()


@RULES.rule(
    "age_twice",
    "D.2.2a",
    N_("The birth date and the age are both given: only the more exact one is sent."),
)
def _age_twice(case: Case) -> Hits:
    patient = case.report.patient
    if isinstance(patient.born, E2bTime) and patient.age is not None:
        yield Hit()


@RULES.rule(
    "age_group_beside_age",
    "D.2.3",
    N_("An age group is sent only when neither the birth date nor the age is known."),
)
def _age_group_beside_age(case: Case) -> Hits:
    patient = case.report.patient
    if is_filled(patient.age_group) and (isinstance(patient.born, E2bTime) or patient.age is not None):
        yield Hit()


@RULES.rule("weight_of_nothing", "D.3", N_("A body weight of 0 kg cannot be right."))
def _weight_of_nothing(case: Case) -> Hits:
    weight = case.report.patient.weight_kg
    if isinstance(weight, Decimal) and weight.is_finite() and weight == 0:
        yield Hit()


@RULES.rule("height_not_whole", "D.4", N_("The height is sent in whole centimetres."))
def _height_not_whole(case: Case) -> Hits:
    height = case.report.patient.height_cm
    if isinstance(height, Decimal) and height.is_finite() and height != height.to_integral_value():
        yield Hit()


@RULES.rule(
    "born_after_reaction",
    "D.2.1",
    N_("The patient was born (%(born)s) after the reaction began (%(began)s)."),
)
def _born_after_reaction(case: Case) -> Hits:
    born = case.report.patient.born
    for reaction in case.report.reactions:
        if before(reaction.started, born):
            yield Hit(params={"born": shown(born), "began": shown(reaction.started)})
            return


@RULES.rule(
    "history_missing",
    "D.7.2",
    N_("Say what diseases the patient had, or why nothing is known."),
)
def _history_missing(case: Case) -> Hits:
    patient = case.report.patient
    if not patient.history and not is_filled(patient.history_text):
        yield Hit()


@RULES.rule(
    "history_without_disease",
    "D.7.1.r.1b",
    N_("A row of the medical history names no disease."),
)
def _history_without_disease(case: Case) -> Hits:
    for row, one in enumerate(case.report.patient.history, start=1):
        if not is_filled(one.meddra_code) and not is_filled(one.meddra_version):
            yield Hit((row,))


@RULES.rule(
    "past_drug_ends_before_start",
    "D.8.r.5",
    N_("An earlier drug ended (%(ended)s) before it began (%(began)s)."),
)
def _past_drug_ends_before_start(case: Case) -> Hits:
    for row, one in enumerate(case.report.patient.past_drugs, start=1):
        if before(one.ended, one.started):
            yield Hit((row,), {"ended": shown(one.ended), "began": shown(one.started)})


@RULES.rule(
    "death_date_missing",
    "D.9.1",
    N_("A reaction was fatal: give the date of death, or why it is not known."),
)
def _death_date_missing(case: Case) -> Hits:
    fatal = any(one.results_in_death is True or one.outcome == "5" for one in case.report.reactions)
    if fatal and not is_filled(case.report.patient.death.date):
        yield Hit()


@RULES.rule(
    "cause_without_code_and_words",
    "D.9.2.r.2",
    N_("A row of the causes of death names none."),
)
def _cause_without_code_and_words(case: Case) -> Hits:
    for row, cause in enumerate(case.report.patient.death.causes, start=1):
        if not any(is_filled(one) for one in (cause.text, cause.meddra_code, cause.meddra_version)):
            yield Hit((row,))


@RULES.rule(
    "died_before_reaction",
    "D.9.1",
    N_("The patient died (%(died)s) before the reaction began (%(began)s)."),
)
def _died_before_reaction(case: Case) -> Hits:
    died = case.report.patient.death.date
    for reaction in case.report.reactions:
        if before(died, reaction.started):
            yield Hit(params={"died": shown(died), "began": shown(reaction.started)})
            return


# Masked is known and hidden, and points to somebody; the other reasons for an empty element do not.
_NOTHING_TOLD = tuple(null for null in NullFlavor if null is not NullFlavor.MASKED)
