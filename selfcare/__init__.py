"""Selfcare: self-management support for people with long-term conditions and their care teams.

The map of the rooms stands in ``docs/architecture.md``; ``app.py`` is the one place that wires them.
"""
