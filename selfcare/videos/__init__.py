"""The video library: curated clips as data packs, and how far each person has watched."""
