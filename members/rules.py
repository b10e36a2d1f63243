"""Who may do what about people, users and units. Read the table; nothing else grants anything."""

import rules

from members.models import Role

STAFF = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT)


@rules.predicate
def is_self(user, person):
    return person is not None and user.person_id == person.pk


@rules.predicate
def oversees_person(user, person):
    """Holds a role over the person's unit, or over a studio he belongs to."""
    return person is not None and type(person).objects.visible_to(user).filter(pk=person.pk).exists()


@rules.predicate
def staff_over_person(user, person):
    """Works for the union of the person's unit, or of the unit of a studio he belongs to."""
    return person is not None and person.is_below([path for role, path in user.scopes if role in STAFF])


@rules.predicate
def steers_with_person(user, person):
    """Leads, or writes for, a studio the person belongs to."""
    steered = [studio for studio, role in user.studio_roles.items() if role in ("lead", "liaison")]
    return person is not None and person.memberships.filter(left_on=None, studio__in=steered).exists()


@rules.predicate
def is_own_absence(user, absence):
    return absence is not None and user.person_id is not None and absence.person_id == user.person_id


@rules.predicate
def sees_absence(user, absence):
    return absence is not None and type(absence).objects.visible_to(user).filter(pk=absence.pk).exists()


@rules.predicate
def decides_absence(user, absence):
    return absence is not None and type(absence).objects.for_decision_of(user).filter(pk=absence.pk).exists()


def holds(*roles):
    """Holds one of the roles anywhere: for pages that belong to no single object."""

    def holds_anywhere(user, obj=None):
        return user.holds(*roles)

    return rules.predicate(holds_anywhere, name=f"holds{roles}")


@rules.predicate
def is_own_login(user, other):
    return other is not None and user.pk == other.pk


@rules.predicate
def outranked(user, other):
    """Everything the other one holds, the user could have granted; a superuser is above all."""
    return other is not None and (
        user.is_superuser
        or (
            not other.is_superuser
            and all(user.may_grant(grant.role, grant.unit) for grant in other.standing_grants)
        )
    )


@rules.predicate
def is_superuser(user, other):
    return other is not None and other.is_superuser


@rules.predicate
def is_owner(user, view):
    return view is not None and view.owner_id == user.pk


@rules.predicate
def is_whose_act_it_was(user, undo):
    return undo is not None and undo.user_id == user.pk


@rules.predicate
def administers_the_group(user, obj=None):
    """Administers the whole group: the tree and the calendar are everybody's."""
    return user.administers_the_group


managers = holds(Role.GROUP_ADMIN, Role.SYSTEM_ADMIN)
keeps_all_logins = administers_the_group | holds(Role.SYSTEM_ADMIN)

PERMISSIONS = {
    "members.view_person": oversees_person,
    "members.change_person": is_self | staff_over_person,
    "members.change_roster": staff_over_person,
    "members.view_mobile": is_self | staff_over_person | steers_with_person,
    "members.view_absence": sees_absence,
    "members.decide_absence": decides_absence,
    "members.end_absence": is_own_absence | decides_absence,
    "members.manage_users": managers,
    "members.lock_user": managers & (keeps_all_logins | outranked) & ~is_own_login & ~is_superuser,
    "members.change_user": holds(Role.GROUP_ADMIN) & outranked,
    "members.grant_roles": managers & ~is_own_login & ~is_superuser,
    "members.see_units": holds(*STAFF, Role.COMPANY_LEADER),
    "members.manage_units": administers_the_group,
    "members.manage_workdays": keeps_all_logins,
    # Lists of all apps: what is shared or the default of a role is seen by the whole group.
    "core.share_view": holds(Role.GROUP_ADMIN, Role.GROUP_STAFF),
    "core.set_default_view": holds(Role.GROUP_ADMIN),
    "core.delete_view": is_owner,
    "core.undo": is_whose_act_it_was,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
