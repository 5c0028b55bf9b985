"""Caseload hand-over: a clinician leaves, goes on leave, or hands one patient on; a colleague of the same team is named from now."""
