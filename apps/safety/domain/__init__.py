"""Pure rules of adverse-event review: onset classes, safe CSV cells."""

from apps.safety.domain.csv_cells import neutralise
from apps.safety.domain.onset import NorwegianOnset, Onset, ReviewOnset, classify_onset

__all__ = ["NorwegianOnset", "Onset", "ReviewOnset", "classify_onset", "neutralise"]
