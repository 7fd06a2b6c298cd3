"""What the codes of a review are called, in English; translated where they are read."""

from django.utils.translation import gettext

from apps.kernel.text import N_

ACTIONS = {
    "stopped": N_("Stopped, not restarted"),
    "paused": N_("Paused, then restarted"),
    "slowed": N_("Rate lowered"),
    "unchanged": N_("Nothing was changed"),
    "not_applicable": N_("The infusion was over"),
    "unknown": N_("Not known"),
}
DECHALLENGES = {
    "improved": N_("It improved"),
    "not_improved": N_("It did not improve"),
    "not_done": N_("Not less was given"),
    "unknown": N_("Not known"),
}
RECHALLENGES = {
    "recurred": N_("Given again, it came back"),
    "not_recurred": N_("Given again, it did not come back"),
    "outcome_unknown": N_("Given again, what came of it is not known"),
    "not_done": N_("Not given again yet"),
    "unknown": N_("Not known whether it was given again"),
}
OUTCOMES = {
    "recovered": N_("Recovered"),
    "recovering": N_("Recovering"),
    "not_recovered": N_("Not recovered"),
    "recovered_with_sequelae": N_("Recovered with lasting effects"),
    "fatal": N_("Died of it"),
    "unknown": N_("Not known"),
}
EXPECTED = {
    "expected": N_("Expected"),
    "unexpected": N_("Unexpected"),
    "not_decided": N_("Cannot be decided"),
}
ANSWERS = {
    "yes": N_("Yes"),
    "no": N_("No"),
    "unknown": N_("Not known"),
    "not_applicable": N_("Does not apply"),
}
MET = {
    "met": N_("Criteria met"),
    "not_met": N_("Criteria not met"),
    "unknown": N_("Not known from the record"),
}
CRITERION = {"yes": N_("met"), "no": N_("not met"), "unknown": N_("not known")}
MEANINGS = {
    "medical_review": N_("I have reviewed this adverse event; this is my medical assessment."),
    "second_opinion": N_("I have reviewed this adverse event independently; this is my own assessment."),
}
FREQUENCIES = {
    "very_common": N_("very common"),
    "common": N_("common"),
    "uncommon": N_("uncommon"),
    "rare": N_("rare"),
    "very_rare": N_("very rare"),
    "not_known": N_("frequency not known"),
    "isolated": N_("isolated reports"),
    "warning": N_("among the warnings"),
    "stated": N_("without a frequency"),
}
TOPICS = {
    "seriousness": N_("seriousness"),
    "grade": N_("severity"),
    "expectedness": N_("expectedness"),
    "causality": N_("causality"),
}


def said(words: dict[str, str], code: str) -> str:
    """The reader's word for a code; empty for none."""
    return gettext(words[code]) if code else ""


def choices(words: dict[str, str]) -> list[dict[str, str]]:
    """Every code with its word, in order, as a form offers them."""
    return [{"code": code, "name": gettext(word)} for code, word in words.items()]
