"""Individual case safety reports as the world exchanges them: ICH E2B(R3) on HL7 version 3, written and read."""
