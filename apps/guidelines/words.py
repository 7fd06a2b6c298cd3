"""The reader's words for the codes of an indication."""

from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

CATEGORY = {
    "neurology": _("Neurology"),
    "hematology": _("Hematology"),
    "immunodeficiency": _("Immunodeficiency"),
    "transplantation": _("Transplantation"),
    "rheumatology": _("Rheumatology"),
    "infection": _("Infection"),
    "neonatology": _("Neonatology"),
    "reproduction": _("Reproduction"),
    "dermatology": _("Dermatology"),
    "ophthalmology": _("Ophthalmology"),
    "nephrology": _("Nephrology"),
    "oncology": _("Oncology"),
    "critical_care": _("Critical care"),
}
EVIDENCE = {
    "recommended": _("Recommended"),
    "conditional": _("Conditional"),
    "limited": _("Limited evidence"),
    "unproven": _("Unproven"),
}
POPULATION = {
    "any": _("Any patient"),
    "adult": _("Adults"),
    "child": _("Children"),
    "neonate": _("Newborns"),
    "infant": _("Infants"),
    "pregnant": _("Pregnant women"),
}
PHASE = {
    "single": pgettext_lazy("phase of treatment", "Single"),
    "initial": pgettext_lazy("phase of treatment", "Initial"),
    "induction": pgettext_lazy("phase of treatment", "Induction"),
    "maintenance": pgettext_lazy("phase of treatment", "Maintenance"),
    "repeat": pgettext_lazy("phase of treatment", "Repeat"),
    "acute": pgettext_lazy("phase of treatment", "Acute"),
    "chronic": pgettext_lazy("phase of treatment", "Chronic"),
    "prophylaxis": pgettext_lazy("phase of treatment", "Prophylaxis"),
    "any": _("Dose"),
}
BASIS = {
    "per_dose": _("per dose"),
    "per_day": _("per day"),
    "total_course": _("in the whole course"),
    "per_week": _("per week"),
}
ANOMALY = {
    "misprint": _("Misprint"),
    "lost_leading_zero": _("Lost leading zero"),
    "above_daily_ceiling": _("Above the daily ceiling"),
    "above_course_ceiling": _("Above the ceiling of a course"),
    "missing_amount": _("Amount missing"),
    "ambiguous_basis": _("Per day or in all?"),
    "repeated_text": _("Text repeated"),
    "lost_cell": _("Part of the row is lost"),
    "shifted_columns": _("Columns shifted"),
    "dose_without_disease": _("Dose without a disease"),
    "disease_without_dose": _("Disease without a dose"),
    "contradicts_row": _("Contradicts another row"),
    "duplicate_row": _("Repeats another row"),
    "wrong_word": _("Wrong word"),
    "fast_infusion": _("Very fast infusion"),
    "uncited_target": _("Targets differ"),
}
TARGET = {
    "igg_trough": _("IgG trough"),
    "igg_before": _("IgG before treatment"),
    "platelets": _("Platelets"),
    "pra": _("Panel reactive antibodies (PRA)"),
}
TOPIC = {
    "definition": _("What it is"),
    "setting": _("Where it is given"),
    "preparation": _("Before the infusion"),
    "monitoring": _("Monitoring"),
    "premedication": _("Premedication"),
    "dose_example": _("Worked examples"),
    "rate_plan": _("Rate plan"),
    "immediate_effect": _("Immediate effects"),
    "delayed_effect": _("Delayed effects"),
    "late_effect": _("Late effects"),
    "common_effect": _("Common effects"),
    "rare_effect": _("Rare effects"),
    "mild_effect": _("Mild effects"),
    "severe_effect": _("Severe effects"),
    "frequency": _("How often"),
    "risk_factor": _("Risk factors"),
    "laboratory_change": _("Changes in blood tests"),
    "laboratory_criterion": _("Laboratory criteria"),
    "serology": _("Serology"),
    "action": _("What to do"),
    "pregnancy": _("Pregnancy and breast-feeding"),
    "pharmacokinetics": _("Serum levels"),
    "maintenance": _("Maintenance treatment"),
    "replacement_use": _("Replacement therapy"),
    "immunomodulation_use": _("Immunomodulation"),
    "contradiction": _("Contradictions"),
}
