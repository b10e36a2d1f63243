"""Who may do what somebody may not: the people to ask."""

from datetime import date

from members.models import Role, RoleGrant, Unit, User
from studios.models import Membership

#: More names help nobody.
MOST = 6


def who_may(permission: str, obj, *, on: date) -> list[User]:
    """The people near the object who have the right: of its studio first, then of its unit, of the group."""
    return [user for user in _near(obj, on) if user.has_perm(permission, obj)][:MOST]


def who_grants(user, obj, *, on: date) -> list[User]:
    """Who may give the person a role that has the right: the administrators over the place it is about."""
    unit = _unit(obj) or (user.person and user.person.unit)
    if unit is None:
        return []
    found = User.objects.holding(Role.GROUP_ADMIN, at=unit, on=on).exclude(pk=user.pk)
    return list(found.select_related("person").order_by("pk")[:MOST])


def _unit(obj) -> Unit | None:
    studio = getattr(obj, "studio", None)
    unit = obj if isinstance(obj, Unit) else getattr(studio, "unit", None) or getattr(obj, "unit", None)
    return unit if isinstance(unit, Unit) else None


def _near(obj, on: date) -> list[User]:
    """Candidates, a few dozen at most; whether they may is asked of the table of rights."""
    people = User.objects.filter(is_active=True).select_related("person")
    found = []
    if studio := getattr(obj, "studio", None):
        current = studio.memberships.current(on=on).filter(role__in=Membership.STEERING)
        found += people.filter(person__in=current.values("person")).order_by("pk")[:MOST]
    if unit := _unit(obj):
        for role in (Role.UNIT_CONTACT, Role.GROUP_STAFF, Role.GROUP_ADMIN):
            found += people.holding(role, at=unit, on=on).order_by("pk")[:MOST]
    else:
        in_force = RoleGrant.objects.in_force(on=on)
        for role in (Role.GROUP_STAFF, Role.GROUP_ADMIN, Role.SYSTEM_ADMIN):
            found += people.filter(grants__in=in_force.filter(role=role)).distinct().order_by("pk")[:MOST]
    return list(dict.fromkeys(found))
