"""Who is told about a studio or an item: its owner, its lead, who steers it, who looks after it."""

from collections import defaultdict
from datetime import date

from members.models import Role, RoleGrant, User
from studios.models import Membership


class People:
    """Who is to be told about some studios and items, looked up in three queries."""

    def __init__(self, studios, owner_ids, *, on: date) -> None:
        studios = list(studios)
        steering = Membership.objects.current(on=on).filter(role__in=Membership.STEERING)
        self.steering: dict[tuple[int, str], list[int]] = defaultdict(list)
        persons = {pk for pk in owner_ids if pk}
        rows = _among(steering, "studio", [studio.pk for studio in studios])
        for studio, role, person in rows.values_list("studio_id", "role", "person_id"):
            self.steering[studio, role].append(person)
            persons.add(person)
        active = User.objects.filter(is_active=True).select_related("person")
        self.users = {user.person_id: user for user in _among(active, "person", persons)}
        grants = RoleGrant.objects.in_force(on=on).filter(role__in=[Role.UNIT_CONTACT, Role.GROUP_STAFF])
        self.grants = list(
            grants.filter(user__is_active=True).select_related("user__person", "unit").order_by("pk")
            if studios
            else []
        )

    def find(self, audience: str, studio, item=None) -> tuple[tuple[User, ...], int]:
        """The users of an audience, and how many others belong to it who cannot sign in."""
        return getattr(self, f"_{audience}")(studio, item)

    def steering_and(self, studio, user: User) -> list[User]:
        """Who steers the studio, and somebody else, each once."""
        return list({each.pk: each for each in (*self.find("steering", studio)[0], user)}.values())

    def _owner(self, studio, item):
        return self._with_login([item.owner_id])

    def _lead(self, studio, item):
        """Without him who is told as the owner anyway."""
        leads = self.steering[studio.pk, Membership.Role.LEAD]
        return self._with_login([pk for pk in leads if item is None or pk != item.owner_id])

    def _steering(self, studio, item):
        return self._with_login([pk for role in Membership.STEERING for pk in self.steering[studio.pk, role]])

    def _unit_contacts(self, studio, item):
        return self._holding(Role.UNIT_CONTACT, studio)

    def _group_staff(self, studio, item):
        return self._holding(Role.GROUP_STAFF, studio)

    def _union(self, studio, item):
        """Who decides for the union: the unit's contacts, or the group's staff where there is none."""
        contacts = self._unit_contacts(studio, item)
        return contacts if contacts[0] else self._group_staff(studio, item)

    def _with_login(self, persons):
        users = tuple(self.users[pk] for pk in persons if pk in self.users)
        return users, len(persons) - len(users)

    def _holding(self, role, studio):
        over = [g for g in self.grants if g.role == role and studio.unit.path.startswith(g.unit.path)]
        return tuple({grant.user_id: grant.user for grant in over}.values()), 0 if over else 1


def _among(queryset, field: str, ids):
    """The rows that belong to the ids, or all rows where the ids are more than a statement can hold."""
    return queryset.filter(**{f"{field}__in": ids}) if len(ids) <= 5000 else queryset
