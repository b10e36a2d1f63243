"""A failure that is tolerated: the studio tells what it tried and learnt, the union confirms or returns it.

Where the union confirms, the item or topic ends as tolerated: no deduction, counted apart, and the lesson is
there for everybody. What proves that it was tried in earnest are the original records.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import uuid4

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from notifications.sending import tell
from projects import consequences
from projects.audiences import People
from projects.belated import tell_belated
from projects.changes import set_state
from projects.models import Consequence, Evidence, Lesson, Plan, PlanItem, ProgressEntry, Topic
from projects.models.lesson import is_in_time, is_unfinished
from projects.progress import ReasonMissing, lock_line

State = Lesson.State


class Ended(NotAllowedNow):
    sentence = _("It has ended already.")


class TooLate(NotAllowedNow):
    sentence = _(
        "Its period was closed before anything was proposed. The union can open the period again;"
        " the lesson is written then."
    )


class Rewritten(NotAllowedNow):
    sentence = _("Somebody has changed or decided this meanwhile. Look at it once more.")


@dataclass(frozen=True)
class Texts:
    """The three things that are asked of whoever failed."""

    tried: str
    learnt: str
    advice: str


def of(record: PlanItem | Topic) -> Lesson | None:
    """The lesson of an item or a topic as it stands, None without one."""
    return Lesson.objects.filter(**_about(record)).select_related("item__plan", "topic").first()


def refuse_if_late(record: PlanItem | Topic, lesson: Lesson | None) -> None:
    """Raises TooLate, or Ended, where a lesson of a closed period can no longer be written."""
    if not is_in_time(record, lesson):
        raise Ended if lesson else TooLate


@transaction.atomic
def propose(record: PlanItem | Topic, texts: Texts, *, by, at: datetime, seen: int = 0) -> Lesson:
    """Ask the union to tolerate that something is not reached; also once it was returned.

    ``seen`` is the version of the lesson that was on the screen, 0 where there was none. Raises
    ReasonMissing, Ended, or Rewritten where somebody was faster.
    """
    lesson = _write(record, texts, by=by, at=at, seen=seen)
    people = People([lesson.studio], (), on=timezone.localdate(at))
    union = people.find("union", lesson.studio)[0]
    _tell(union, "lesson_proposed", lesson, by=by)
    return lesson


@transaction.atomic
def tolerate(record: PlanItem | Topic, texts: Texts, *, by, at: datetime, seen: int = 0) -> Lesson:
    """The union itself writes the lesson down and tolerates the failure in one act."""
    lesson = _write(record, texts, by=by, at=at, seen=seen)
    return confirm(lesson, by=by, at=at, seen=lesson.version)


@transaction.atomic
def confirm(lesson: Lesson, *, by, at: datetime, seen: int) -> Lesson:
    """The union tolerates it: the record ends, the lesson is published. Raises Ended or Rewritten.

    What is sealed of a closed period stays as it is: that the item is tolerated is then booked to the open
    one, on the day it was decided, and nothing is deducted for it.
    """
    record = _locked(lesson.record)
    lesson = _decide(lesson, State.CONFIRMED, by=by, at=at, seen=seen)
    if isinstance(record, Topic):
        record.state = Topic.State.TOLERATED
        record.save_if_unchanged(seen=record.version, fields=["state"])
    elif record.plan.is_closed:
        _book(lesson, record, by=by, at=at)
    else:
        set_state(record, PlanItem.State.TOLERATED, by=by, at=at, reason=lesson.learnt[:500])
    _tell(_studio_of(lesson, at), "lesson_confirmed", lesson, by=by)
    return lesson


def _book(lesson: Lesson, item: PlanItem, *, by, at: datetime) -> None:
    note = str(_("The union tolerates that it was not reached."))
    lesson.booked = tell_belated(item, by=by, at=at, points=Decimal(0), note=note, token=uuid4())
    lesson.save(update_fields=["booked"])
    for proposed in Consequence.objects.waiting().filter(item=item):
        consequences.waive(proposed, by=by, at=at, reason=note)


@transaction.atomic
def let_in(plan: Plan, *, by, at: datetime) -> None:
    """Let what was tolerated after a period was closed end as that in the period, which is open again."""
    for lesson in Lesson.objects.filter(item__plan=plan).exclude(booked=None).select_related("item__plan"):
        set_state(lesson.item, PlanItem.State.TOLERATED, by=by, at=at, reason=lesson.learnt[:500])
        lesson.booked = None
        lesson.save(update_fields=["booked"])


@transaction.atomic
def give_back(lesson: Lesson, *, by, at: datetime, seen: int, remark: str) -> Lesson:
    """Return it with what is missing. Raises ReasonMissing, Ended or Rewritten."""
    if not remark.strip():
        raise ReasonMissing
    _locked(lesson.record)
    lesson = _decide(lesson, State.RETURNED, by=by, at=at, seen=seen, remark=remark.strip()[:500])
    _tell(_studio_of(lesson, at), "lesson_returned", lesson, by=by, note=lesson.remark[:200])
    return lesson


def _write(record, texts: Texts, *, by, at: datetime, seen: int) -> Lesson:
    said = {name: text.strip() for name, text in vars(texts).items()}
    if not all(said.values()):
        raise ReasonMissing(_("Say what was done, what was learnt and what you advise."))
    record = _locked(record)
    lesson = Lesson.objects.select_for_update().filter(**_about(record)).first()
    refuse_if_late(record, lesson)
    if (lesson.version if lesson else 0) != seen:
        raise Rewritten
    lesson = lesson or Lesson(studio=record.studio, version=0, **_about(record))
    for name, value in {**said, **_UNDECIDED, "proposed_by": by, "proposed_at": at}.items():
        setattr(lesson, name, value)
    lesson.version += 1
    lesson.save()
    return lesson


_UNDECIDED = {"state": State.PROPOSED, "decided_by": None, "decided_at": None, "remark": ""}


def _locked(record):
    """The record as it stands now, nobody else moving it. Raises Ended where its end is known."""
    if isinstance(record, Topic):
        record = (
            Topic.objects.select_related("studio__unit").select_for_update(of=("self",)).get(pk=record.pk)
        )
    else:
        lock_line(record.plan)
        record = PlanItem.objects.select_related("plan__studio__unit").get(pk=record.pk)
    if not is_unfinished(record):
        raise Ended
    return record


def _decide(lesson: Lesson, state: str, *, by, at: datetime, seen: int, remark: str = "") -> Lesson:
    """One conditional UPDATE, and the version it leaves in the history."""
    waiting = Lesson.objects.filter(pk=lesson.pk, state=State.PROPOSED, version=seen)
    told = {"state": state, "decided_by": by, "decided_at": at, "remark": remark}
    if not waiting.update(version=F("version") + 1, **told):
        raise Rewritten
    lesson = Lesson.objects.select_related("studio__unit", "item", "topic").get(pk=lesson.pk)
    lesson.save(update_fields=["version"])
    return lesson


def _about(record) -> dict:
    return {"topic": record} if isinstance(record, Topic) else {"item": record}


def _studio_of(lesson: Lesson, at: datetime) -> list:
    """Who steers the studio, and whoever proposed it."""
    people = People([lesson.studio], (), on=timezone.localdate(at))
    return people.steering_and(lesson.studio, lesson.proposed_by)


def _tell(recipients, kind: str, lesson: Lesson, *, by, **params) -> None:
    tell(
        recipients,
        kind,
        about=lesson,
        url=lesson.get_absolute_url(),
        once=f"version:{lesson.version}",
        params={"studio": lesson.studio.name, **params},
        by=by,
    )


@dataclass(frozen=True)
class Records:
    """What was recorded while it was tried: the proof that it was tried in earnest. The newest first."""

    entries: list[ProgressEntry]
    files: int

    @property
    def people(self) -> int:
        return len({entry.by_id for entry in self.entries if entry.by_id})

    @property
    def since(self):
        return self.entries[-1].at if self.entries else None

    @property
    def until(self):
        return self.entries[0].at if self.entries else None


def records_of(lesson: Lesson) -> Records:
    """The journal of the item and of what it carries on, or of all items of the topic. Two queries."""
    if lesson.topic_id:
        items = PlanItem.objects.filter(topic=lesson.topic_id)
    else:
        item = lesson.item_id
        chain = Q(pk=item) | Q(carried_to=item) | Q(carried_to__carried_to=item)
        items = PlanItem.objects.filter(chain)
    entries = ProgressEntry.objects.filter(item__in=items.values("pk"))
    listed = entries.select_related("item", "by__person", "indicator__person").order_by("-at", "-pk")
    return Records(list(listed), Evidence.objects.filter(entry__in=entries.values("pk")).count())
