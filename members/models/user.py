"""Users and the roles they hold: role x unit with everything below it, between two dates."""

from functools import cached_property

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from members.models.person import Person


class Role(models.TextChoices):
    """Lead, liaison and member are not here: they follow from the membership in a studio."""

    GROUP_ADMIN = "group_admin", _("Group administrator")
    GROUP_STAFF = "group_staff", _("Group union staff")
    UNIT_CONTACT = "unit_contact", _("Unit union contact")
    COMPANY_LEADER = "company_leader", _("Company leader")
    SYSTEM_ADMIN = "system_admin", _("System administrator")


#: Who may grant which roles: nobody grants more than he holds.
GRANTABLE = {
    Role.GROUP_ADMIN: {Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT, Role.COMPANY_LEADER},
    Role.SYSTEM_ADMIN: {Role.SYSTEM_ADMIN},
}

#: Roles that see the studios of their units; the system administrator keeps the machine, not the studios.
REACHING = (Role.GROUP_ADMIN, Role.GROUP_STAFF, Role.UNIT_CONTACT, Role.COMPANY_LEADER)


class UserQuerySet(models.QuerySet):
    def holding(self, *roles, at, on):
        """Active users who hold one of the roles over the unit on a day, through it or a unit above it."""
        grants = RoleGrant.objects.in_force(on=on).filter(role__in=roles, unit__in=at.line)
        return self.filter(is_active=True, pk__in=grants.values("user"))

    def holding_today(self, *roles, at):
        return self.holding(*roles, at=at, on=timezone.localdate())

    def contacts(self, unit):
        """Who speaks for the union of a unit today."""
        return self.holding_today(Role.UNIT_CONTACT, at=unit)

    def visible_to(self, user):
        """Those whom a user manages: everybody for who keeps the logins of the whole group, those of his
        units for an administrator of some, and logins that nobody has yet; only himself for anybody else."""
        if user.keeps_all_logins:
            return self
        seen = Q(pk=user.pk)
        for role, path in user.scopes:
            if role == Role.GROUP_ADMIN:
                seen |= Q(person=None, grants=None)
                seen |= Q(person__unit__path__startswith=path) | Q(grants__unit__path__startswith=path)
        return self.filter(pk__in=self.model._base_manager.filter(seen).values("pk"))


class XinhuoUserManager(UserManager.from_queryset(UserQuerySet)):
    pass


