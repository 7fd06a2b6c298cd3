"""Cases of pharmacovigilance: one or more adverse events of a patient, complete, coded, on the clock, in versions."""
