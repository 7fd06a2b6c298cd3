"""The printed words of the form: in English as the form has them, in the other languages translated."""

from django.utils.translation import gettext_lazy as _

from apps.cases.cioms.content import NO, NOT_APPLICABLE, YES

TITLE = _("SUSPECT ADVERSE REACTION REPORT")
NAME = _("CIOMS FORM")
CONTINUED = _("(cont.)")
BANDS = {
    "I": _("I. REACTION INFORMATION"),
    "II": _("II. SUSPECT DRUG(S) INFORMATION"),
    "III": _("III. CONCOMITANT DRUG(S) AND HISTORY"),
    "IV": _("IV. MANUFACTURER INFORMATION"),
}
LABELS = {
    "1": _("1. PATIENT INITIALS (first, last)"),
    "1a": _("1a. COUNTRY"),
    "2": _("2. DATE OF BIRTH"),
    "2a": _("2a. AGE"),
    "3": _("3. SEX"),
    "4-6": _("4-6. REACTION ONSET"),
    "8-12": _("8-12. CHECK ALL APPROPRIATE TO ADVERSE REACTION"),
    "7+13": _("7 + 13. DESCRIBE REACTION(S) (including relevant tests/lab data)"),
    "14": _("14. SUSPECT DRUG(S) (include generic name and lot)"),
    "15": _("15. DAILY DOSE(S)"),
    "16": _("16. ROUTE(S) OF ADMINISTRATION"),
    "17": _("17. INDICATION(S) FOR USE"),
    "18": _("18. THERAPY DATES (from/to)"),
    "19": _("19. THERAPY DURATION"),
    "20": _("20. DID REACTION ABATE AFTER STOPPING DRUG?"),
    "21": _("21. DID REACTION REAPPEAR AFTER REINTRODUCTION?"),
    "22": _("22. CONCOMITANT DRUG(S) AND DATES OF ADMINISTRATION (exclude those used to treat reaction)"),
    "23": _(
        "23. OTHER RELEVANT HISTORY (such as diagnostics, allergics, pregnancy with last month of period, etc.)"
    ),
    "24a": _("24a. NAME AND ADDRESS OF MANUFACTURER"),
    "24b": _("24b. MFR CONTROL NO."),
    "24c": _("24c. DATE RECEIVED BY MANUFACTURER"),
    "24d": _("24d. REPORT SOURCE"),
    "date": _("DATE OF THIS REPORT"),
    "25a": _("25a. REPORT TYPE"),
    "26": _("26. REMARKS"),
}
DATE_CELLS = (_("day"), _("month"), _("year"))
SERIOUSNESS = {
    "death": _("PATIENT DIED"),
    "hospitalisation": _("INVOLVED OR PROLONGED INPATIENT HOSPITALISATION"),
    "disability": _("INVOLVED PERSISTENCE OF SIGNIFICANT DISABILITY OR INCAPACITY"),
    "life_threatening": _("LIFE THREATENING"),
    "congenital_anomaly": _("CONGENITAL ANOMALY"),
    "medically_important": _("OTHER MEDICALLY IMPORTANT CONDITION"),
}
YES_NO = {YES: _("YES"), NO: _("NO"), NOT_APPLICABLE: _("N/A")}
SOURCES = {
    "study": _("STUDY"),
    "literature": _("LITERATURE"),
    "health_professional": _("HEALTH PROFESSIONAL"),
    "other": _("OTHER"),
}
TYPES = {"initial": _("INITIAL"), "follow_up": _("FOLLOW-UP")}
NULLIFIED = _("NULLIFIED: this case no longer counts")
