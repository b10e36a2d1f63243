"""Bringing a ledger in: first what it would change, then all of it or nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from achievements.models import Achievement
from core.calendar import Period
from core.errors import NotAllowedNow
from core.planner import tell_the_planner
from members.models import Person
from projects.models import Plan, PlanItem, Topic
from studios.models import Activity, Attendance, Membership, Studio

from . import comparing
from .collecting import collect
from .comparing import ImportPlan, RowPlan
from .keeping import keep
from .rows import Fault, Ledger
from .sheets import ACHIEVEMENTS, ACTIVITIES, ITEMS, MEMBERS, SHEETS, TOPICS, Sheet
from .storing import Storing

_NUMBERED = ((TOPICS, Topic), (ITEMS, PlanItem), (ACTIVITIES, Activity), (ACHIEVEMENTS, Achievement))
#: What an import may fill with so much that the planner has to be told.
COUNTED = (Studio, Person, Membership, Topic, Plan, PlanItem, Activity, Achievement)
#: How many numbers are looked up at once.
_BATCH = 1000


class NotPossible(NotAllowedNow):
    """The ledger has errors, or what is stored has come to contradict it; ``plan.faults`` says what."""

    def __init__(self, plan: ImportPlan) -> None:
        super().__init__(_("The ledger has errors; nothing was changed."))
        self.plan = plan


def known() -> dict[str, frozenset[str]]:
    """What rows of a ledger may refer to although it does not list them, as ``reading.read`` takes it."""
    return {
        "known_studios": frozenset(Studio.objects.values_list("name", flat=True)),
        "known_topics": frozenset(Topic.objects.exclude(no=None).values_list("no", flat=True)),
    }


def plan_import(ledger: Ledger) -> ImportPlan:
    """What importing a ledger would change, without changing anything. A fixed number of queries."""
    if ledger.errors:
        return ImportPlan(ledger, faults=ledger.faults)
    rows, kept = keep(comparing.compare(collect(_studios_of(ledger)), ledger))
    return ImportPlan(ledger, rows, (*ledger.faults, *_contradictions(rows), *kept))


@transaction.atomic
def apply(plan: ImportPlan, *, by, at: datetime) -> ImportPlan:
    """Store what a ledger says, all of it or nothing; gives what was really changed.

    What is stored is compared anew, so that nothing saved since the plan was made is overwritten unseen by
    the count. ``by`` is the user who acts, None for a command. Raises NotPossible.
    """
    _lock(plan.ledger)
    plan = plan_import(plan.ledger)
    if not plan.is_possible:
        raise NotPossible(plan)
    if plan.touched:
        Storing(plan, by=by, at=at).store()
        tell_the_planner(COUNTED)
    return plan


def _studios_of(ledger: Ledger):
    names = {row.name for row in ledger.studios}
    for sheet in SHEETS[1:]:
        names |= {row.studio for row in getattr(ledger, sheet.rows_field)}
    return Studio.objects.filter(name__in=names)


def _lock(ledger: Ledger) -> None:
    """Let nobody save these studios or what belongs to them until the import is through."""
    ids = list(_studios_of(ledger).order_by("pk").select_for_update().values_list("pk", flat=True))
    people = Membership.objects.filter(studio__in=ids).values("person")
    # Plans first, like everybody who writes into them; so a period is closed before this or after it.
    plans = Plan.objects.filter(studio__in=ids).order_by("studio", "starts_on", "-ends_on")
    list(plans.select_for_update(of=("self",)).values_list("pk", flat=True))
    for rows in (
        Person.objects.filter(pk__in=people),
        Membership.objects.filter(studio__in=ids),
        Topic.objects.filter(studio__in=ids),
        PlanItem.objects.filter(plan__studio__in=ids),
        Activity.objects.filter(studio__in=ids),
        Achievement.objects.filter(studio__in=ids),
    ):
        list(rows.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


# -- what fits in the file and not to what is stored


def _contradictions(rows: tuple[RowPlan, ...]) -> Iterator[Fault]:
    by_sheet: dict[str, list[RowPlan]] = {sheet.name: [] for sheet in SHEETS}
    for row in rows:
        by_sheet[row.sheet.name].append(row)
    for sheet, model in _NUMBERED:
        yield from _numbers_elsewhere(sheet, model, by_sheet[sheet.name])
    yield from _closed_periods(by_sheet[ITEMS.name])
    yield from _staff_numbers_elsewhere(by_sheet[MEMBERS.name])
    yield from _second_leads(by_sheet[MEMBERS.name])
    yield from _recorded_by_name(by_sheet[ACTIVITIES.name])


def _fault(plan: RowPlan, field: str, message: str) -> Fault:
    return Fault("error", plan.sheet.name, plan.row.row, plan.sheet.column(field).header, message)


def _numbers_elsewhere(sheet: Sheet, model, rows: list[RowPlan]) -> Iterator[Fault]:
    new = {plan.row.number: plan for plan in rows if plan.old is None}
    numbers = list(new)
    for start in range(0, len(numbers), _BATCH):
        for number in model.objects.filter(no__in=numbers[start : start + _BATCH]).values_list(
            "no", flat=True
        ):
            message = _("The number %(value)s is already used by another studio.") % {"value": number}
            yield _fault(new[number], "number", message)


def _closed_periods(rows: list[RowPlan]) -> Iterator[Fault]:
    """A closed period takes no row any more: neither a new one nor a change, into it or out of it."""
    touched = [plan for plan in rows if plan.kind != "unchanged"]
    studios = {plan.row.studio for plan in touched}
    closed = set(
        Plan.objects.closed().filter(studio__name__in=studios).values_list("studio__name", "period")
        if touched
        else []
    )
    for plan in touched:
        for row in filter(None, (plan.old, plan.row)):
            if (row.studio, row.period) in closed:
                message = _("%(period)s is closed in this studio; nothing in it can be changed.")
                yield _fault(plan, "period", message % {"period": Period.parse(row.period)})
                break


def _staff_numbers_elsewhere(rows: list[RowPlan]) -> Iterator[Fault]:
    matched = {plan.row.staff_number for plan in rows if plan.old is not None}
    new = {plan.row.staff_number: plan for plan in rows if plan.old is None and plan.row.staff_number}
    numbers = sorted(set(new) - matched)
    for start in range(0, len(numbers), _BATCH):
        people = Person.objects.filter(staff_no__in=numbers[start : start + _BATCH])
        for number, name in people.values_list("staff_no", "name"):
            if name != new[number].row.name:
                message = _("The staff number %(number)s belongs to %(name)s.") % {
                    "number": number,
                    "name": name,
                }
                yield _fault(new[number], "staff_number", message)


def _recorded_by_name(rows: list[RowPlan]) -> Iterator[Fault]:
    """Where it is known by name who came, the numbers follow from that and not from the ledger."""
    other = {
        plan.old.id: plan
        for plan in rows
        if plan.old and any(getattr(plan.old, name) != getattr(plan.row, name) for name in Activity.COUNTS)
    }
    by_name = Attendance.objects.filter(activity__in=list(other)).values_list("activity_id", flat=True)
    for pk in sorted(set(by_name)):
        message = _("It is recorded by name who came; those numbers stay.")
        yield Fault(
            "warning", ACTIVITIES.name, other[pk].row.row, ACTIVITIES.column("expected").header, message
        )


def _second_leads(rows: list[RowPlan]) -> Iterator[Fault]:
    leading = {plan.row.studio: plan for plan in rows if plan.row.role == "lead" and plan.row.left_on is None}
    listed = {plan.old.id for plan in rows if plan.old is not None}
    present = Membership.objects.filter(role="lead", left_on=None, studio__name__in=list(leading))
    for pk, studio, name in present.values_list("pk", "studio__name", "person__name"):
        if pk not in listed:
            message = _("%(name)s leads this studio. List who led it before with the day of leaving.")
            yield _fault(leading[studio], "role", message % {"name": name})
