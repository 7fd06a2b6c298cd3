"""Whether a reaction is expected, held against one version of one label (clinical facts 7.1).

A proposal with its reason; a form more severe than the label describes is unexpected, which only a person can say.
"""

from dataclasses import dataclass
from enum import StrEnum

from apps.guidelines.domain import ReactionLabel
from apps.kernel.text import N_
from apps.safety.domain.picture import NOT_DESCRIBED, Said

LISTED = N_("%(label)s lists “%(words)s” (%(version)s).")
NOT_LISTED = N_(
    "Looked for in %(label)s and not found (%(version)s). Unexpected until the full text has been checked."
)
NOT_HELD = N_("What was read of %(label)s does not settle it. Look into the full text.")
NO_LABEL = N_("No label of this product was read. Look into its full text.")
UNDESCRIBED = N_("What was seen has not been described.")


class Expected(StrEnum):
    """Unknown stays "not decided"."""

    EXPECTED = "expected"
    UNEXPECTED = "unexpected"
    NOT_DECIDED = "not_decided"


@dataclass(frozen=True, slots=True)
class Expectedness:
    """What is proposed and why; `frequency` as in the label's own band, empty where nothing is listed."""

    expected: Expected
    why: Said
    frequency: str = ""
    label_code: str = ""


def expectedness(term: str, label: ReactionLabel | None) -> Expectedness:
    """What the label of this product says of a term that the ward records."""
    if label is None:
        return Expectedness(Expected.NOT_DECIDED, Said(NO_LABEL, {}))
    if term in ("", NOT_DESCRIBED):
        return Expectedness(Expected.NOT_DECIDED, Said(UNDESCRIBED, {}), label_code=label.code)
    params = {"label": label.title, "version": label.version}
    entry = label.listed(term)
    if entry is not None:
        said = Said(LISTED, params | {"words": entry.words})
        return Expectedness(Expected.EXPECTED, said, entry.frequency, label.code)
    if term in label.not_listed:
        return Expectedness(Expected.UNEXPECTED, Said(NOT_LISTED, params), label_code=label.code)
    return Expectedness(Expected.NOT_DECIDED, Said(NOT_HELD, {"label": label.title}), label_code=label.code)
