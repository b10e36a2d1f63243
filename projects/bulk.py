"""One change to many items at once: first what would happen and what would not, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid5

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from core import shown, undo
from core.versions import ChangedMeanwhile
from members.models import Person
from projects import changes, revising
from projects.binding import Bound, must_ask
from projects.models import Plan, PlanItem
from projects.models.plan import PlanClosed
from projects.progress import lock_line, store
from studios.models import Membership

#: More at once would keep everybody else waiting for the plans.
MOST = 200

DUE, OWNER, CANCEL = "due", "owner", "cancel"
ACTS = {
    DUE: pgettext_lazy("bulk act", "set the due day"),
    OWNER: pgettext_lazy("bulk act", "set the person responsible"),
    CANCEL: pgettext_lazy("bulk act", "cancel"),
}
NOT_PERMITTED = gettext_lazy("You may not change this item.")
CLOSED = gettext_lazy("It is closed: %(state)s.")
SAME = gettext_lazy("It is so already.")
TOO_EARLY = gettext_lazy("It only starts on %(day)s.")
NO_MEMBER = gettext_lazy("%(name)s does not belong to this studio.")
MEANWHILE = gettext_lazy("Somebody changed it meanwhile.")
SAY_WHY = gettext_lazy("The plan is confirmed: say why it changes.")


@dataclass(frozen=True)
class Change:
    """What is to be done: ``value`` is the day, the person, or the reason of the cancelling.

    ``reason`` says why it changes where the plan is confirmed.
    """

    act: str
    value: Any
    reason: str = ""

    @property
    def sentence(self) -> str:
        return {
            DUE: _("Due: %(value)s"),
            OWNER: _("Person responsible: %(value)s"),
            CANCEL: _("Cancelled, because: %(value)s"),
        }[self.act] % {"value": self._shown(self.value)}

    def before(self, item: PlanItem) -> str:
        if self.act == DUE:
            return self._shown(item.due_on)
        return item.owner_shown if self.act == OWNER else str(item.get_state_display())

    @property
    def after(self) -> str:
        return str(PlanItem.State.CANCELLED.label) if self.act == CANCEL else self._shown(self.value)

    def _shown(self, value) -> str:
        return shown.day(value) if isinstance(value, date) else str(value or "")


@dataclass(frozen=True)
class Fate:
    """What will happen, or did happen, to one item; ``why_not`` is empty where it is changed."""

    item: PlanItem
    before: str
    after: str
    why_not: str = ""


def preview(items: Iterable[PlanItem], change: Change, *, by, on: date) -> list[Fate]:
    """The fate of each item, without changing anything. One query beside the items'."""
    items = list(items)
    members = _members(change, items, on=on)
    return [
        Fate(item, change.before(item), change.after, why_not=_why_not(item, change, members, by))
        for item in items
    ]


def _members(change: Change, items: list[PlanItem], *, on: date) -> set[int]:
    """The studios of these items to which the new person responsible belongs."""
    if change.act != OWNER:
        return set()
    of_person = Membership.objects.current(on=on).filter(person=change.value)
    studios = {item.plan.studio_id for item in items}
    return set(of_person.filter(studio__in=studios).values_list("studio", flat=True))


def _why_not(item: PlanItem, change: Change, members: set[int], by) -> str:
    if not by.has_perm("projects.change_item", item):
        return str(NOT_PERMITTED)
    if item.plan.is_closed:
        return str(PlanClosed(item.plan))
    if not item.is_open:
        return str(CLOSED) % {"state": item.get_state_display()}
    if must_ask(item, by):
        return str(Bound())
    if item.plan.is_bound and not change.reason.strip():
        return str(SAY_WHY)
    if change.act == DUE:
        if item.due_on == change.value:
            return str(SAME)
        if item.starts_on and change.value < item.starts_on:
            return str(TOO_EARLY) % {"day": shown.day(item.starts_on)}
    if change.act == OWNER:
        if item.plan.studio_id not in members:
            return str(NO_MEMBER) % {"name": change.value}
        if item.owner_id == change.value.pk:
            return str(SAME)
    return ""


