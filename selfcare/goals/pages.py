"""All pages of the goals, behind one door."""

from selfcare.goals import consultation_views, views, writing_views
from selfcare.goals.door import bp

__all__ = ["bp", "consultation_views", "views", "writing_views"]
