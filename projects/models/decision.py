"""What became of a decision: the item of a plan that was made of it."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from projects.models.item import PlanItem
from studios.models import Activity


class DecisionItem(models.Model):
    """One decision of an activity, in the words of its minutes, and its item; each becomes one item."""

    activity = models.ForeignKey(
        Activity, models.CASCADE, related_name="items_of_decisions", verbose_name=_("activity")
    )
    decision = models.CharField(_("decision"), max_length=300)
    item = models.ForeignKey(PlanItem, models.CASCADE, related_name="decided_in", verbose_name=_("plan item"))

    class Meta:
        verbose_name = _("item of a decision")
        verbose_name_plural = _("items of decisions")
        constraints = [
            models.UniqueConstraint(fields=["activity", "decision"], name="decision_becomes_one_item")
        ]

    def __str__(self):
        return self.decision
