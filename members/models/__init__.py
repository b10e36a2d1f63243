from members.models.absence import Absence, LeftAsIs
from members.models.person import Person, masked, pinyin_initials, without_spaces
from members.models.unit import Unit
from members.models.user import GRANTABLE, Role, RoleGrant, User

__all__ = [
    "GRANTABLE",
    "Absence",
    "LeftAsIs",
    "Person",
    "Role",
    "RoleGrant",
    "Unit",
    "User",
    "masked",
    "pinyin_initials",
    "without_spaces",
]
