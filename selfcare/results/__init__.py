"""Results first (Year of Care): what the care team measured, held until released, then told in plain words."""