class User(AbstractUser):
    """Somebody who signs in. What he may do follows from his grants and from his person's memberships."""

    first_name = None
    last_name = None
    person = models.OneToOneField(
        "members.Person", models.PROTECT, null=True, blank=True, related_name="user", verbose_name=_("person")
    )
    language = models.CharField(_("language"), max_length=10, blank=True)
    #: Whether single keys act: who speaks to the computer, or slips easily, turns them off (WCAG 2.1.4).
    shortcuts = models.BooleanField(_("single-key shortcuts"), default=True)
    #: One of the invented people whose part anybody may play while the site is tried out.
    is_demo = models.BooleanField(default=False, editable=False)

    objects = XinhuoUserManager()

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")
        ordering = ["username"]

    def __str__(self):
        return self.person.name if self.person else self.username

    get_full_name = get_short_name = __str__

    def get_absolute_url(self):
        return reverse("user-edit", args=[self.pk])

    @cached_property
    def today(self):
        """The day whose rights he has."""
        return timezone.localdate()

    @cached_property
    def scopes(self) -> list[tuple[str, str]]:
        """(role, path of the unit) of the grants in force today, also of contacts he stands in for."""
        held = Q(user=self)
        if self.person_id:
            held |= Q(user__person__in=self._away_with_him_as_deputy(), role=Role.UNIT_CONTACT)
        grants = RoleGrant.objects.in_force(on=self.today).filter(held)
        return list(grants.values_list("role", "unit__path"))

    def holds(self, *roles) -> bool:
        """Whether he holds one of the roles anywhere."""
        return any(role in roles for role, _path in self.scopes)

    def holds_over(self, unit, *roles) -> bool:
        """Whether he holds one of the roles over the unit."""
        return any(role in roles and unit.path.startswith(path) for role, path in self.scopes)

    @property
    def administers_the_group(self) -> bool:
        """Whether he administers the whole group, not only some units of it."""
        return any(role == Role.GROUP_ADMIN and path.count("/") == 2 for role, path in self.scopes)

    @property
    def keeps_all_logins(self) -> bool:
        return self.is_superuser or self.administers_the_group or self.holds(Role.SYSTEM_ADMIN)

    @cached_property
    def reaching_paths(self) -> list[str]:
        """The subtrees of units whose studios he sees by a role."""
        return sorted({path for role, path in self.scopes if role in REACHING})

    @property
    def sees_studios(self) -> bool:
        """Whether there can be a studio that he sees."""
        return bool(self.is_superuser or self.reaching_paths or self.studio_ids)

    @property
    def standing_grants(self) -> "list[RoleGrant]":
        """Every grant to him that is not over: also those that have not begun."""
        today = timezone.localdate()
        grants = self.grants.select_related("unit")
        return [grant for grant in grants if grant.ends_on is None or grant.ends_on >= today]

    @property
    def grantable_roles(self) -> set[str]:
        """The roles he may grant somewhere."""
        if self.is_superuser:
            return set(Role)
        return {role for held, _path in self.scopes for role in GRANTABLE.get(held, ())}

    def may_grant(self, role, unit) -> bool:
        """Whether he may grant the role over the unit: only where he holds one that stands above it."""
        return self.is_superuser or any(
            role in GRANTABLE.get(held, ()) and unit.path.startswith(path) for held, path in self.scopes
        )

    @cached_property
    def _memberships(self) -> list[tuple[int, str, int]]:
        """(studio, role, person) of himself and of those he stands in for today."""
        if not self.person_id:
            return []
        whose = Q(person=self.person_id) | Q(person__in=self._away_with_him_as_deputy())
        memberships = Person.memberships.rel.related_model.objects.current(on=self.today).filter(whose)
        return list(memberships.values_list("studio_id", "role", "person_id"))

    def _away_with_him_as_deputy(self):
        """The people who are away today and for whom he stands in, as a subquery."""
        return Person.absences.rel.related_model.stood_in_for(self.person_id, on=self.today)

    @cached_property
    def studio_roles(self) -> dict[int, str]:
        """His role in each studio he belongs to today, by the studio's id.

        Whoever stands in for somebody who steers a studio of his has that one's role for these days.
        """
        roles = {studio: role for studio, role, person in self._memberships if person == self.person_id}
        for studio, role, person in self._memberships:
            stronger = role == "lead" or (role == "liaison" and roles.get(studio) != "lead")
            if person != self.person_id and studio in roles and stronger:
                roles[studio] = role
        return roles

    @property
    def acts_for(self) -> set[int]:
        """The people whose work he may do today: his own, and that of those he stands in for."""
        return {person for _studio, _role, person in self._memberships} | {self.person_id} - {None}

    @property
    def studio_ids(self) -> list[int]:
        return list(self.studio_roles)

    @cached_property
    def studio_units(self) -> list[int]:
        if not self.person_id:
            return []
        current = self.person.memberships.current(on=timezone.localdate())
        return list(current.values_list("studio__unit_id", flat=True))


class RoleGrantQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(user__in=User.objects.visible_to(user))

    def in_force(self, *, on):
        return self.filter(Q(ends_on=None) | Q(ends_on__gte=on), starts_on__lte=on)


class RoleGrant(models.Model):
    """A role over a unit and all below it, from the first day to the last (both included)."""

    user = models.ForeignKey(User, models.CASCADE, related_name="grants", verbose_name=_("user"))
    role = models.CharField(_("role"), max_length=20, choices=Role)
    unit = models.ForeignKey("members.Unit", models.PROTECT, related_name="grants", verbose_name=_("unit"))
    starts_on = models.DateField(_("from"))
    ends_on = models.DateField(_("until"), null=True, blank=True)

    objects = RoleGrantQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("role")
        verbose_name_plural = _("roles")
        ordering = ["user", "role", "starts_on"]
        constraints = [
            models.UniqueConstraint(
                fields=["user", "role", "unit"],
                condition=Q(ends_on=None),
                name="role_is_granted_once_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(ends_on=None) | Q(ends_on__gte=models.F("starts_on")),
                name="role_ends_after_it_starts",
                violation_error_message=_("The last day lies before the first."),
            ),
        ]

    def __str__(self):
        return f"{self.get_role_display()} · {self.unit}"
