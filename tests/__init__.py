"""Stories about the same people; see factories.py."""
