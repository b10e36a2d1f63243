from studios.models.activity import Activity, ActivityFile
from studios.models.application import Application, ApplicationFile, ApplicationStep
from studios.models.attendance import Attendance
from studios.models.deleted import Deleted
from studios.models.equipment import Equipment, StockTake, StockTakeRow, Venue
from studios.models.funds import FundBudget, FundEntry, Spending
from studios.models.gathering import Gathering
from studios.models.leave import LeaveRequest
from studios.models.membership import Membership, StudioEvent
from studios.models.review import MemberReview
from studios.models.rule import Rule, RuleReading, RuleTemplate, RuleVersion
from studios.models.series import Series
from studios.models.studio import LevelGrant, Studio
from studios.models.support import SupportRequest

__all__ = [
    "Activity",
    "ActivityFile",
    "Application",
    "ApplicationFile",
    "ApplicationStep",
    "Attendance",
    "Deleted",
    "Equipment",
    "FundBudget",
    "FundEntry",
    "Gathering",
    "LeaveRequest",
    "LevelGrant",
    "MemberReview",
    "Membership",
    "Rule",
    "RuleReading",
    "RuleTemplate",
    "RuleVersion",
    "Series",
    "Spending",
    "StockTake",
    "StockTakeRow",
    "Studio",
    "StudioEvent",
    "SupportRequest",
    "Venue",
]
