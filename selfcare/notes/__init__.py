"""Medicines and self-care notes that a patient keeps for themself, and shares if they choose to."""
