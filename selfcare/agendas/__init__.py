"""What a patient wants to talk about, the one page it becomes for the care team, and the panel."""
