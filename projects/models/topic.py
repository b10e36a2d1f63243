"""Topics (定课题): what a studio researches."""

from django.db import models
from django.db.models import Count, F, Q, Sum
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from core.as_of import Change
from core.versions import Versioned
from members.models import Person
from studios.models import Studio


class TopicQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(studio__in=Studio.objects.visible_to(user))

    def last_change(self) -> Change | None:
        """Who last changed one of these topics, and when. One query."""
        versions = self.model.history.filter(id__in=self.order_by().values("pk")).exclude(history_user=None)
        version = (
            versions.select_related("history_user__person", "studio")
            .order_by("-history_date", "-history_id")
            .first()
        )
        if version is None:
            return None
        href = reverse("topic", args=[version.id])
        return Change(version.history_date, str(version.history_user), version.studio.name, href)

    def running(self):
        return self.filter(state__in=Topic.RUNNING)

    def of_person(self, person):
        """Those that a person answers for or takes part in; none for nobody."""
        if person is None:
            return self.none()
        return self.filter(Q(owner=person) | Q(pk__in=person.helped_topics.values("pk")))

    def totals(self) -> dict:
        """How many there are, how many are not concluded, how many are, and their budget. One query."""
        return self.order_by().aggregate(
            count=Count("pk"),
            open=Count("pk", filter=Q(state__in=Topic.RUNNING)),
            closed=Count("pk", filter=Q(state=Topic.State.CLOSED)),
            budget=Sum("budget"),
        )

    def matching(self, words):
        words = "".join(words.split())
        return self.filter(Q(title__icontains=words) | Q(no__iexact=words)) if words else self


class Topic(Versioned):
    """One research task (课题) of a studio, from a baseline to a target."""

    class Source(models.TextChoices):
        HARD_POINT = "hard_point", _("hard point of production")
        HOT_POINT = "hot_point", _("hot point of research")
        TASK_FROM_ABOVE = "task_from_above", _("task from above")
        SUGGESTION = "suggestion", _("suggestion")
        OPEN_BIDDING = "open_bidding", _("open bidding")

    class Kind(models.TextChoices):
        TECHNICAL = "technical", _("technical innovation")
        MANAGEMENT = "management", _("management innovation")
        MECHANISM = "mechanism", _("mechanism innovation")

    class Horizon(models.TextChoices):
        SHORT = "short", _("short-term")
        MEDIUM = "medium", _("medium-term")
        LONG = "long", _("long-term")

    class State(models.TextChoices):
        REGISTERED = "registered", _("registered")
        RUNNING = "running", _("topic running")
        SUSPENDED = "suspended", _("on hold")
        CLOSED = "closed", _("concluded")
        TERMINATED = "terminated", _("terminated")
        TOLERATED = "tolerated", _("not reached, tolerated")

    RUNNING = (State.REGISTERED, State.RUNNING)
    #: Those whose end is not known yet.
    UNCONCLUDED = (*RUNNING, State.SUSPENDED)

    #: The ledger has no word for a tolerated end: there such a topic was terminated.
    LEDGER_STATES = {State.TOLERATED: State.TERMINATED}

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="topics", verbose_name=_("studio"))
    no = models.CharField(
        _("no."),
        max_length=40,
        unique=True,
        null=True,
        blank=True,
        error_messages={"unique": _("There is a topic of this number.")},
    )
    title = models.CharField(_("title"), max_length=200)
    source = models.CharField(_("source"), max_length=15, choices=Source, default=Source.HARD_POINT)
    kind = models.CharField(_("kind of innovation"), max_length=10, choices=Kind, default=Kind.TECHNICAL)
    horizon = models.CharField(_("horizon"), max_length=6, choices=Horizon, default=Horizon.SHORT)
    baseline = models.CharField(_("baseline"), max_length=60, blank=True)
    target = models.CharField(_("target"), max_length=60, blank=True)
    unit_of_measure = models.CharField(_("unit of measure"), max_length=30, blank=True)
    starts_on = models.DateField(_("start"), null=True, blank=True)
    due_on = models.DateField(_("planned end"), null=True, blank=True)
    owner = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="topics",
        verbose_name=_("person responsible"),
    )
    #: The name as it was written where nobody on the roster answers to it.
    owner_name = models.CharField(_("person responsible (not on the roster)"), max_length=60, blank=True)
    helpers = models.ManyToManyField(
        Person, blank=True, related_name="helped_topics", verbose_name=_("taking part")
    )
    other_helpers = models.CharField(_("taking part (not on the roster)"), max_length=300, blank=True)
    budget = models.DecimalField(
        _("budget (10,000 yuan)"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    state = models.CharField(_("state"), max_length=10, choices=State, default=State.REGISTERED)
    note = models.CharField(_("note"), max_length=500, blank=True)

    objects = TopicQuerySet.as_manager()
    history = HistoricalRecords(m2m_fields=[])

    class Meta:
        verbose_name = _("topic")
        verbose_name_plural = _("topics")
        ordering = ["id"]
        indexes = [models.Index(fields=["studio", "state"], name="topic_of_studio_by_state")]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on=None) | Q(starts_on=None) | Q(due_on__gte=F("starts_on")),
                name="topic_ends_after_it_starts",
                violation_error_message=_("The end lies before the start."),
            ),
            models.CheckConstraint(
                condition=Q(budget=None) | Q(budget__gte=0),
                name="topic_budget_is_not_negative",
                violation_error_message=_("A budget cannot be negative."),
            ),
        ]

    def __str__(self):
        return self.title

    def get_absolute_url(self):
        return reverse("topic", args=[self.pk])

    @property
    def ledger_state(self) -> str:
        """The state as the ledger knows it."""
        return self.LEDGER_STATES.get(self.state, self.state)

    @property
    def is_running(self) -> bool:
        return self.state in self.RUNNING

    @property
    def goal(self) -> str:
        """From where to where: ``16.2 → 14.0 %``."""
        way = " → ".join(filter(None, [self.baseline, self.target]))
        return f"{way} {self.unit_of_measure}".strip() if way else ""

    @property
    def owner_shown(self) -> str:
        return self.owner.name if self.owner else self.owner_name


class StatedTopics(models.Model):
    """That the topics stated in a studio's application were laid out: once, whatever becomes of them."""

    studio = models.OneToOneField(Studio, models.CASCADE, primary_key=True, related_name="stated_topics")
    on = models.DateField()

    class Meta:
        verbose_name = _("topics of an application laid out")
        verbose_name_plural = _("topics of applications laid out")

    def __str__(self):
        return str(self.studio)
