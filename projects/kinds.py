"""What people are told about plans and progress, and when it is no longer worth saying."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.calendar import Period
from members.models import Absence, Role
from notifications import kinds
from notifications.kinds import Because, Kind
from notifications.models import Notice, Urgency
from projects import silence
from projects.models import ChangeRequest, Lesson, Plan, PlanItem, Problem
from projects.reminders import unreported
from studios.models import Membership, Studio


def _row(queryset, notice: Notice):
    """The record the notice is about, None if it is gone."""
    return queryset.filter(pk=notice.about.rpartition(":")[2]).first()


def _owns(user, item) -> bool:
    return item.owner_id is not None and item.owner_id == user.person_id


def _leads(user, obj) -> bool:
    return user.studio_roles.get(obj.studio.pk) == Membership.Role.LEAD


def _steers(user, obj) -> bool:
    return user.studio_roles.get(obj.studio.pk) in Membership.STEERING


def _holds(role):
    return lambda user, obj: user.holds_over(obj.studio.unit, role)


def _open_item(audience):
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


def _still_empty(notice: Notice) -> str | None:
    studio = _row(Studio.objects.select_related("unit"), notice)
    if studio is None:
        return Because.GONE
    month = Period.containing(date.fromisoformat(notice.params["month"]))
    planned = PlanItem.objects.planned().filter(plan__studio=studio, plan__period=month.key)
    if not studio.is_working or planned.exists():
        return Because.DONE
    return None if _steers(notice.recipient, studio) else Because.NOT_YOURS


def _still_unreported(notice: Notice) -> str | None:
    plan = _row(Plan.objects.select_related("studio__unit"), notice)
    if plan is None:
        return Because.GONE
    if not unreported(plan.span).filter(pk=plan.pk).exists():
        return Because.DONE
    return None if _leads(notice.recipient, plan) else Because.NOT_YOURS


def _still_to_coordinate(notice: Notice) -> str | None:
    problem = _row(Problem.objects.select_related("studio__unit"), notice)
    if problem is None:
        return Because.GONE
    if problem.state != Problem.State.RAISED:
        return Because.DONE
    may = notice.recipient.has_perm("projects.coordinate_problem", problem)
    return None if may else Because.NOT_YOURS


def _still_silent(audience):
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


def _still_to_tolerate(notice: Notice) -> str | None:
    lesson = _row(Lesson.objects.select_related("studio__unit", "item__plan", "topic"), notice)
    if lesson is None:
        return Because.GONE
    if not lesson.is_waiting:
        return Because.DONE
    return None if notice.recipient.has_perm("projects.tolerate", lesson) else Because.NOT_YOURS


def _plan_in(*states, audience):
    """Holds while the plan is in one of the states and still this person's business."""

    def why_not(notice: Notice) -> str | None:
        plan = _row(Plan.objects.select_related("studio__unit"), notice)
        if plan is None:
            return Because.GONE
        if plan.state not in states:
            return Because.DONE
        return None if audience(notice.recipient, plan) else Because.NOT_YOURS

    return why_not


def _still_asked(notice: Notice) -> str | None:
    request = _row(ChangeRequest.objects.for_list(), notice)
    if request is None:
        return Because.GONE
    if not request.is_open:
        return Because.DONE
    return None if notice.recipient.has_perm("projects.decide_change", request) else Because.NOT_YOURS


def _still_to_decide(notice: Notice) -> str | None:
    studio = _row(Studio.objects.select_related("unit"), notice)
    if studio is None:
        return Because.GONE
    waiting = list(studio.consequences.waiting().select_related("studio__unit"))
    if not waiting:
        return Because.DONE
    may = any(notice.recipient.has_perm("projects.decide_consequence", each) for each in waiting)
    return None if may else Because.NOT_YOURS


def _absence_is(state: str, *, permission: str = "members.view_absence"):
    """Holds while the absence stands as it was told and is still this person's business."""

    def why_not(notice: Notice) -> str | None:
        absence = _row(Absence.objects.select_related("person"), notice)
        if absence is None:
            return Because.GONE
        if absence.state != state:
            return Because.DONE
        return None if notice.recipient.has_perm(permission, absence) else Because.NO_RIGHT

    return why_not


def _may_confirm(user, plan) -> bool:
    return user.has_perm("projects.confirm_plan", plan)


_OVERDUE = _("“%(subject)s” was due on %(due_on)s and is not finished")

