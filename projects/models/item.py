"""Plan items: the lines of a plan, who does them and how far they have come."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from django.db import models
from django.db.models import Count, Exists, F, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.as_of import Change
from core.versions import Versioned
from members.models import Person
from members.models.absence import away_until
from projects import rollup
from projects.models.last_change import newest_change
from projects.models.plan import Plan
from projects.models.topic import Topic
from studios.models import Studio


class PlanItemQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for plan items."""

    def visible_to(self, user):
        return self.filter(plan__studio__in=Studio.objects.visible_to(user))

    def planned(self):
        """All but the cancelled."""
        return self.exclude(state=PlanItem.State.CANCELLED)

    def counted(self):
        """What counts in the figure of its plan."""
        return self.exclude(state__in=rollup.EXCLUDED).exclude(share=None)

    def open(self):
        """Still to be done."""
        return self.filter(state__in=PlanItem.OPEN)

    def in_open_plans(self):
        """Those into which one can still report."""
        return self.exclude(plan__state=Plan.State.CLOSED)

    def done(self):
        return self.filter(state=PlanItem.State.DONE)

    def on_time(self):
        return self.done().filter(done_on__lte=F("due_on"))

    def overdue(self, *, on):
        """Open although the due day is over; the due day itself is not overdue."""
        return self.open().filter(due_on__lt=on)

    def totals(self, *, on) -> dict[str, int]:
        """How many there are, and of them planned, done and overdue on a day. One query."""
        return self.order_by().aggregate(
            count=Count("pk"),
            planned=Count("pk", filter=~Q(state=PlanItem.State.CANCELLED)),
            done=Count("pk", filter=Q(state=PlanItem.State.DONE)),
            overdue=Count("pk", filter=Q(state__in=PlanItem.OPEN, due_on__lt=on)),
        )

    def last_change(self, *, naming=False) -> Change | None:
        """Who last reported on one of these items or changed one or an indicator of it, and when.

        Three queries.

        ``naming``: say in which studio, where they belong to several.
        """
        newest = self.order_by().exclude(reported_at=None).order_by("-reported_at", "-pk").values("pk")[:1]
        entries = self.model.journal.rel.related_model.objects.filter(item=Subquery(newest))
        of_indicators = self.model.indicators.rel.related_model.history
        histories = {self.model.history: "id", of_indicators: "item_id"}
        return newest_change(entries, histories, self.order_by().values("pk"), naming=naming)

    def carried_by(self, *people):
        """Items that one of some people answers for, or carries an indicator of."""
        return self.filter(Q(owner__in=people) | Q(indicators__person__in=people)).distinct()

    def with_indicators(self):
        """With what its indicators come to, and whether they count: ``has_below``. Three queries."""
        below = PlanItem.objects.filter(parent=OuterRef("pk"))
        return self.annotate(has_below=Exists(below)).prefetch_related("indicators__milestones")

    def for_list(self, *, on=None):
        """With all that a row of a list shows, in a fixed number of queries; ``on`` a day, who is away."""
        below = PlanItem.objects.filter(parent=OuterRef("pk"))
        rows = self.annotate(owner_away_until=away_until("owner", on=on)) if on else self
        return (
            rows.annotate(has_below=Exists(below))
            .select_related("plan__studio__unit", "topic", "owner")
            .prefetch_related("helpers", "indicators__person", "indicators__milestones")
        )


