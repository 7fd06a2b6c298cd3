"""Why an element of a report is empty."""

from enum import StrEnum


class NullFlavor(StrEnum):
    """The reasons ICH allows for an empty element (ICSR Implementation Guide v5.03, section 3.3.6).

    Which element takes which of them is in the element table. The reasons for a bound without an end
    (NINF, PINF) are part of a test result's comparison (`Measured`) and are no values here.
    """

    NO_INFORMATION = "NI"
    MASKED = "MSK"
    UNKNOWN = "UNK"
    NOT_APPLICABLE = "NA"
    ASKED_BUT_UNKNOWN = "ASKU"
    NOT_ASKED = "NASK"
