"""Results, conversion, plausibility, and what they may tell of delayed effects. Pure."""

from apps.laboratory.domain import blood_cells, hemolysis, kidney_words, sodium

# What alerts say, for the pages that translate them.
FINDING_MESSAGES = (
    *dict.fromkeys(kidney_words.MESSAGES.values()),
    *hemolysis.MESSAGES,
    *sodium.MESSAGES,
    *blood_cells.MESSAGES,
)
# Pieces that fill them.
FINDING_PHRASES = (*kidney_words.BASELINE_WORDS.values(), *hemolysis.MARKER_WORDS)
