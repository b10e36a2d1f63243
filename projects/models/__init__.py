from projects.models.change_request import ChangeRequest
from projects.models.consequence import Consequence, PointEntry
from projects.models.decision import DecisionItem
from projects.models.frozen import BelatedEntry, Frozen, PlanStep, Remark
from projects.models.grace import GraceDays
from projects.models.indicator import Indicator, Milestone
from projects.models.item import PlanItem
from projects.models.journal import Evidence, ProgressEntry
from projects.models.lesson import Lesson
from projects.models.plan import Plan
from projects.models.problem import Problem, ProblemStep
from projects.models.topic import StatedTopics, Topic

__all__ = [
    "BelatedEntry",
    "ChangeRequest",
    "Consequence",
    "DecisionItem",
    "Evidence",
    "Frozen",
    "GraceDays",
    "Indicator",
    "Lesson",
    "Milestone",
    "Plan",
    "PlanItem",
    "PlanStep",
    "PointEntry",
    "Problem",
    "ProblemStep",
    "ProgressEntry",
    "Remark",
    "StatedTopics",
    "Topic",
]