kinds.register(
    Kind(
        "item_due_soon",
        _("Due soon"),
        _("“%(subject)s” is due on %(due_on)s"),
        _("You are responsible for this item."),
        Urgency.SOON,
        deputy=True,
        still_true=_open_item(_owns),
    ),
    Kind(
        "item_due",
        _("Due"),
        _("“%(subject)s” is due on %(due_on)s"),
        _("You are responsible for this item. If it stays open, the studio's lead is told on %(next_on)s."),
        Urgency.TODAY,
        deputy=True,
        still_true=_open_item(_owns),
    ),
    Kind(
        "item_overdue",
        _("Overdue"),
        _OVERDUE,
        _("You are responsible for this item. If it stays open, the unit's union is told on %(next_on)s."),
        Urgency.OVERDUE,
        deputy=True,
        still_true=_open_item(_owns),
    ),
    Kind(
        "item_overdue_lead",
        _("Overdue in my studio"),
        _OVERDUE,
        _("You lead %(studio)s. If it stays open, the unit's union is told on %(next_on)s."),
        Urgency.OVERDUE,
        deputy=True,
        still_true=_open_item(_leads),
    ),
    Kind(
        "item_overdue_unit",
        _("Overdue in my unit"),
        _("“%(subject)s” (%(studio)s) was due on %(due_on)s and is not finished"),
        _("You look after %(unit)s for the union. If it stays open, the group's is told on %(next_on)s."),
        Urgency.OVERDUE,
        deputy=True,
        still_true=_open_item(_holds(Role.UNIT_CONTACT)),
    ),
    Kind(
        "item_overdue_group",
        _("Overdue for long"),
        _("“%(subject)s” (%(studio)s, %(unit)s) was due on %(due_on)s and is not finished"),
        _("You are on the staff of the group's union, and it has been overdue for seven working days."),
        Urgency.OVERDUE,
        still_true=_open_item(_holds(Role.GROUP_STAFF)),
    ),
    Kind(
        "month_plan_empty",
        _("Month plan missing"),
        _("%(subject)s has no plan for %(month)s yet; it is wanted by %(due_on)s"),
        _("You lead the studio or write for its lead."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_empty,
    ),
    Kind(
        "month_report_due",
        _("Month report due"),
        _("%(studio)s: items without a report for %(month)s: %(count)s; the report is due on %(due_on)s"),
        _("You lead the studio."),
        Urgency.TODAY,
        deputy=True,
        still_true=_still_unreported,
    ),
    Kind(
        "month_report_overdue",
        _("Month report overdue"),
        _("%(studio)s: items without a report for %(month)s: %(count)s; the report was due on %(due_on)s"),
        _("You lead the studio."),
        Urgency.OVERDUE,
        deputy=True,
        still_true=_still_unreported,
    ),
    Kind(
        "problem_raised",
        _("Problems to coordinate"),
        _("%(studio)s is stuck: “%(subject)s”. It is to be solved by %(due_on)s"),
        _("You were asked to coordinate it. Without an answer it goes one level up."),
        Urgency.TODAY,
        immediate=True,
        deputy=True,
        still_true=_still_to_coordinate,
    ),
    Kind(
        "problem_taken",
        _("Problems taken in hand"),
        _("%(who)s has taken “%(subject)s” in hand"),
        _("You raised it."),
        immediate=True,
    ),
    Kind(
        "problem_escalated",
        _("Problems one level up"),
        _("“%(subject)s” is now with: %(level)s; %(who)s is asked to coordinate it"),
        _("You raised it."),
        Urgency.SOON,
    ),
    Kind(
        "problem_answered",
        _("Answers to problems"),
        _("%(who)s on “%(subject)s”: %(text)s"),
        _("You raised this problem or coordinate it."),
    ),
    Kind(
        "problem_solved",
        _("Problems solved"),
        _("“%(subject)s” is solved: %(how)s"),
        _("You raised it, or lead the studio."),
        immediate=True,
    ),
    Kind(
        "studio_silent",
        _("Nothing heard of my studio"),
        _("%(subject)s: no new topic, no activity and no progress for %(days)s days"),
        _("You steer the studio. If it stays so, the unit's union is told on %(next_on)s."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_silent(_steers),
    ),
    Kind(
        "studio_silent_unit",
        _("Silent studios of my unit"),
        _("%(subject)s: no new topic, no activity and no progress for %(days)s days"),
        _("You look after %(unit)s for the union. If it stays so, the group's is told on %(next_on)s."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_silent(_holds(Role.UNIT_CONTACT)),
    ),
    Kind(
        "studio_silent_group",
        _("Silent studios"),
        _("%(subject)s (%(unit)s): no new topic, no activity and no progress for %(days)s days"),
        _("You are on the staff of the group's union; its lead and the unit's union were told before."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_silent(_holds(Role.GROUP_STAFF)),
    ),
    Kind(
        "lesson_proposed",
        _("Failures to tolerate"),
        _("%(studio)s did not reach “%(subject)s”, says what it learnt and asks to have it tolerated"),
        _("You look after this studio for the union. Until then it counts like everything else."),
        Urgency.SOON,
        still_true=_still_to_tolerate,
    ),
    Kind(
        "lesson_confirmed",
        _("Failures tolerated"),
        _("That “%(subject)s” was not reached is tolerated; the lesson is in the library"),
        _("You proposed it, or lead the studio."),
        Urgency.INFO,
    ),
    Kind(
        "lesson_returned",
        _("Lessons returned"),
        _("The lesson of “%(subject)s” was returned: %(note)s"),
        _("You proposed it, or lead the studio."),
        Urgency.SOON,
        immediate=True,
    ),
    Kind(
        "plan_submitted",
        _("Plan to confirm"),
        _("%(studio)s has handed in its plan for %(of_period)s"),
        _("You confirm the plans of this studio or give them back."),
        Urgency.SOON,
        deputy=True,
        still_true=_plan_in(Plan.State.SUBMITTED, audience=_may_confirm),
    ),
    Kind(
        "plan_returned",
        _("Plan returned"),
        _("The plan of %(studio)s for %(of_period)s was returned: %(note)s"),
        _("You lead the studio or write for its lead."),
        Urgency.SOON,
        immediate=True,
        deputy=True,
        still_true=_plan_in(Plan.State.DRAFT, audience=_steers),
    ),
    Kind(
        "plan_confirmed",
        _("Plan confirmed"),
        _("The plan of %(studio)s for %(of_period)s is confirmed"),
        _("You lead the studio or write for its lead."),
        Urgency.INFO,
    ),
    Kind(
        "change_asked",
        _("Change requests"),
        _("%(studio)s asks for a change of “%(subject)s”: %(changes)s"),
        _("You decide on changes of confirmed plans of this studio. Until then the confirmed plan holds."),
        Urgency.SOON,
        still_true=_still_asked,
    ),
    Kind(
        "change_approved",
        _("Change approved"),
        _("“%(subject)s” was changed as asked: %(changes)s"),
        _("You asked for it, or lead the studio."),
        Urgency.INFO,
    ),
    Kind(
        "change_refused",
        _("Change not approved"),
        _("“%(subject)s” stays as it was confirmed: %(text)s"),
        _("You asked for it, or lead the studio."),
        Urgency.SOON,
    ),
    Kind(
        "change_lapsed",
        _("Change request lapsed"),
        _("%(of_period)s was closed before anybody decided on “%(subject)s”: %(changes)s"),
        _("You asked for this change. Where it is still wanted, ask for it in the period that is open."),
        Urgency.SOON,
    ),
    Kind(
        "consequences_proposed",
        _("Deductions and rewards to decide"),
        _("%(subject)s: deductions and rewards proposed for %(of_period)s: %(count)s"),
        _("You decide for the union what the house rules of this studio propose."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_to_decide,
    ),
    Kind(
        "plan_reopened",
        _("Period reopened"),
        _("%(studio)s: %(of_period)s is open again until %(until_on)s: %(reason)s"),
        _("You lead the studio or write for its lead."),
        Urgency.SOON,
        immediate=True,
        still_true=_plan_in(Plan.State.REOPENED, audience=_steers),
    ),
    Kind(
        "month_closes_soon",
        _("Month closes by itself"),
        _("%(studio)s: %(of_period)s is closed by itself after %(due_on)s; items still open: %(count)s"),
        _("You lead the studio or write for its lead."),
        Urgency.TODAY,
        deputy=True,
        still_true=_plan_in(*Plan.CLOSES_BY_ITSELF, audience=_steers),
    ),
    Kind(
        "month_closed_by_itself",
        _("Month closed by itself"),
        _("%(studio)s: %(of_period)s was closed by itself; you can confirm it until %(due_on)s"),
        _("You lead the studio or write for its lead. Items that were settled by rule: %(count)s."),
        Urgency.SOON,
        still_true=_plan_in(Plan.State.CLOSED, audience=_steers),
    ),
    Kind(
        "month_closes_later",
        _("Closing day moved"),
        _("%(studio)s: %(of_period)s can be closed until %(until_on)s"),
        _("You lead the studio or write for its lead."),
        Urgency.INFO,
        still_true=_plan_in(*Plan.CLOSES_BY_ITSELF, Plan.State.DRAFT, audience=_steers),
    ),
    Kind(
        "absence_to_decide",
        _("Absences to decide"),
        _("%(person)s would be away from %(first_on)s to %(last_on)s"),
        _("You decide about the days away of this person."),
        Urgency.SOON,
        immediate=True,
        deputy=True,
        still_true=_absence_is(Absence.State.ASKED, permission="members.decide_absence"),
    ),
    Kind(
        "absence_approved",
        _("Absences approved"),
        _("You may be away from %(first_on)s to %(last_on)s"),
        _("They are your days away."),
        still_true=_absence_is(Absence.State.APPROVED),
    ),
    Kind(
        "absence_refused",
        _("Absences refused"),
        _("You are needed from %(first_on)s to %(last_on)s and cannot be away"),
        _("You asked for it."),
        Urgency.SOON,
        still_true=_absence_is(Absence.State.REFUSED),
    ),
    Kind(
        "absence_deputy",
        _("Standing in for somebody"),
        _("You stand in for %(person)s from %(first_on)s to %(last_on)s"),
        _("You were named the deputy: you receive the reminders and may report for these days."),
        Urgency.SOON,
        still_true=_absence_is(Absence.State.APPROVED),
    ),
    Kind(
        "absence_ended",
        _("No longer standing in"),
        _("%(person)s is there again: you no longer stand in"),
        _("You were named the deputy."),
    ),
    Kind(
        "handed_over",
        _("Work handed over"),
        _("You take over what %(person)s carried in %(subject)s (%(count)s)"),
        _("Somebody left or handed over the lead, and you were named to go on with it."),
        Urgency.SOON,
    ),
)
