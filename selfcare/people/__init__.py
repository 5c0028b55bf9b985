"""The people, their roles and teams, who cares for whom, and who may see what."""
