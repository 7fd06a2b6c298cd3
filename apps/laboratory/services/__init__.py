"""Writers of laboratory results."""

from apps.laboratory.services.correcting import correct_result, enter_in_error
from apps.laboratory.services.entries import ResultEntry
from apps.laboratory.services.recording import record_results

__all__ = ["ResultEntry", "correct_result", "enter_in_error", "record_results"]
