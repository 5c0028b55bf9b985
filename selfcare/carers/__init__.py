"""People who help a patient: invited by the patient, let in as far as the patient says, ended by either at any time."""
