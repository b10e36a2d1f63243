"""What people keep for themselves: views of lists, columns, and the way back from their last act."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _


class SavedViewQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own and those that are shared."""
        return self.filter(Q(owner=user) | Q(shared=True))


class SavedView(models.Model):
    """The address of a list under a name: what it is narrowed by, its order, its columns.

    ``query`` is as ``core.lists.said`` writes it; empty ``columns`` are all of them. A view that is the
    default of a role is shared.
    """

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_views")
    list_name = models.CharField(max_length=30)
    name = models.CharField(_("name of the view"), max_length=40)
    query = models.CharField(max_length=1000, blank=True)
    columns = models.JSONField(default=list, blank=True)
    shared = models.BooleanField(default=False)
    default_for = models.CharField(max_length=20, blank=True)

    objects = SavedViewQuerySet.as_manager()

    class Meta:
        ordering = ["-shared", "name", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["owner", "list_name", "name"], name="view_has_a_name_of_its_own"),
            models.UniqueConstraint(
                fields=["list_name", "default_for"],
                condition=~Q(default_for=""),
                name="one_default_view_per_role",
            ),
        ]
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")

    def __str__(self):
        return self.name

    def get_absolute_url(self):
        query = f"{self.query}&" if self.query else ""
        return f"{reverse(self.list_name)}?{query}view={self.pk}"

    @staticmethod
    def roles():
        """The roles that can have a default: (value, label), over units first, then in studios."""
        user = get_user_model()
        memberships = user._meta.get_field("person").related_model.memberships.rel.related_model
        over = user.grants.rel.related_model._meta.get_field("role").choices
        return [*over, *memberships._meta.get_field("role").choices]


class ColumnChoice(models.Model):
    """The columns of a list that a person chose last."""

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    list_name = models.CharField(max_length=30)
    columns = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "list_name"], name="columns_are_chosen_once_per_list")
        ]
        verbose_name = _("choice of columns")
        verbose_name_plural = _("choices of columns")

    def __str__(self):
        return f"{self.list_name}: {', '.join(self.columns)}"


class UndoQuerySet(models.QuerySet):
    KEPT = timedelta(hours=24)

    def visible_to(self, user):
        return self.filter(user=user)

    def usable(self, at):
        """Not used yet and not too old."""
        return self.filter(used_at=None, created_at__gt=at - self.KEPT)


class Undo(models.Model):
    """The way back from one act: for each record the version it then had, and the values before.

    ``steps`` are dicts of ``pk``, ``version``, ``fields`` (values before), ``many`` (ids before) and
    ``watched`` (values that have to be what they were just after the act).
    """

    token = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="+")
    model = models.CharField(max_length=60)
    steps = models.JSONField(encoder=DjangoJSONEncoder)
    created_at = models.DateTimeField(db_index=True)
    used_at = models.DateTimeField(null=True)

    objects = UndoQuerySet.as_manager()

    class Meta:
        verbose_name = _("way back")
        verbose_name_plural = _("ways back")

    def __str__(self):
        return f"{self.model} × {len(self.steps)}"
