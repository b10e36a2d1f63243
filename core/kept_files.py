"""Files that hang on a record: one shape for all of them."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from core.uploads import random_name


class KeptFile(models.Model):
    """A photo or file of a record. It is read through a view that checks who asks, and in no other way."""

    #: Where files of this kind are stored.
    FOLDER: str

    file = models.FileField(_("file"), upload_to=random_name)
    name = models.CharField(_("name"), max_length=150)

    class Meta:
        abstract = True
        ordering = ["id"]

    def __str__(self):
        return self.name


class AddedFile(KeptFile):
    """One that people add on the page of a record, and take away again. ``record`` is that record."""

    size = models.PositiveIntegerField(default=0)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    class Meta(KeptFile.Meta):
        abstract = True
