from projects.models.indicator import Indicator, Milestone
from projects.models.item import PlanItem
from projects.models.journal import Evidence, ProgressEntry
from projects.models.plan import Plan
from projects.models.topic import Topic

__all__ = ["Evidence", "Indicator", "Milestone", "Plan", "PlanItem", "ProgressEntry", "Topic"]
