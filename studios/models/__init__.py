from studios.models.activity import Activity, ActivityFile
from studios.models.application import Application, ApplicationFile, ApplicationStep
from studios.models.attendance import Attendance
from studios.models.deleted import Deleted
from studios.models.leave import LeaveRequest
from studios.models.membership import Membership, StudioEvent
from studios.models.rule import Rule, RuleReading, RuleTemplate, RuleVersion
from studios.models.studio import LevelGrant, Studio

__all__ = [
    "Activity",
    "ActivityFile",
    "Application",
    "ApplicationFile",
    "ApplicationStep",
    "Attendance",
    "Deleted",
    "LeaveRequest",
    "LevelGrant",
    "Membership",
    "Rule",
    "RuleReading",
    "RuleTemplate",
    "RuleVersion",
    "Studio",
    "StudioEvent",
]
