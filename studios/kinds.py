"""What people are told about applications and activities, and when it is no longer worth saying."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.calendar import Period
from notifications import kinds
from notifications.kinds import Because, Kind
from notifications.models import Notice, Urgency
from studios import rhythm
from studios.models import Activity, Application, LeaveRequest, Studio


def _waits_for(permission: str, state: str):
    """Holds while the application is in the state and this person may still act on it."""

    def why_not(notice: Notice) -> str | None:
        application = Application.objects.filter(pk=notice.about.rpartition(":")[2]).first()
        if application is None:
            return Because.GONE
        if application.state != state:
            return Because.DONE
        return None if notice.recipient.has_perm(permission, application) else Because.NO_RIGHT

    return why_not


def _stands(state: str):
    """Holds while the activity is as it was told, its day included, and this person may see it."""

    def why_not(notice: Notice) -> str | None:
        activity = Activity.objects.filter(pk=notice.about.rpartition(":")[2]).first()
        if activity is None:
            return Because.GONE
        if activity.state != state:
            return Because.DONE
        if activity.held_on.isoformat() != notice.params["held_on"]:
            return Because.MOVED
        return None if notice.recipient.has_perm("studios.view_studio", activity) else Because.NO_RIGHT

    return why_not


def _leave_is(state: str):
    """Holds while the request stands as it was told."""

    def why_not(notice: Notice) -> str | None:
        request = LeaveRequest.objects.filter(pk=notice.about.rpartition(":")[2]).first()
        if request is None:
            return Because.GONE
        if request.state != state or request.activity.is_cancelled:
            return Because.DONE
        return None if notice.recipient.has_perm("studios.view_leave", request) else Because.NO_RIGHT

    return why_not


def _still_lacking(notice: Notice) -> str | None:
    """Holds while fewer were held in that month than the rule asks for."""
    studio = Studio.objects.filter(pk=notice.about.rpartition(":")[2]).first()
    if studio is None:
        return Because.GONE
    month = Period.containing(date.fromisoformat(notice.params["month"]))
    if not studio.is_working or not rhythm.of_month(studio, month, on=month.ends_on).lacking:
        return Because.DONE
    return None if notice.recipient.has_perm("studios.change_activities", studio) else Because.NOT_YOURS


kinds.register(
    Kind(
        "application_to_check",
        _("Applications to check"),
        _("%(applicant)s applies for “%(subject)s” to be named: please check it"),
        _("You check the applications of this unit."),
        Urgency.SOON,
        immediate=True,
        still_true=_waits_for("studios.check_application", Application.State.SUBMITTED),
    ),
    Kind(
        "application_to_decide",
        _("Applications to decide"),
        _("“%(subject)s” has been checked by its unit: please decide"),
        _("You decide about the naming of studios."),
        Urgency.SOON,
        immediate=True,
        still_true=_waits_for("studios.decide_application", Application.State.UNIT_CHECKED),
    ),
    Kind(
        "application_returned",
        _("Applications returned"),
        _("“%(subject)s” came back for correction"),
        _("It is your application."),
        Urgency.SOON,
        immediate=True,
        still_true=lambda notice: (
            None
            if Application.objects.filter(
                pk=notice.about.rpartition(":")[2], state=Application.State.RETURNED
            ).exists()
            else Because.DONE
        ),
    ),
    Kind(
        "application_approved",
        _("Studios named"),
        _("“%(subject)s” has been named"),
        _("It is your application."),
        immediate=True,
    ),
    Kind(
        "application_refused",
        _("Applications refused"),
        _("“%(subject)s” was not named"),
        _("It is your application."),
        immediate=True,
    ),
    Kind(
        "activity_planned",
        _("Activities announced"),
        _("“%(subject)s” takes place on %(held_on)s"),
        _("You belong to %(studio)s."),
        still_true=_stands(Activity.State.PLANNED),
    ),
    Kind(
        "activity_called_off",
        _("Activities called off"),
        _("“%(subject)s” on %(held_on)s does not take place: %(reason)s"),
        _("You belong to %(studio)s."),
        Urgency.SOON,
        immediate=True,
        still_true=_stands(Activity.State.CANCELLED),
    ),
    Kind(
        "leave_to_decide",
        _("Leave to decide"),
        _("%(person)s asks for leave from “%(activity)s” on %(held_on)s"),
        _("You decide about leave by the house rules."),
        Urgency.SOON,
        immediate=True,
        still_true=_leave_is(LeaveRequest.State.WAITING),
    ),
    Kind(
        "leave_approved",
        _("Leave approved"),
        _("You may stay away from “%(activity)s” on %(held_on)s"),
        _("You asked for leave."),
        still_true=_leave_is(LeaveRequest.State.APPROVED),
    ),
    Kind(
        "leave_refused",
        _("Leave refused"),
        _("You are expected at “%(activity)s” on %(held_on)s: %(opinion)s"),
        _("You asked for leave."),
        Urgency.SOON,
        immediate=True,
        still_true=_leave_is(LeaveRequest.State.REFUSED),
    ),
    Kind(
        "activities_lacking",
        _("Too few activities"),
        _("%(subject)s: %(held)s of %(asked)s activities held in %(month)s"),
        _("You lead the studio or write for its lead, and its house rule asks for so many."),
        Urgency.SOON,
        still_true=_still_lacking,
    ),
)
