"""What alerts of the follow-up say: English templates, translated where they are read."""

from collections.abc import Iterable, Mapping

from apps.guidelines.domain import LocalText
from apps.kernel.text import N_

MESSAGE_EMERGENCY = N_(
    "EMERGENCY at follow-up, possibly: %(effect)s. The patient reports: %(symptoms)s. %(advice)s"
)
MESSAGE_SAME_DAY = N_(
    "A physician must look today, possibly: %(effect)s. The patient reports: %(symptoms)s. %(advice)s"
)
MESSAGE_SYMPTOMS = N_("The patient reports: %(symptoms)s. No red flag. Somebody looks at it during the day.")
MESSAGE_UNREACHABLE = N_(
    "Not reached %(count)s times: %(name)s. Nobody knows how the patient is. Decide how to go on."
)
ANSWER_MESSAGES = (MESSAGE_EMERGENCY, MESSAGE_SAME_DAY, MESSAGE_SYMPTOMS, MESSAGE_UNREACHABLE)


def listed(texts: Iterable[LocalText]) -> Mapping[str, str]:
    """Several wordings side by side, each language with its own comma."""
    texts = list(texts)
    return {
        "en": ", ".join(text.en for text in texts),
        "nb": ", ".join(text.nb for text in texts),
        "fa": "، ".join(text.fa for text in texts),
    }
