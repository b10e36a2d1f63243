"""Lessons (经验): what was tried, what was learnt and what is advised where something was not reached."""

from django.db import models
from django.db.models import Q
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy
from simple_history.models import HistoricalRecords

from core.shown import day
from core.versions import Versioned
from projects.models.frozen import BelatedEntry
from projects.models.item import PlanItem
from projects.models.topic import Topic
from studios.models import Studio


class LessonQuerySet(models.QuerySet):
    """The words the rest of the code uses to ask for lessons."""

    def visible_to(self, user):
        """All of the studios one sees; of the others what the union has confirmed, for whoever sees any."""
        if not user.sees_studios:
            return self.none()
        seen = self.filter(studio__in=Studio.objects.visible_to(user))
        return seen | self.published()

    def published(self):
        """Confirmed, and the record behind it is still tolerated: it may have been taken up again."""
        still = Q(item__state=PlanItem.State.TOLERATED) | Q(topic__state=Topic.State.TOLERATED)
        return self.filter(still | Q(booked__isnull=False), state=Lesson.State.CONFIRMED)

    def waiting(self):
        """Proposed, and what it is about can still be tolerated; also after its period was closed."""
        item = Q(item__state__in=PlanItem.OPEN)
        return self.filter(item | Q(topic__state__in=Topic.UNCONCLUDED), state=Lesson.State.PROPOSED)

    def titled(self):
        """Adds ``title``: the name of the item or the topic."""
        return self.annotate(title=Coalesce("item__content", "topic__title"))

    def matching(self, words):
        """Those in whose title or texts the words occur."""
        words = words.strip()
        if not words:
            return self
        fields = ("item__content", "topic__title", "tried", "learnt", "advice")
        found = Q()
        for name in fields:
            found |= Q(**{f"{name}__icontains": words})
        return self.filter(found)


class Lesson(Versioned):
    """What an item or a topic taught that was not reached; one for each. Moved by ``projects.lessons``."""

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("lesson", "waits for the union")
        CONFIRMED = "confirmed", pgettext_lazy("lesson", "tolerated")
        RETURNED = "returned", pgettext_lazy("lesson", "returned")

    studio = models.ForeignKey(Studio, models.CASCADE, related_name="lessons", verbose_name=_("studio"))
    item = models.OneToOneField(
        PlanItem, models.PROTECT, null=True, blank=True, related_name="lesson", verbose_name=_("plan item")
    )
    topic = models.OneToOneField(
        Topic, models.PROTECT, null=True, blank=True, related_name="lesson", verbose_name=_("topic")
    )
    tried = models.CharField(_("what was done"), max_length=1000)
    learnt = models.CharField(_("what was learnt"), max_length=1000)
    advice = models.CharField(_("advice"), max_length=1000)
    state = models.CharField(_("state"), max_length=9, choices=State, default=State.PROPOSED, editable=False)
    proposed_by = models.ForeignKey("members.User", models.PROTECT, related_name="+", editable=False)
    proposed_at = models.DateTimeField(editable=False)
    decided_by = models.ForeignKey(
        "members.User", models.PROTECT, null=True, related_name="+", editable=False
    )
    decided_at = models.DateTimeField(null=True, editable=False)
    remark = models.CharField(_("remark"), max_length=500, blank=True, editable=False)
    #: Where it was told that the item is tolerated, which was confirmed after its period was closed: what is
    #: sealed stays as it is. Opened again, the item ends as tolerated itself, and this is empty.
    booked = models.OneToOneField(
        BelatedEntry, models.PROTECT, null=True, blank=True, related_name="lesson", editable=False
    )

    objects = LessonQuerySet.as_manager()
    history = HistoricalRecords()

    class Meta:
        verbose_name = _("lesson")
        verbose_name_plural = _("lessons")
        ordering = ["-decided_at", "-id"]
        indexes = [models.Index(fields=["state", "decided_at"], name="lesson_by_state_and_day")]
        constraints = [
            models.CheckConstraint(
                condition=Q(item__isnull=False, topic=None) | Q(item=None, topic__isnull=False),
                name="lesson_is_about_one_record",
            ),
            models.CheckConstraint(
                condition=~Q(tried="") & ~Q(learnt="") & ~Q(advice=""),
                name="lesson_says_all_three",
                violation_error_message=_("Say what was done, what was learnt and what you advise."),
            ),
            models.CheckConstraint(
                condition=~Q(state="returned") | ~Q(remark=""), name="lesson_returned_says_why"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_at=None)
                | Q(state__in=["confirmed", "returned"], decided_at__isnull=False),
                name="lesson_decided_has_its_day",
            ),
        ]

    def __str__(self):
        return str(self.record)

    def get_absolute_url(self):
        return reverse("lesson", args=[self.pk])

    @property
    def record(self) -> PlanItem | Topic:
        """What it is about."""
        return self.item or self.topic

    @property
    def is_published(self) -> bool:
        tolerated = self.record.state == "tolerated" or self.booked_id is not None
        return self.state == self.State.CONFIRMED and tolerated

    @property
    def whose(self) -> str:
        """Whose it is and since when it stands."""
        said = [self.studio.name, self.studio.unit.name]
        return " · ".join([*said, day(self.decided_at)] if self.decided_at else said)

    @property
    def sign(self) -> tuple[str, str]:
        """(word, tone) of how it stands; never in red."""
        if self.state == self.State.CONFIRMED and not self.is_published:
            return _("taken up again"), "plain"
        return self.get_state_display(), "info" if self.state == self.State.CONFIRMED else "warn"

    @property
    def is_waiting(self) -> bool:
        return self.state == self.State.PROPOSED and is_unfinished(self.record)


def is_unfinished(record: PlanItem | Topic) -> bool:
    """Whether a record has come to no end that is known, so that it can still be tolerated."""
    return record.state in Topic.UNCONCLUDED if isinstance(record, Topic) else record.is_open


def is_in_time(record: PlanItem | Topic, lesson: Lesson | None) -> bool:
    """Whether a lesson may be written: of a closed period only one that was proposed before it was closed."""
    if isinstance(record, Topic) or not record.plan.is_closed:
        return True
    return lesson is not None and lesson.state != Lesson.State.CONFIRMED