class PlanItem(Versioned):
    """One line of a plan (计划项).

    ``percent`` (0..100) is what was reported on the item itself. ``share`` (0..1) is what it comes to:
    its indicators, or the items below it, or the percentage; it is stored by ``projects.progress.add_up``.
    """

    class Kind(models.TextChoices):
        RESEARCH = "research", _("tackling")
        STUDY = "study", _("study")
        TRAINING = "training", _("training")
        ACTIVITY = "activity", _("activity")
        MANAGEMENT = "management", _("management")

    class State(models.TextChoices):
        NOT_STARTED = "not_started", _("not started")
        IN_PROGRESS = "in_progress", _("in progress")
        DONE = "done", _("done")
        UNDONE = "undone", _("not done")
        CARRIED = "carried", _("carried over")
        CANCELLED = "cancelled", _("cancelled")
        TOLERATED = "tolerated", _("tolerated")

    #: Neither finished nor let go.
    OPEN = (State.NOT_STARTED, State.IN_PROGRESS, State.UNDONE)
    #: What the union's yes binds: in a confirmed plan it is changed by a change request.
    BOUND = ("owner", "due_on", "weight", "parent")
    #: States that are entered only with a reason.
    NEEDS_REASON = (State.UNDONE, State.CARRIED, State.CANCELLED, State.TOLERATED)

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="items", verbose_name=_("plan"))
    parent = models.ForeignKey(
        "self", models.PROTECT, null=True, blank=True, related_name="below", verbose_name=_("serves")
    )
    no = models.CharField(_("no."), max_length=40, unique=True, null=True, blank=True)
    topic = models.ForeignKey(
        Topic, models.PROTECT, null=True, blank=True, related_name="items", verbose_name=_("topic")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=Kind, default=Kind.RESEARCH)
    content = models.CharField(_("content"), max_length=300)
    done_when = models.CharField(_("completion standard"), max_length=300, blank=True)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="items",
        verbose_name=_("person responsible"),
    )
    #: The name as it was written where nobody on the roster answers to it.
    owner_name = models.CharField(_("person responsible (not on the roster)"), max_length=60, blank=True)
    helpers = models.ManyToManyField(
        Person, blank=True, related_name="helped_items", verbose_name=_("helpers")
    )
    other_helpers = models.CharField(_("helpers (not on the roster)"), max_length=300, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    due_on = models.DateField(_("due"), null=True, blank=True)
    #: Twelve places, so that the rest which is carried over leaves the quarter exactly as it was.
    weight = models.DecimalField(_("weight"), max_digits=18, decimal_places=12, default=Decimal(1))

    percent = models.DecimalField(
        _("progress (%)"), max_digits=9, decimal_places=6, null=True, blank=True, editable=False
    )
    state = models.CharField(
        _("state"), max_length=12, choices=State, default=State.NOT_STARTED, editable=False
    )
    done_on = models.DateField(_("done on"), null=True, blank=True, editable=False)
    reason = models.CharField(_("reason"), max_length=500, blank=True, editable=False)
    carried_from = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="carried_to",
        verbose_name=_("carries on"),
        editable=False,
    )
    share = models.DecimalField(max_digits=13, decimal_places=12, null=True, default=0, editable=False)
    complete = models.BooleanField(default=False, editable=False)
    reported_at = models.DateTimeField(_("last report"), null=True, editable=False)

    objects = PlanItemQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["share", "complete"])

    class Meta:
        verbose_name = _("plan item")
        verbose_name_plural = _("plan items")
        ordering = ["plan", "id"]
        indexes = [
            # The morning's reminders and the overdue counts ask for open items by their due day.
            models.Index(fields=["state", "due_on"], name="item_by_state_and_due_day"),
            # What is overdue in the studios on the screen.
            models.Index(fields=["plan", "state", "due_on"], name="item_of_plan_by_state_and_due"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(weight__gt=0),
                name="item_weighs_something",
                violation_error_message=_("A weight must be more than nothing."),
            ),
            models.CheckConstraint(
                condition=Q(percent=None) | Q(percent__range=(0, 100)),
                name="item_percent_is_between_0_and_100",
                violation_error_message=_("Progress lies between 0 and 100 per cent."),
            ),
            models.CheckConstraint(
                condition=Q(share=None) | Q(share__range=(0, 1)),
                name="item_share_is_between_nothing_and_all",
            ),
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(starts_on=None) | Q(due_on__gte=F("starts_on")),
                name="item_is_due_after_it_starts",
                violation_error_message=_("The due day lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(parent=None) | ~Q(parent=F("id")), name="item_does_not_serve_itself"
            ),
        ]

    def __str__(self):
        return self.content

    def get_absolute_url(self):
        return reverse("item", args=[self.pk])

    @property
    def studio(self) -> Studio:
        return self.plan.studio

    @property
    def owner_shown(self) -> str:
        return self.owner.name if self.owner else self.owner_name

    @property
    def shown(self) -> str | None:
        return rollup.shown(self.share, complete=self.complete)

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    def is_overdue(self, on) -> bool:
        return self.is_open and self.due_on is not None and self.due_on < on

    @cached_property
    def own_share(self) -> Fraction:
        """What it comes to without looking at items below it: done, its indicators, or its percentage."""
        if self.state != self.State.DONE:
            carried = [(indicator.weight, indicator.share) for indicator in self.indicators.all()]
            mean = rollup.weighted_mean(carried)
            if mean is not None:
                return mean
        return rollup.own_share(self.state, self.percent)
