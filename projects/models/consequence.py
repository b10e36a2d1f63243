"""What follows from a house rule, proposed and then decided by a person; and the ledger of points."""

from django.db import models
from django.db.models import Count, F, Q, Sum, Window
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from members.models import Person
from projects.models.item import PlanItem
from projects.models.topic import Topic
from studios.models import RuleVersion, Studio


class ConsequenceQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def waiting(self):
        """Proposed, not decided yet."""
        return self.filter(state=Consequence.State.PROPOSED)

    def counts(self) -> dict[str, int]:
        """How many there are in each state. One query."""
        each = {state: Count("pk", filter=Q(state=state)) for state in Consequence.State.values}
        return self.order_by().aggregate(**each)


class Consequence(models.Model):
    """One deduction or reward that a version of a rule proposes for one record. Proposed once."""

    class Kind(models.TextChoices):
        UNMET = "unmet", pgettext_lazy("consequence", "not finished")
        LATE = "late", pgettext_lazy("consequence", "finished late")
        REACHED = "reached", pgettext_lazy("consequence", "goal reached")

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("consequence", "proposed")
        CONFIRMED = "confirmed", pgettext_lazy("consequence", "confirmed")
        WAIVED = "waived", pgettext_lazy("consequence", "waived")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="consequences", verbose_name=_("studio"))
    #: Whom it falls on; None where it falls on the studio as a whole.
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+", verbose_name=_("person"))
    version = models.ForeignKey(RuleVersion, models.PROTECT, related_name="+")
    #: The setting of the version that it follows from.
    clause = models.CharField(max_length=12)
    kind = models.CharField(max_length=7, choices=Kind)
    item = models.ForeignKey(PlanItem, models.PROTECT, null=True, related_name="consequences")
    topic = models.ForeignKey(Topic, models.PROTECT, null=True, related_name="consequences")
    count = models.PositiveIntegerField(default=1)
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2)
    money = models.DecimalField(_("money (yuan)"), max_digits=9, decimal_places=2, default=0)
    honour = models.CharField(_("honour"), max_length=100, blank=True)
    recommendation = models.CharField(_("recommendation"), max_length=100, blank=True)
    proposed_on = models.DateField()
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED)
    decided_by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    reason = models.CharField(_("reason"), max_length=500, blank=True)

    objects = ConsequenceQuerySet.as_manager()

    class Meta:
        verbose_name = _("consequence")
        verbose_name_plural = _("consequences")
        ordering = ["id"]
        indexes = [models.Index(fields=["studio", "state"], name="consequence_of_studio_by_state")]
        constraints = [
            # Whatever the version: one record is judged once, also where the rule is dated back later.
            models.UniqueConstraint(
                fields=["item", "kind"], condition=Q(item__isnull=False), name="item_is_judged_once"
            ),
            models.UniqueConstraint(
                fields=["topic", "kind"], condition=Q(topic__isnull=False), name="topic_is_judged_once"
            ),
            models.CheckConstraint(
                condition=Q(item__isnull=False, topic=None) | Q(item=None, topic__isnull=False),
                name="consequence_has_one_record_behind_it",
            ),
            models.CheckConstraint(
                condition=Q(state="proposed") | ~Q(reason=""), name="consequence_decided_says_why"
            ),
        ]

    def __str__(self):
        return f"{self.record}: {self.points:+f}"

    @property
    def record(self) -> PlanItem | Topic:
        """What it is about."""
        return self.item or self.topic

    @property
    def sentence(self) -> str:
        """The clause it cites."""
        kept = self.version.kept
        return kept.clauses().get(self.clause, "") if kept else ""

    @property
    def points_shown(self) -> str:
        return signed(self.points)

    @property
    def honours(self) -> str:
        """What comes with the points: an honour, a recommendation, money."""
        money = _("%(sum)s yuan") % {"sum": f"{self.money:f}".rstrip("0").rstrip(".")} if self.money else ""
        return " · ".join(filter(None, [self.honour, self.recommendation, money]))

    @property
    def tone(self) -> str:
        return "warn" if self.points < 0 else "good"


def signed(points) -> str:
    """Points with their sign, without needless noughts."""
    text = f"{points:+f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


class PointEntryQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def with_sum(self):
        """Adds ``total``: what the entries of the studio come to, each one included."""
        running = Window(Sum("points"), partition_by=F("studio"), order_by="id")
        return self.annotate(total=running)

    def sums(self):
        """(person id or None, points) of the studio's ledger, the most first."""
        return self.order_by().values_list("person").annotate(total=Sum("points")).order_by("-total")


class PointEntry(models.Model):
    """Points given or taken. Triggers in the database refuse to change or delete it."""

    studio = models.ForeignKey(Studio, models.PROTECT, related_name="points")
    person = models.ForeignKey(Person, models.PROTECT, null=True, related_name="points")
    consequence = models.OneToOneField(Consequence, models.PROTECT, related_name="entry")
    points = models.DecimalField(_("points"), max_digits=8, decimal_places=2)
    by = models.ForeignKey("members.User", models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = PointEntryQuerySet.as_manager()

    class Meta:
        verbose_name = _("entry of points")
        verbose_name_plural = _("ledger of points")
        ordering = ["-id"]

    def __str__(self):
        return f"{self.person or self.studio}: {signed(self.points)}"

    @property
    def points_shown(self) -> str:
        return signed(self.points)
