"""Handing over (交接): what somebody carries in a studio goes to another, or is left knowingly.

Leaving, going to another studio and the change of lead are one transaction each with what is handed over.
Reports, authorship and closed periods are never touched: what was reached stays with whoever reached it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import NamedTuple

from django.db import transaction
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from core import shown
from core.errors import NotAllowedNow
from core.versions import ChangedMeanwhile
from members.models import Person, User
from notifications.sending import tell
from projects import coordination
from projects.bulk import open_plans_of
from projects.changes import rest_of_number
from projects.models import Indicator, Plan, PlanItem, Problem, ProgressEntry, Topic
from projects.rollup import to_decimal
from studios import changes
from studios.models import LeaveRequest, Membership, Studio

TOPIC, ITEM, INDICATOR, PROBLEM = "topic", "item", "indicator", "problem"
WORDS = {
    TOPIC: gettext_lazy("Topic"),
    ITEM: gettext_lazy("Plan item"),
    INDICATOR: gettext_lazy("Indicator"),
    PROBLEM: gettext_lazy("Problem to coordinate"),
}


class CarriedChanged(NotAllowedNow):
    sentence = gettext_lazy("What he carries has changed meanwhile. Look once more at the list.")


@dataclass(frozen=True)
class Line:
    """One thing that somebody carries."""

    kind: str
    record: Topic | PlanItem | Indicator | Problem
    note: str

    @property
    def key(self) -> str:
        return f"{self.kind}:{self.record.pk}"

    @property
    def said(self) -> str:
        words = {"kind": WORDS[self.kind], "what": self.record}
        said = _("%(kind)s: %(what)s") % words
        return f"{said} · {self.note}" if self.note else said


class AtThePost(NamedTuple):
    """Something that waits for whoever leads, and so goes to the next lead by itself."""

    label: str | Promise
    count: int


def carried(studio: Studio, person: Person) -> list[Line]:
    """What is open of a person's in a studio, in the order in which it is shown. Six queries."""
    topics = studio.topics.filter(owner=person, state__in=Topic.UNCONCLUDED)
    mine = PlanItem.objects.filter(plan__studio=studio).open().in_open_plans()
    items = mine.filter(owner=person).select_related("plan__studio").order_by("due_on", "pk")
    indicators = (
        Indicator.objects.filter(person=person, item__in=mine)
        .select_related("item__plan__studio", "person")
        .prefetch_related("milestones")
        .order_by("item__due_on", "pk")
    )
    problems = studio.problems.open().filter(coordinator=person)
    return [
        *(Line(TOPIC, topic, _due(topic.due_on)) for topic in topics),
        *(Line(ITEM, item, f"{item.plan.span} · {_due(item.due_on)}") for item in items),
        *(Line(INDICATOR, each, str(each.way)) for each in indicators if each.share != 1),
        *(Line(PROBLEM, problem, _due(problem.due_on)) for problem in problems),
    ]


def _due(day: date | None) -> str:
    return _("due %(day)s") % {"day": shown.day(day)} if day else _("without a due day")


def at_the_post(studio: Studio, *, on: date) -> list[AtThePost]:
    """What waits for the lead as the lead; only what there is."""
    leave = LeaveRequest.objects.filter(
        activity__studio=studio, state=LeaveRequest.State.WAITING, approver=Membership.Role.LEAD
    )
    plans = Plan.objects.filter(studio=studio, planned__gt=0)
    drafts = plans.filter(state=Plan.State.DRAFT, ends_on__gte=on)
    counts = [
        AtThePost(gettext_lazy("Leave to decide"), leave.count()),
        AtThePost(gettext_lazy("Plans to hand in"), drafts.count()),
        AtThePost(gettext_lazy("Periods to close"), plans.not_closed().filter(ends_on__lt=on).count()),
    ]
    return [each for each in counts if each.count]


def chosen_of(lines: Iterable[Line], *, seen: Collection[str], chosen: Collection[str]) -> list[Line]:
    """The chosen ones of what somebody carries; CarriedChanged if it is not what was seen."""
    lines = list(lines)
    if {line.key for line in lines} != set(seen):
        raise CarriedChanged
    return [line for line in lines if line.key in chosen]


