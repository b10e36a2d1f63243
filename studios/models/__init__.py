from studios.models.activity import Activity, ActivityFile
from studios.models.application import Application, ApplicationFile, ApplicationStep
from studios.models.deleted import Deleted
from studios.models.membership import Membership, StudioEvent
from studios.models.rule import Rule, RuleVersion
from studios.models.studio import LevelGrant, Studio

__all__ = [
    "Activity",
    "ActivityFile",
    "Application",
    "ApplicationFile",
    "ApplicationStep",
    "Deleted",
    "LevelGrant",
    "Membership",
    "Rule",
    "RuleVersion",
    "Studio",
    "StudioEvent",
]
