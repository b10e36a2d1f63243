"""The bin (回收站): what was deleted, kept whole for a while."""

from datetime import timedelta

from django.apps import apps
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models
from django.utils.translation import gettext_lazy as _

from studios.models.studio import Studio


class DeletedQuerySet(models.QuerySet):
    KEPT = timedelta(days=90)

    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def over(self, at):
        """Those whose time in the bin is over."""
        return self.filter(at__lte=at - self.KEPT)


class Deleted(models.Model):
    """A record that was deleted, with all that hung on it.

    ``rows`` are the records as Django's serializer writes them, each after what it hangs on; ``unlinked`` are
    (model, column, ids) of those that only pointed at one of them.
    """

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="bin")
    model = models.CharField(max_length=60)
    title = models.CharField(max_length=300)
    rows = models.JSONField(encoder=DjangoJSONEncoder)
    unlinked = models.JSONField(default=list)
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(_("deleted on"), db_index=True)

    objects = DeletedQuerySet.as_manager()

    class Meta:
        verbose_name = _("deleted record")
        verbose_name_plural = _("deleted records")
        ordering = ["-at", "-id"]

    def __str__(self):
        return self.title

    @property
    def kind(self) -> str:
        """What it was: a topic, an activity …"""
        return str(apps.get_model(self.model)._meta.verbose_name)

    @property
    def kept_until(self):
        return self.at + DeletedQuerySet.KEPT