@contextmanager
def plans_of(items: list[PlanItem]):
    """Take the lines of plans of all items, always in the same order, and add up what changed at the end."""
    years = {(item.plan.studio_id, item.plan.year): item.plan for item in items}
    for key in sorted(years):
        lock_line(years[key])
    yield
    which = Q(pk__in=[])
    for studio, year in years:
        which |= Q(studio=studio, year=year)
    store(which)


@contextmanager
def open_plans_of(items: list[PlanItem]):
    """``plans_of`` for taking back: raises PlanClosed where one of the periods was closed meanwhile."""
    with plans_of(items):
        for item in items:
            item.plan.refresh_from_db(fields=["state"])
            item.plan.refuse_if_closed()
        yield


@transaction.atomic
def carry_out(
    seen: Mapping[int, int], change: Change, *, by, at: datetime, on: date, token: UUID
) -> tuple[list[Fate], str]:
    """Change the items of these ids if they still have the versions seen; all in one transaction.

    Gives the fate of each, and the tag of the message that offers the way back (none for a cancelling, which
    stands in the journal).
    """
    items = list(PlanItem.objects.visible_to(by).filter(pk__in=seen).for_list().order_by("pk"))
    fates, steps, bound = [], [], []
    with plans_of(items):
        items = list(PlanItem.objects.filter(pk__in=[item.pk for item in items]).for_list().order_by("pk"))
        for fate in preview(items, change, by=by, on=on):
            if not fate.why_not:
                why_not = str(MEANWHILE)
                if fate.item.version == seen[fate.item.pk] and fate.item.plan.is_bound:
                    bound.append((fate.item, _asked(fate.item, change)))
                    why_not = ""
                elif fate.item.version == seen[fate.item.pk]:
                    why_not = _change(fate.item, change, steps, by=by, at=at, token=token)
                fate = Fate(fate.item, fate.before, fate.after, why_not)
            fates.append(fate)
        revising.revise(bound, by=by, at=at, reason=change.reason)
    return fates, undo.offer(PlanItem, steps, by=by, at=at)


def _asked(item: PlanItem, change: Change) -> dict:
    """The change of an item of a confirmed plan, as a change request keeps it."""
    if change.act == CANCEL:
        return revising.letting_go(item, PlanItem.State.CANCELLED, on=item.plan.starts_on)
    return revising.changed(item, {"due_on" if change.act == DUE else "owner": change.value})


def _change(item: PlanItem, change: Change, steps: list, *, by, at: datetime, token: UUID) -> str:
    """Do it to one item; says why if it did not go."""
    if change.act == CANCEL:
        told = {"by": by, "at": at, "reason": change.value, "token": uuid5(token, str(item.pk))}
        changes.set_state(item, PlanItem.State.CANCELLED, **told)
        return ""
    if change.act == DUE:
        before = {"due_on": item.due_on}
        item.due_on = change.value
    else:
        before = {"owner": item.owner_id, "owner_name": item.owner_name}
        item.owner, item.owner_name = change.value, ""
    try:
        item.save_if_unchanged(seen=item.version, fields=before)
    except ChangedMeanwhile:
        return str(MEANWHILE)
    steps.append(undo.step(item, before))
    return ""


def people_for(items) -> Any:
    """Who could answer for some of these items: the members of their studios."""
    # Two short questions: as one, a database that has not counted its rows yet goes through all of them.
    studios = set(Plan.objects.filter(items__in=items).values_list("studio", flat=True))
    members = Membership.objects.filter(studio__in=studios, left_on=None)
    return Person.objects.filter(pk__in=members.values("person"))


def _still_free(item: PlanItem, replaced: dict, *, by, at: datetime) -> None:
    """What was confirmed meanwhile is not taken back: that is a change of its own."""
    if item.plan.is_bound and {*replaced} & {*PlanItem.BOUND}:
        raise undo.TooLate


undo.register(
    PlanItem,
    # What was reported meanwhile changes what the old values would mean.
    undo.Door("projects.change_item", watched=("state",), around=open_plans_of, after=_still_free),
)
