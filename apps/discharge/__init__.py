"""Going home: discharge, the sheet that goes with the patient, and what must wait afterwards."""
