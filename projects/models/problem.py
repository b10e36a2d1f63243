"""Problems (协调事项): what holds the work up, and who steps forward."""

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.workdays import Workdays
from members.models import Person
from projects.models.item import PlanItem
from projects.models.topic import Topic
from studios.house_rules import Need
from studios.models import Studio

WORKDAYS_TO_ANSWER = 3
"""Within so many working days a problem is taken in hand, or it goes one level up."""


class ProblemQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for problems."""

    def visible_to(self, user):
        """Those of the studios one sees, and those one was asked to coordinate."""
        seen = Q(studio__in=Studio.objects.visible_to(user))
        return self.filter(seen | Q(coordinator=user.person_id) if user.person_id else seen)

    def open(self):
        """Neither solved nor withdrawn."""
        return self.filter(state__in=Problem.OPEN)

    def waiting_for(self, user):
        """What this person was asked to coordinate and is still open."""
        return self.open().filter(coordinator=user.person_id) if user.person_id else self.none()

    def overdue(self, *, on):
        """Open although the due day is over; the due day itself is not overdue."""
        return self.open().filter(due_on__lt=on)

    def in_time(self):
        """Solved on or before the due day."""
        return self.filter(state=Problem.State.SOLVED, closed_on__lte=F("due_on"))

    def older_than(self, days, *, on):
        """Open for more than so many days."""
        return self.open().filter(raised_on__lt=on - timedelta(days=days))

    def to_escalate(self, *, on: date, calendar: Workdays):
        """What goes one level up on a day: not taken in hand in time, or past its due day.

        A level that was reached after the due day has the same working days again.
        """
        waited = Q(level_since__lt=calendar.shift(on, -WORKDAYS_TO_ANSWER))
        late = Q(due_on__lt=on) & (Q(level_since__lte=F("due_on")) | waited)
        unanswered = Q(state=Problem.State.RAISED) & waited
        return self.open().filter(late | unanswered).exclude(level=Problem.Level.LEADER)


class Problem(models.Model):
    """Something a studio cannot solve by itself, with the person who coordinates it.

    ``level_since`` is the day on which it reached its level. It is moved by the verbs of
    ``projects.coordination`` alone, each of which leaves a ``ProblemStep``.
    """

    class State(models.TextChoices):
        RAISED = "raised", pgettext_lazy("problem", "open")
        IN_HAND = "in_hand", pgettext_lazy("problem", "in hand")
        SOLVED = "solved", pgettext_lazy("problem", "solved")
        WITHDRAWN = "withdrawn", pgettext_lazy("problem", "withdrawn")

    class Level(models.TextChoices):
        STUDIO = "studio", pgettext_lazy("level of a problem", "studio")
        UNIT = "unit", pgettext_lazy("level of a problem", "unit")
        GROUP = "group", pgettext_lazy("level of a problem", "group")
        LEADER = "leader", pgettext_lazy("level of a problem", "company leader")

    OPEN = (State.RAISED, State.IN_HAND)

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="problems", verbose_name=_("studio"))
    item = models.ForeignKey(
        PlanItem,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=_("plan item"),
    )
    topic = models.ForeignKey(
        Topic, models.SET_NULL, null=True, blank=True, related_name="problems", verbose_name=_("topic")
    )
    what = models.CharField(_("what is stuck"), max_length=300)
    need = models.CharField(_("what is needed"), max_length=10, choices=Need)
    level = models.CharField(_("level"), max_length=6, choices=Level, default=Level.STUDIO)
    level_since = models.DateField(editable=False)
    coordinator = models.ForeignKey(
        Person,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="problems",
        verbose_name=_("coordinator"),
    )
    due_on = models.DateField(_("to be solved by"))
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.RAISED, editable=False)
    raised_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", verbose_name=_("raised by")
    )
    raised_on = models.DateField(_("raised on"))
    closed_on = models.DateField(_("closed on"), null=True, editable=False)
    outcome = models.CharField(_("how it was solved"), max_length=1000, blank=True, editable=False)

    objects = ProblemQuerySet.as_manager()

    class Meta:
        verbose_name = _("problem")
        verbose_name_plural = _("problems")
        ordering = ["due_on", "id"]
        indexes = [
            # The nightly escalation and the board ask for what is open by its due day.
            models.Index(fields=["state", "due_on"], name="problem_by_state_and_due_day"),
            models.Index(fields=["studio", "state"], name="problem_of_studio_by_state"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(due_on__gte=F("raised_on")),
                name="problem_is_due_after_it_was_raised",
                violation_error_message=_("The due day lies before today."),
            ),
            models.CheckConstraint(
                condition=Q(state__in=["raised", "in_hand"], closed_on=None)
                | Q(state__in=["solved", "withdrawn"], closed_on__isnull=False),
                name="problem_closed_has_its_day",
            ),
            models.CheckConstraint(
                condition=~Q(state="solved") | ~Q(outcome=""), name="problem_solved_says_how"
            ),
        ]

    def __str__(self):
        return self.what

    def get_absolute_url(self):
        return reverse("problem", args=[self.pk])

    @property
    def is_open(self) -> bool:
        return self.state in self.OPEN

    @property
    def is_in_time(self) -> bool:
        return self.state == self.State.SOLVED and self.closed_on <= self.due_on

    @property
    def next_level(self) -> str | None:
        """The level above, None at the top."""
        levels = list(self.Level)
        above = levels.index(self.Level(self.level)) + 1
        return levels[above] if above < len(levels) else None

    def is_overdue(self, on: date) -> bool:
        return self.is_open and self.due_on < on

    def age(self, calendar: Workdays, *, on: date) -> int:
        """For how many working days it has been open, or was when it ended."""
        return calendar.count_between(self.raised_on, self.closed_on or on)

    def escalates_on(self, calendar: Workdays) -> date | None:
        """The working day on which it goes one level up unless something is done; None if it never does."""
        if not self.is_open or self.next_level is None:
            return None
        waited = calendar.shift(self.level_since, WORKDAYS_TO_ANSWER + 1)
        late = calendar.shift(self.due_on, 1) if self.level_since <= self.due_on else waited
        return min(waited, late) if self.state == self.State.RAISED else late


class ProblemStep(models.Model):
    """Something that was done about a problem, or said of it. Kept in order, never changed."""

    class Act(models.TextChoices):
        RAISED = "raised", pgettext_lazy("done about a problem", "raised it")
        TAKEN = "taken", pgettext_lazy("done about a problem", "took it in hand")
        PASSED_ON = "passed_on", pgettext_lazy("done about a problem", "passed it on")
        ESCALATED = "escalated", pgettext_lazy("done about a problem", "went one level up by itself")
        HANDED_OVER = "handed", pgettext_lazy("done about a problem", "handed it over")
        COMMENTED = "commented", pgettext_lazy("done about a problem", "commented")
        SOLVED = "solved", pgettext_lazy("done about a problem", "solved it")
        WITHDRAWN = "withdrawn", pgettext_lazy("done about a problem", "withdrew it")

    problem = models.ForeignKey(Problem, models.CASCADE, related_name="steps")
    act = models.CharField(max_length=9, choices=Act)
    #: The level and the coordinator after it.
    level = models.CharField(max_length=6, choices=Problem.Level)
    coordinator = models.ForeignKey(Person, models.PROTECT, null=True, related_name="+")
    text = models.CharField(_("text"), max_length=1000, blank=True)
    by = models.ForeignKey("members.User", models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self):
        return f"{self.problem}: {self.get_act_display()}"