@transaction.atomic
def leave(
    membership: Membership,
    *,
    on: date,
    reason: str,
    lines: list[Line],
    to: Person | None,
    by: User,
    at: datetime,
) -> None:
    """Let a member go; the lines go to ``to``, everything else he carries stays as it is."""
    _hand_over(membership.studio, membership.person, lines, to, on=on, by=by, at=at)
    changes.end_membership(membership, on=on, reason=reason)


@transaction.atomic
def transfer(
    membership: Membership,
    into: Studio,
    role: str,
    *,
    on: date,
    reason: str,
    lines: list[Line],
    to: Person | None,
    by: User,
    at: datetime,
) -> Membership:
    """Let a member go to another studio; what he reached until that day stays in the books of the first."""
    _hand_over(membership.studio, membership.person, lines, to, on=on, by=by, at=at)
    return changes.transfer(membership, into, role, on=on, by=by, reason=reason)


@transaction.atomic
def change_lead(
    studio: Studio,
    person: Person,
    *,
    on: date,
    reason: str,
    stays: str | None,
    lines: list[Line],
    rename: bool,
    by: User,
    at: datetime,
) -> Membership:
    """The person leads the studio from a day on, and carries the lines of the former lead."""
    former = studio.lead
    if former:
        _hand_over(studio, former, lines, person, on=on, by=by, at=at)
    membership = changes.change_lead(studio, person, on=on, by=by, reason=reason, stays=stays)
    if former and rename:
        changes.name_after(studio, person, instead_of=former, on=on, by=by)
    return membership


def _hand_over(
    studio: Studio, person: Person, lines: list[Line], to: Person | None, *, on: date, by: User, at: datetime
) -> None:
    if not lines:
        return
    if to is None or to == person:
        raise NotAllowedNow(_("Choose who takes it over."))
    of = {kind: [line.record for line in lines if line.kind == kind] for kind in WORDS}
    plans_of = [*of[ITEM], *(indicator.item for indicator in of[INDICATOR])]
    try:
        with open_plans_of(plans_of):
            for indicator in of[INDICATOR]:
                _pass_on(indicator, to, on=on)
            for record in (*of[ITEM], *of[TOPIC]):
                record.owner = to
                record.save_if_unchanged(seen=record.version, fields=["owner"])
    except ChangedMeanwhile:
        raise CarriedChanged from None
    for problem in of[PROBLEM]:
        coordination.hand_over(problem, to, by=by, at=at)
    tell(
        User.objects.filter(person=to, is_active=True),
        "handed_over",
        about=studio,
        url=to.get_absolute_url(),
        once=f"{person.pk}:{timezone.localdate(at)}",
        params={"person": person.name, "count": len(lines)},
        by=by,
    )


def _pass_on(seen: Indicator, to: Person, *, on: date) -> None:
    """Give the rest of an indicator to somebody else; what was reached of it stays behind with its weight.

    The two weigh what the one did, and the item comes to the same before and after.
    """
    indicator = Indicator.objects.get(pk=seen.pk)
    if indicator.version != seen.version or indicator.share == 1:
        raise CarriedChanged
    later = ProgressEntry.objects.filter(indicator=indicator, at__date__gt=on).order_by("-at").first()
    if later:
        said = {"indicator": indicator, "day": shown.day(timezone.localdate(later.at))}
        raise NotAllowedNow(
            _("“%(indicator)s” was reported on %(day)s: choose that day or a later one.") % said
        )
    share = indicator.share
    rest = to_decimal(Fraction(indicator.weight) * (1 - share))
    if not share or rest == indicator.weight:
        indicator.person = to
        indicator.save_if_unchanged(seen=indicator.version, fields=["person"])
        return
    new = Indicator.objects.create(
        item_id=indicator.item_id,
        person=to,
        kind=indicator.kind,
        name=indicator.name,
        unit_of_measure=indicator.unit_of_measure,
        weight=rest,
        **rest_of_number(indicator),
    )
    indicator.milestones.filter(reached_on=None).update(indicator=new)
    indicator.weight -= rest
    if indicator.kind == Indicator.Kind.NUMBER:
        indicator.target = indicator.value
    elif indicator.kind == Indicator.Kind.JUDGED:
        indicator.value = 100
    indicator.save_if_unchanged(seen=indicator.version, fields=["weight", "target", "value"])
