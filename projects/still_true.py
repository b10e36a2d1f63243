"""Whether what was told is still worth saying: why not, or None. Asked before it is sent or shown."""

from datetime import date

from core.calendar import Period
from members.models import Absence
from notifications.kinds import Because
from notifications.models import Notice
from projects import silence
from projects.models import ChangeRequest, Lesson, Plan, PlanItem, Problem
from projects.reminders import unreported
from studios.models import Membership, Studio


def _row(queryset, notice: Notice):
    """The record the notice is about, None if it is gone."""
    return queryset.filter(pk=notice.about.rpartition(":")[2]).first()


# Whose business it is: asked with a person and a record.


def owns(user, item) -> bool:
    return item.owner_id is not None and item.owner_id == user.person_id


def leads(user, obj) -> bool:
    return user.studio_roles.get(obj.studio.pk) == Membership.Role.LEAD


def steers(user, obj) -> bool:
    return user.studio_roles.get(obj.studio.pk) in Membership.STEERING


def holds(role):
    return lambda user, obj: user.holds_over(obj.studio.unit, role)


# Whether it still holds.


def open_item(audience):
    """Holds while the item is open, due on the day that was told, and still this person's business."""

    def why_not(notice: Notice) -> str | None:
        item = _row(PlanItem.objects.select_related("plan__studio__unit"), notice)
        if item is None:
            return Because.GONE
        if not item.is_open or item.complete or item.plan.is_closed or not item.studio.is_working:
            return Because.DONE
        if str(item.due_on) != notice.params["due_on"]:
            return Because.MOVED
        if not audience(notice.recipient, item):
            return Because.NOT_YOURS
        return None if notice.recipient.has_perm("projects.view_item", item) else Because.NO_RIGHT

    return why_not


def still_empty(notice: Notice) -> str | None:
    studio = _row(Studio.objects.select_related("unit"), notice)
    if studio is None:
        return Because.GONE
    month = Period.containing(date.fromisoformat(notice.params["month"]))
    planned = PlanItem.objects.planned().filter(plan__studio=studio, plan__period=month.key)
    if not studio.is_working or planned.exists():
        return Because.DONE
    return None if steers(notice.recipient, studio) else Because.NOT_YOURS


def still_unreported(notice: Notice) -> str | None:
    plan = _row(Plan.objects.select_related("studio__unit"), notice)
    if plan is None:
        return Because.GONE
    if not unreported(plan.span).filter(pk=plan.pk).exists():
        return Because.DONE
    return None if leads(notice.recipient, plan) else Because.NOT_YOURS


def still_to_coordinate(notice: Notice) -> str | None:
    problem = _row(Problem.objects.select_related("studio__unit"), notice)
    if problem is None:
        return Because.GONE
    if problem.state != Problem.State.RAISED:
        return Because.DONE
    may = notice.recipient.has_perm("projects.coordinate_problem", problem)
    return None if may else Because.NOT_YOURS


def still_silent(audience):
    """Holds while nothing has been heard of the studio since the day that was told."""

    def why_not(notice: Notice) -> str | None:
        studio = _row(Studio.objects.select_related("unit"), notice)
        if studio is None:
            return Because.GONE
        quiet = silence.of([studio], on=notice.recipient.today)[studio.pk]
        if not studio.is_working or str(quiet.since) != notice.params["since_on"]:
            return Because.DONE
        return None if audience(notice.recipient, studio) else Because.NOT_YOURS

    return why_not


def still_to_tolerate(notice: Notice) -> str | None:
    lesson = _row(Lesson.objects.select_related("studio__unit", "item__plan", "topic"), notice)
    if lesson is None:
        return Because.GONE
    if not lesson.is_waiting:
        return Because.DONE
    return None if notice.recipient.has_perm("projects.tolerate", lesson) else Because.NOT_YOURS


def plan_in(*states, audience):
    """Holds while the plan is in one of the states and still this person's business."""

    def why_not(notice: Notice) -> str | None:
        plan = _row(Plan.objects.select_related("studio__unit"), notice)
        if plan is None:
            return Because.GONE
        if plan.state not in states:
            return Because.DONE
        return None if audience(notice.recipient, plan) else Because.NOT_YOURS

    return why_not


def still_asked(notice: Notice) -> str | None:
    request = _row(ChangeRequest.objects.for_list(), notice)
    if request is None:
        return Because.GONE
    if not request.is_open:
        return Because.DONE
    return None if notice.recipient.has_perm("projects.decide_change", request) else Because.NOT_YOURS


def still_to_decide(notice: Notice) -> str | None:
    studio = _row(Studio.objects.select_related("unit"), notice)
    if studio is None:
        return Because.GONE
    waiting = list(studio.consequences.waiting().select_related("studio__unit"))
    if not waiting:
        return Because.DONE
    may = any(notice.recipient.has_perm("projects.decide_consequence", each) for each in waiting)
    return None if may else Because.NOT_YOURS


def absence_is(state: str, *, permission: str = "members.view_absence"):
    """Holds while the absence stands as it was told and is still this person's business."""

    def why_not(notice: Notice) -> str | None:
        absence = _row(Absence.objects.select_related("person"), notice)
        if absence is None:
            return Because.GONE
        if absence.state != state:
            return Because.DONE
        return None if notice.recipient.has_perm(permission, absence) else Because.NO_RIGHT

    return why_not


def may_confirm(user, plan) -> bool:
    return user.has_perm("projects.confirm_plan", plan)
