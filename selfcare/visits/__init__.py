"""Visits: when a patient sees somebody, booked by a care team or noted by the patient."""
