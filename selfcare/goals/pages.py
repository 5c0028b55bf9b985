"""All pages of the goals, behind one door."""

from selfcare.goals import answer_views, consultation_views, views, worklist_views, writing_views
from selfcare.goals.door import bp

__all__ = ["answer_views", "bp", "consultation_views", "views", "worklist_views", "writing_views"]
