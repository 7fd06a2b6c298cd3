"""What a single value may look like: countries, languages, units, MedDRA, English."""

import re
import unicodedata

# ISO 3166-1 alpha-2, and EU, which ICH accepts beside them.
_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
YT ZA ZM ZW EU
"""
COUNTRIES = frozenset(_COUNTRIES.split())
# Codes of ISO 639-3 that ISO 639-2 writes otherwise.
_NOT_ISO_639_2 = {"pes": "fas", "prs": "fas", "arb": "ara", "cmn": "zho", "ckb": "kur", "kmr": "kur"}
# What people write for a unit, and what UCUM calls it.
NOT_UCUM = {
    "mmHg": "mm[Hg]",
    "bpm": "/min",
    "C": "Cel",
    "IU/L": "[iU]/L",
    "IU/mL": "[iU]/mL",
    "x10^9/L": "10*9/L",
    "10^9/L": "10*9/L",
    "x10E9/L": "10*9/L",
}
_NOT_METRIC = ("degF", "lb_", "in_i", "ft_i", "oz_", "gal_", "[pt_", "stone")
_NORWEGIAN = frozenset(
    [
        "og",
        "ikke",
        "ble",
        "på",
        "som",
        "hadde",
        "etter",
        "pasienten",
        "med",
        "av",
        "det",
        "ved",
        "fra",
        "til",
        "uten",
        "timer",
        "fikk",
    ]
)
_ENGLISH = frozenset(
    [
        "the",
        "and",
        "was",
        "of",
        "with",
        "to",
        "in",
        "after",
        "for",
        "patient",
        "at",
        "a",
        "were",
        "had",
        "from",
        "by",
        "no",
        "on",
        "not",
    ]
)
_SCRIPTS = (
    "LATIN",
    "GREEK",
    "MICRO",
    "KELVIN",
    "ANGSTROM",
    "OHM",
    "FEMININE",
    "MASCULINE",
    "MODIFIER",
    "SUPERSCRIPT",
)
_UNIT = re.compile(r"[!-~]+", re.ASCII)
_MEDDRA_VERSION = re.compile(r"[1-9]\d?\.[0-9]", re.ASCII)
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def is_language(code: str) -> bool:
    """Whether it may be a code of ISO 639-2, three small letters."""
    return bool(re.fullmatch(r"[a-z]{3}", code)) and code not in _NOT_ISO_639_2


def is_ucum(unit: str) -> bool:
    """Whether a unit may be UCUM: no blanks, no letters outside ASCII, none of the usual misspellings."""
    return bool(_UNIT.fullmatch(unit)) and unit not in NOT_UCUM


def is_metric(unit: str) -> bool:
    """Whether a unit is none of the inch-pound ones."""
    return not any(part in unit for part in _NOT_METRIC)


def is_meddra_version(version: str) -> bool:
    """Whether it looks like a MedDRA version, such as 28.1."""
    return bool(_MEDDRA_VERSION.fullmatch(version))


def is_meddra_code(code: str) -> bool:
    """Whether it is eight digits."""
    return bool(re.fullmatch(r"[1-9]\d{7}", code, re.ASCII))


def forbidden_character(text: str) -> str | None:
    """The first character that XML cannot hold, as U+0001; None when there is none."""
    found = _FORBIDDEN.search(text)
    return f"U+{ord(found[0]):04X}" if found else None


def reads_as_english(text: str) -> bool:
    """Whether a text may be English: written in Latin letters and digits, and not plainly Norwegian.

    Names and short phrases pass; three different everyday words of Norwegian, more than of English, do not.
    """
    if not text.isascii() and not all(_is_latin(character) for character in text if not character.isascii()):
        return False
    words = re.findall(r"[^\W\d_]+", text.lower())
    norwegian = len(_NORWEGIAN.intersection(words))
    return norwegian < 3 or norwegian <= len(_ENGLISH.intersection(words))


def _is_latin(character: str) -> bool:
    category = unicodedata.category(character)
    if category.startswith("L"):
        return unicodedata.name(character, "").startswith(_SCRIPTS)
    return category != "Nd"
