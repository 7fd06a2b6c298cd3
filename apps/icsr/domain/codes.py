"""The identifiers of the standard: code systems, roots of ids, and the code lists with what each code means.

ICH ICSR Implementation Guide v5.03, appendix I. List 14 (routes) holds the interim codes for immunoglobulins
only. The lists of units are constrained UCUM: mL/kg/h and g/kg are not in them.
"""

ICH_LISTS = "2.16.840.1.113883.3.989.2.1.1."
ICH_IDS = "2.16.840.1.113883.3.989.2.1.3."
MEDDRA = "2.16.840.1.113883.6.163"
UCUM = "2.16.840.1.113883.6.8"
COUNTRIES = "1.0.3166.1.2.2"  # ISO 3166-1 alpha-2; EU is accepted
LANGUAGES = "1.0.639.2"  # ISO 639-2, three letters
SEXES = "1.0.5218"  # ISO 5218
RANGES = "2.16.840.1.113883.5.83"  # L and H of a normal range


def code_list_oid(number: int) -> str:
    """The OID of an ICH code list."""
    return f"{ICH_LISTS}{number}"


def id_root(number: int) -> str:
    """The OID under which an identifier of that kind is unique."""
    return f"{ICH_IDS}{number}"


# fmt: off
_DOSE_UNITS = (
    "kg", "g", "mg", "ug", "ng", "pg", "mg/kg", "ug/kg", "mg/mL", "mg/m2",
    "ug/m2", "L", "mL", "uL", "Bq", "GBq", "MBq", "kBq", "Ci", "mCi", "uCi",
    "nCi", "mol", "mmol", "umol", "[iU]", "k[iU]", "M[iU]", "[iU]/kg", "meq", "%", "[drp]", "{DF}",
)
_TIME_UNITS = (
    "a", "mo", "wk", "d", "h", "min", "s", "ms", "us", "ns", "ps", "ks", "Ms", "10.a",
    "{cyclical}", "{asnecessary}", "{total}", "{trimester}",
)
# fmt: on

CODE_LISTS: dict[int, dict[str, str]] = {
    1: {"1": "ichicsr"},
    2: {"1": "spontaneous report", "2": "report from study", "3": "other", "4": "not available to sender"},
    3: {"1": "regulator", "2": "other"},
    4: {"1": "general practitioner", "2": "specialist", "3": "hospital", "4": "investigation"},
    5: {"1": "nullification", "2": "amendment"},
    6: {
        "1": "physician",
        "2": "pharmacist",
        "3": "other health professional",
        "4": "lawyer",
        "5": "consumer or other non health professional",
    },
    7: {
        "1": "pharmaceutical company",
        "2": "regulatory authority",
        "3": "health professional",
        "4": "regional pharmacovigilance centre",
        "5": "WHO collaborating centre for international drug monitoring",
        "6": "other",
        "7": "patient or consumer",
    },
    8: {"1": "clinical trials", "2": "individual patient use", "3": "other studies"},
    9: {
        "0": "foetus",
        "1": "neonate",
        "2": "infant",
        "3": "child",
        "4": "adolescent",
        "5": "adult",
        "6": "elderly",
    },
    10: {
        "1": "highlighted, not serious",
        "2": "not highlighted, not serious",
        "3": "highlighted, serious",
        "4": "not highlighted, serious",
    },
    11: {
        "1": "recovered",
        "2": "recovering",
        "3": "not recovered",
        "4": "recovered with sequelae",
        "5": "fatal",
        "0": "unknown",
    },
    12: {"1": "positive", "2": "negative", "3": "borderline", "4": "inconclusive"},
    13: {"1": "suspect", "2": "concomitant", "3": "interacting", "4": "drug not administered"},
    14: {
        "040": "intravenous bolus",
        "041": "intravenous drip",
        "042": "intravenous, not otherwise specified",
    },
    15: {
        "1": "drug withdrawn",
        "2": "dose reduced",
        "3": "dose increased",
        "4": "dose not changed",
        "0": "unknown",
        "9": "not applicable",
    },
    16: {
        "1": "given again, recurred",
        "2": "given again, did not recur",
        "3": "given again, outcome unknown",
        "4": "not given again",
    },
    17: {
        "1": "counterfeit",
        "2": "overdose",
        "3": "taken by the father",
        "4": "taken beyond expiry date",
        "5": "batch and lot tested and within specifications",
        "6": "batch and lot tested and not within specifications",
        "7": "medication error",
        "8": "misuse",
        "9": "abuse",
        "10": "occupational exposure",
        "11": "off label use",
    },
    25: {unit: unit for unit in _DOSE_UNITS},
    26: {unit: unit for unit in _TIME_UNITS},
}
