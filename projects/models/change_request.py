"""Change requests (变更申请): what a confirmed plan has bound changes by asking, and by the union's yes."""

from __future__ import annotations

from datetime import date
from typing import NamedTuple

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from core import shown
from core.calendar import Period
from projects.models.frozen import Frozen
from projects.models.indicator import Indicator
from projects.models.item import PlanItem
from studios.models import Membership, Studio
from studios.models.leave import STAFF


class ChangeRequestQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for change requests."""

    def visible_to(self, user):
        return self.filter(item__plan__studio__in=Studio.objects.visible_to(user))

    def open(self):
        """Asked, not decided yet."""
        return self.filter(state=ChangeRequest.State.OPEN)

    def of_plan(self, plan):
        return self.filter(item__plan=plan)

    def waiting_for(self, user):
        """Those that this person may decide."""
        overseen = Q(pk=None)
        for role, path in user.scopes:
            if role in STAFF:
                overseen |= Q(item__plan__studio__unit__path__startswith=path)
        steered = [pk for pk, role in user.studio_roles.items() if role in Membership.STEERING]
        return self.open().filter(overseen).exclude(asked_by=user).exclude(item__plan__studio__in=steered)

    def for_list(self):
        """With all that a row shows."""
        return self.select_related(
            "item__plan__studio", "indicator", "asked_by__person", "decided_by__person"
        )


class Row(NamedTuple):
    """One thing that is to be changed, as people read it."""

    name: str
    label: str
    before: str
    after: str


class ChangeRequest(models.Model):
    """What is asked of one item of a confirmed plan, or of one indicator of it.

    ``changes`` holds ``[old, new]`` by the name of the field, as texts and numbers; of people and items also
    their names. ``state`` stands for cancelling, ``into`` for carrying the rest over into another quarter,
    ``steps`` for the milestones of an indicator.
    """

    class State(models.TextChoices):
        OPEN = "open", pgettext_lazy("change request", "waiting")
        APPROVED = "approved", pgettext_lazy("change request", "approved")
        REFUSED = "refused", pgettext_lazy("change request", "refused")
        WITHDRAWN = "withdrawn", pgettext_lazy("change request", "withdrawn")

    item = models.ForeignKey(
        PlanItem, models.PROTECT, related_name="change_requests", verbose_name=gettext_lazy("plan item")
    )
    indicator = models.ForeignKey(
        Indicator,
        models.PROTECT,
        null=True,
        related_name="change_requests",
        verbose_name=gettext_lazy("indicator"),
    )
    changes = models.JSONField()
    reason = models.CharField(gettext_lazy("reason"), max_length=500)
    state = models.CharField(gettext_lazy("state"), max_length=9, choices=State, default=State.OPEN)
    asked_by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    #: None while it is open, and where it lapsed because its plan was closed.
    decided_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    remark = models.CharField(gettext_lazy("remark"), max_length=500, blank=True)
    #: What was sealed when it was approved.
    baseline = models.ForeignKey(Frozen, models.PROTECT, null=True, related_name="change_requests")

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        verbose_name = gettext_lazy("change request")
        verbose_name_plural = gettext_lazy("change requests")
        ordering = ["-asked_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["item"],
                condition=Q(state="open"),
                name="one_open_change_request_for_an_item",
                violation_error_message=gettext_lazy("A change of this item is asked for already."),
            ),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None) | (~Q(state="open") & Q(decided_at__isnull=False)),
                name="decided_change_request_says_when",
            ),
        ]

    def __str__(self):
        return f"{self.record}: {self.said}"

    def get_absolute_url(self):
        return reverse("change-request", args=[self.pk])

    @property
    def studio(self) -> Studio:
        return self.item.studio

    @property
    def record(self) -> PlanItem | Indicator:
        """What it is about."""
        return self.indicator or self.item

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def has_lapsed(self) -> bool:
        """Whether nobody decided it before its plan was closed."""
        return self.state == self.State.WITHDRAWN and self.decided_by_id is None

    @property
    def word(self) -> str:
        return pgettext("change request", "lapsed") if self.has_lapsed else str(self.get_state_display())

    @property
    def tone(self) -> str:
        tones = {self.State.OPEN: "warn", self.State.APPROVED: "good", self.State.REFUSED: "bad"}
        return tones.get(self.State(self.state), "plain")

    @property
    def rows(self) -> list[Row]:
        """What is to be changed, each from what to what."""
        return [self._row(name, values) for name, values in self.changes.items()]

    @property
    def said(self) -> str:
        """The same in one line: 完成时限 10月31日 → 11月15日."""
        return "；".join(f"{row.label} {row.before or '—'} → {row.after or '—'}" for row in self.rows)

    def _row(self, name: str, values: list) -> Row:
        return Row(
            name, label_of(type(self.record), name), *(self.read(name, value) for value in values[-2:])
        )

    @staticmethod
    def read(name: str, value) -> str:
        """A stored value as people read it."""
        if value is None or value == "":
            return ""
        if name == "state":
            return str(PlanItem.State(value).label)
        if name == "into":
            return str(Period.parse(value))
        if name == "due_on":
            return shown.day(date.fromisoformat(value))
        return str(value).replace("\n", "、")


def label_of(model, name: str) -> str:
    """What a field that is changed is called."""
    if name == "into":
        return _("goes on in")
    if name == "steps":
        return _("Milestones")
    return str(model._meta.get_field(name).verbose_name)
