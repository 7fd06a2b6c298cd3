"""What a finding says: English %-templates with their units, filled by the evidence."""

from apps.infusions.domain.bedside_rules.combinations import REACTION
from apps.infusions.domain.bedside_rules.limits import CONSCIOUSNESS_WORDS
from apps.infusions.domain.bedside_rules.rules import Rule
from apps.infusions.domain.bedside_rules.totals import SIGN_WORDS
from apps.infusions.domain.bedside_rules.trends import FALLING, RISING
from apps.kernel.text import N_

_OF_A_SIGN = {
    ("systolic_mmhg", "below"): N_("Systolic blood pressure %(value)s mmHg, below %(threshold)s mmHg."),
    ("systolic_mmhg", "at_least"): N_("Systolic blood pressure %(value)s mmHg, %(threshold)s mmHg or more."),
    ("systolic_mmhg", "below_for_age"): N_(
        "Systolic blood pressure %(value)s mmHg, below %(threshold)s mmHg, the limit at the age of %(years)s."
    ),
    ("systolic_mmhg", "fall_by"): N_(
        "Systolic blood pressure %(value)s mmHg, fallen by %(change)s mmHg from baseline %(baseline)s mmHg."
    ),
    ("systolic_mmhg", "fall_by_percent"): N_(
        "Systolic blood pressure %(value)s mmHg, fallen by %(percent)s %% from baseline %(baseline)s mmHg."
    ),
    ("systolic_mmhg", "rise_by"): N_(
        "Systolic blood pressure %(value)s mmHg, risen by %(change)s mmHg from baseline %(baseline)s mmHg."
    ),
    ("systolic_mmhg", FALLING): N_(
        "Systolic blood pressure falling: from %(first)s to %(value)s mmHg over the last %(sets)s sets."
    ),
    ("pulse_per_min", "at_least"): N_("Pulse %(value)s/min, %(threshold)s/min or more."),
    ("pulse_per_min", "at_most"): N_("Pulse %(value)s/min, %(threshold)s/min or less."),
    ("pulse_per_min", RISING): N_(
        "Pulse rising: from %(first)s/min to %(value)s/min over the last %(sets)s sets."
    ),
    ("respiratory_rate_per_min", "at_least"): N_(
        "Respiratory rate %(value)s/min, %(threshold)s/min or more."
    ),
    ("spo2_percent", "at_most"): N_("Oxygen saturation %(value)s %%, %(threshold)s %% or less."),
    ("respiratory_rate_per_min", "at_most"): N_("Respiratory rate %(value)s/min, %(threshold)s/min or less."),
    ("spo2_percent", "below"): N_("Oxygen saturation %(value)s %%, below %(threshold)s %%."),
    ("oxygen_l_per_min", "newly_given"): N_(
        "Oxygen is given now, %(value)s L/min; none is recorded at baseline."
    ),
    ("temperature_c", "rise_by"): N_(
        "Temperature %(value)s °C, risen by %(change)s °C from baseline %(baseline)s °C."
    ),
    ("temperature_c", "at_least_and_rise_by"): N_(
        "Temperature %(value)s °C, %(threshold)s °C or more, risen by %(change)s °C from baseline %(baseline)s °C."
    ),
    ("consciousness", "not_alert"): N_("Not fully alert: %(word)s."),
    ("news2", "total_at_least"): N_("NEWS2 total %(value)s, %(threshold)s or more."),
    ("news2", "part_at_least"): N_("NEWS2: %(sign)s alone scores %(value)s."),
    ("bedside_pews", "total_at_least"): N_("Bedside PEWS total %(value)s, %(threshold)s or more."),
}
_ANY_LIMIT = N_("A vital sign is outside its limit: %(value)s, limit %(threshold)s.")
_ANY_TREND = N_("A vital sign changes steadily: from %(first)s to %(value)s over the last %(sets)s sets.")

_TOGETHER = {
    ("anaphylaxis", REACTION): N_("Possible anaphylaxis, assess now: %(first_symptom)s."),
    ("anaphylaxis", "systolic_mmhg"): N_(
        "Possible anaphylaxis, assess now: systolic blood pressure %(first_value)s mmHg."
    ),
    ("anaphylaxis", REACTION, REACTION): N_(
        "Possible anaphylaxis, assess now: %(first_symptom)s together with %(second_symptom)s."
    ),
    ("anaphylaxis", REACTION, "systolic_mmhg"): N_(
        "Possible anaphylaxis, assess now: %(first_symptom)s together with systolic blood pressure"
        " %(second_value)s mmHg."
    ),
    ("anaphylaxis", REACTION, "spo2_percent"): N_(
        "Possible anaphylaxis, assess now: %(first_symptom)s together with oxygen saturation %(second_value)s %%."
    ),
    ("fluid_overload", "systolic_mmhg", "spo2_percent"): N_(
        "Possible fluid overload, assess now: systolic blood pressure risen by %(first_change)s mmHg to"
        " %(first_value)s mmHg, oxygen saturation fallen from %(second_baseline)s %% to %(second_value)s %%."
    ),
    ("fluid_overload", "systolic_mmhg", "oxygen_l_per_min"): N_(
        "Possible fluid overload, assess now: systolic blood pressure risen by %(first_change)s mmHg to"
        " %(first_value)s mmHg, oxygen now given, %(second_value)s L/min."
    ),
    ("fluid_overload", "systolic_mmhg", "respiratory_rate_per_min"): N_(
        "Possible fluid overload, assess now: systolic blood pressure risen by %(first_change)s mmHg to"
        " %(first_value)s mmHg, respiratory rate risen from %(second_baseline)s/min to %(second_value)s/min."
    ),
    ("fluid_overload", "systolic_mmhg", REACTION): N_(
        "Possible fluid overload, assess now: systolic blood pressure risen by %(first_change)s mmHg to"
        " %(first_value)s mmHg, together with %(second_symptom)s."
    ),
}
_ANY_TOGETHER = N_("Several signs together call for a look at the patient now.")

FINDING_MESSAGES = (
    *_OF_A_SIGN.values(),
    *_TOGETHER.values(),
    _ANY_LIMIT,
    _ANY_TREND,
    _ANY_TOGETHER,
    *CONSCIOUSNESS_WORDS.values(),
    *SIGN_WORDS.values(),
)


def message_of(rule: Rule, about: tuple[str, ...]) -> str:
    """The sentence for a rule that fired on this evidence; a general one where none was written for it."""
    condition = rule.condition
    if condition.test == "all_of":
        return _TOGETHER.get((rule.group, *about), _ANY_TOGETHER)
    general = _ANY_TREND if condition.test in (FALLING, RISING) else _ANY_LIMIT
    return _OF_A_SIGN.get((condition.sign, condition.test), general)
