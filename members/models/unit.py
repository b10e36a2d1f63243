"""The tree of units: the group, its subsidiaries and plants, their workshops."""

from django.db import models, transaction
from django.db.models import F, Q, Value
from django.db.models.functions import Concat, Substr
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class UnitQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for units."""

    def within(self, unit):
        """The unit and all below it."""
        return self.filter(path__startswith=unit.path)

    def above(self, unit):
        """The unit and all above it."""
        return self.filter(pk__in=unit.line)

    def visible_to(self, user):
        """The units a person's roles reach; with none of them, the ones his own studios belong to."""
        if user.is_superuser:
            return self
        mine = Q(pk__in=user.studio_units)
        for path in user.reaching_paths:
            mine |= Q(path__startswith=path)
        return self.filter(mine)


class Unit(models.Model):
    """An organisational unit (所属单位). ``path`` lists the ids from the group down: ``/1/5/``."""

    class Kind(models.TextChoices):
        GROUP = "group", pgettext_lazy("unit", "Group")
        SUBSIDIARY = "subsidiary", pgettext_lazy("kind of unit", "Unit")
        WORKSHOP = "workshop", _("Workshop")

    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="children", verbose_name=_("part of")
    )
    kind = models.CharField(_("kind"), max_length=12, choices=Kind, default=Kind.SUBSIDIARY)
    name = models.CharField(_("name"), max_length=100)
    path = models.CharField(max_length=200, db_index=True, editable=False, default="")
    position = models.PositiveIntegerField(_("position"), default=0)

    objects = UnitQuerySet.as_manager()

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["position", "id"]
        constraints = [
            models.UniqueConstraint(fields=["parent", "name"], name="unit_name_is_unique_below_its_parent"),
            models.UniqueConstraint(fields=["kind"], condition=Q(kind="group"), name="there_is_one_group"),
        ]

    def __str__(self):
        return self.name

    @transaction.atomic
    def save(self, *args, **kwargs):
        super().save(*args, **kwargs)
        path = f"{self.parent.path if self.parent else '/'}{self.pk}/"
        if path == self.path:
            return
        was, self.path = self.path, path
        if was:
            Unit.objects.filter(path__startswith=was).update(
                path=Concat(Value(path), Substr(F("path"), len(was) + 1))
            )
        else:
            Unit.objects.filter(pk=self.pk).update(path=path)

    @property
    def line(self) -> list[int]:
        """The ids from the group down to the unit itself."""
        return [int(pk) for pk in self.path.strip("/").split("/")]
