"""The words of cases, marked for translation."""

from apps.cases.models import Case, CaseClock
from apps.kernel.text import N_

KINDS = {
    "initial": N_("Initial report"),
    "follow_up": N_("Follow-up"),
    "amendment": N_("Amendment"),
    "nullification": N_("Nullification"),
}
SERIOUSNESS = {
    "death": N_("Death"),
    "life_threatening": N_("Life-threatening"),
    "hospitalisation": N_("Hospital stay caused or prolonged"),
    "disability": N_("Disability"),
    "congenital_anomaly": N_("Congenital anomaly"),
    "medically_important": N_("Medically important"),
}
QUALIFICATIONS = {
    "physician": N_("Physician"),
    "pharmacist": N_("Pharmacist"),
    "other_health_professional": N_("Other health professional"),
    "consumer": N_("Patient or relative"),
}
OUTCOMES = {
    "recovered": N_("Recovered"),
    "recovering": N_("Recovering"),
    "not_recovered": N_("Not recovered"),
    "recovered_with_sequelae": N_("Recovered with sequelae"),
    "fatal": N_("Fatal"),
    "unknown": N_("Not known"),
}
STATES = {
    Case.State.OPEN.value: N_("Open"),
    Case.State.NULLIFIED.value: N_("Nullified"),
    CaseClock.State.RUNNING.value: N_("Running"),
    CaseClock.State.MET.value: N_("Met"),
    CaseClock.State.ENDED.value: N_("Ended"),
}
WEIGHTS = {
    "vital": N_("Without it, it is no case"),
    "needed": N_("Needed before sending"),
    "useful": N_("Worth asking for"),
}
