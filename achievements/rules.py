"""Who may do what about achievements and their adoption. Read the table; nothing else grants anything."""

import rules

from achievements.models import Achievement
from studios.models import Membership
from studios.rules import staff_here, steers


@rules.predicate
def sees(user, record):
    """It is in the list of what he sees."""
    return record is not None and type(record).objects.visible_to(user).filter(pk=record.pk).exists()


@rules.predicate
def steers_another(user, achievement):
    """Leads, or writes for, a studio that could use it, and sees it."""
    if achievement is None or not any(
        role in Membership.STEERING and studio != achievement.studio_id
        for studio, role in user.studio_roles.items()
    ):
        return False
    return Achievement.objects.visible_to(user).filter(pk=achievement.pk).exists()


@rules.predicate
def steers_its_origin(user, adoption):
    """Leads, or writes for, the studio whose achievement it is."""
    return adoption is not None and steers(user, adoption.achievement)


PERMISSIONS = {
    "achievements.view_achievement": sees,
    "achievements.change_achievement": staff_here | steers,
    # What it is worth is claimed by the studio and verified by the union.
    "achievements.verify_benefit": staff_here & ~steers,
    "achievements.offer_achievement": staff_here | steers,
    "achievements.adopt": steers_another,
    "achievements.view_adoption": sees,
    "achievements.change_adoption": steers,
    # Nobody confirms what he has written himself, on either side.
    "achievements.verify_adoption": staff_here & ~steers & ~steers_its_origin,
}
for name, predicate in PERMISSIONS.items():
    rules.add_perm(name, predicate)
