"""What people are told about applications and activities, and when it is no longer worth saying."""

from datetime import date

from django.utils.translation import gettext_lazy as _

from core.calendar import Period
from notifications import kinds
from notifications.kinds import Because, Kind
from notifications.models import Notice, Urgency
from studios import reviewing, rhythm, stock_taking
from studios.models import (
    Activity,
    Application,
    Gathering,
    LeaveRequest,
    MemberReview,
    Series,
    Spending,
    Studio,
    SupportRequest,
)


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


def _goes_on(notice: Notice) -> str | None:
    """Holds while an activity of the series is planned still, and this person may see it."""
    series = Series.objects.filter(pk=notice.about.rpartition(":")[2]).first()
    if series is None:
        return Because.GONE
    if not series.activities.filter(state=Activity.State.PLANNED).exists():
        return Because.DONE
    return None if notice.recipient.has_perm("studios.view_studio", series) else Because.NO_RIGHT


def _gathers(*, stands: bool):
    """Holds while a gathering is as it was told, its day included, and this person may see it."""

    def why_not(notice: Notice) -> str | None:
        gathering = Gathering.objects.filter(pk=notice.about.rpartition(":")[2]).first()
        if gathering is None:
            return Because.GONE
        if gathering.is_cancelled == stands:
            return Because.DONE
        if gathering.held_on.isoformat() != notice.params["held_on"]:
            return Because.MOVED
        return None if notice.recipient.has_perm("studios.view_gathering", gathering) else Because.NO_RIGHT

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


def _support_is_waiting(notice: Notice) -> str | None:
    """Holds while nobody has answered and this person may."""
    request = SupportRequest.objects.filter(pk=notice.about.rpartition(":")[2]).first()
    if request is None:
        return Because.GONE
    if not request.is_waiting:
        return Because.DONE
    return None if notice.recipient.has_perm("studios.answer_support", request) else Because.NO_RIGHT


def _still_uncounted(notice: Notice) -> str | None:
    """Holds while the stock-take of that year is not closed."""
    studio, year = notice.about.rpartition(":")[2], date.fromisoformat(notice.params["due_on"]).year
    return None if stock_taking.not_counted(year).filter(pk=studio).exists() else Because.DONE


def _spending_is(state: str, permission: str):
    """Holds while the request stands as it was told and this person may still act on it or read it."""

    def why_not(notice: Notice) -> str | None:
        spending = Spending.objects.filter(pk=notice.about.rpartition(":")[2]).first()
        if spending is None:
            return Because.GONE
        if spending.state != state:
            return Because.DONE
        return None if notice.recipient.has_perm(permission, spending) else Because.NO_RIGHT

    return why_not


def _of_studio(notice: Notice):
    reviews = MemberReview.objects.filter(year=notice.params["year"])
    return reviews.filter(membership__studio=notice.about.rpartition(":")[2])


def _members_unreviewed(notice: Notice) -> str | None:
    """Holds while somebody has no review of that year."""
    studio = notice.about.rpartition(":")[2]
    on = date(notice.params["year"], 12, 31)
    waiting = reviewing.without_review(notice.params["year"], on=on).filter(studio=studio)
    return None if waiting.exists() else Because.DONE


def _reviews_unconfirmed(notice: Notice) -> str | None:
    """Holds while a review of that year is not confirmed."""
    return None if _of_studio(notice).filter(confirmed_on=None).exists() else Because.DONE


kinds.register(
    Kind(
        "application_to_check",
        _("Applications to check"),
        _("%(applicant)s applies for “%(subject)s” to be named: please check it"),
        _("You check the applications of this unit."),
        Urgency.SOON,
        immediate=True,
        deputy=True,
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
        "activity_moved",
        _("Activities moved"),
        _("“%(subject)s” was changed: it is now on %(held_on)s %(details)s"),
        _("You belong to %(studio)s."),
        Urgency.SOON,
        immediate=True,
        still_true=_stands(Activity.State.PLANNED),
    ),
    Kind(
        "series_planned",
        _("Series of activities announced"),
        _("“%(subject)s” is a series from %(held_on)s on; activities: %(times)s"),
        _("You belong to %(studio)s."),
        still_true=_goes_on,
    ),
    Kind(
        "series_changed",
        _("Series of activities changed"),
        _("“%(subject)s”: activities changed from %(held_on)s on: %(times)s"),
        _("You belong to %(studio)s."),
        Urgency.SOON,
        immediate=True,
        still_true=_goes_on,
    ),
    Kind(
        "series_called_off",
        _("Series of activities called off"),
        _("“%(subject)s” does not take place from %(held_on)s on: %(reason)s"),
        _("You belong to %(studio)s."),
        Urgency.SOON,
        immediate=True,
    ),
    Kind(
        "gathering_planned",
        _("Gatherings announced"),
        _("%(unit)s calls together: “%(subject)s” on %(held_on)s"),
        _("Your studio takes part."),
        Urgency.SOON,
        immediate=True,
        still_true=_gathers(stands=True),
    ),
    Kind(
        "gathering_called_off",
        _("Gatherings called off"),
        _("“%(subject)s” on %(held_on)s does not take place: %(reason)s"),
        _("Your studio takes part."),
        Urgency.SOON,
        immediate=True,
        still_true=_gathers(stands=False),
    ),
    Kind(
        "leave_to_decide",
        _("Leave to decide"),
        _("%(person)s asks for leave from “%(activity)s” on %(held_on)s"),
        _("You decide about leave by the house rules."),
        Urgency.SOON,
        immediate=True,
        deputy=True,
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
        _("%(subject)s: activities held in %(month)s: %(held)s of %(asked)s"),
        _("You lead the studio or write for its lead, and its house rule asks for so many."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_lacking,
    ),
    Kind(
        "support_asked",
        _("Requests for support"),
        _("%(studio)s asks for support: %(subject)s"),
        _("You look after the studio for the union."),
        Urgency.SOON,
        immediate=True,
        still_true=_support_is_waiting,
        deputy=True,
    ),
    Kind(
        "support_answered",
        _("Answers to requests for support"),
        _("The union has answered “%(subject)s”: %(text)s"),
        _("You asked for it."),
        immediate=True,
    ),
    Kind(
        "stock_take_closed",
        _("Stock-takes closed"),
        _("%(studio)s has closed its stock-take of %(year)s; pieces that differ: %(count)s"),
        _("You look after the studio for the union."),
    ),
    Kind(
        "stock_take_due",
        _("Stock-takes to be done"),
        _("%(subject)s: the equipment is to be counted by %(due_on)s"),
        _("You lead the studio or write for its lead."),
        Urgency.SOON,
        still_true=_still_uncounted,
        deputy=True,
    ),
    Kind(
        "spending_to_decide",
        _("Spending to approve"),
        _("%(studio)s asks to spend %(amount)s yuan: %(subject)s"),
        _("You look after the studio for the union."),
        Urgency.SOON,
        immediate=True,
        still_true=_spending_is(Spending.State.WAITING, "studios.decide_spending"),
        deputy=True,
    ),
    Kind(
        "spending_approved",
        _("Spending approved"),
        _("%(amount)s yuan for “%(subject)s” are approved"),
        _("You asked for it."),
        still_true=_spending_is(Spending.State.APPROVED, "studios.view_funds"),
    ),
    Kind(
        "spending_returned",
        _("Spending returned"),
        _("%(amount)s yuan for “%(subject)s” came back: %(opinion)s"),
        _("You asked for it."),
        Urgency.SOON,
        immediate=True,
        still_true=_spending_is(Spending.State.RETURNED, "studios.view_funds"),
    ),
    Kind(
        "member_reviews_due",
        _("Yearly review of members"),
        _("%(subject)s: members without a review of %(year)s: %(count)s"),
        _("You lead the studio or write for its lead."),
        Urgency.SOON,
        deputy=True,
        still_true=_members_unreviewed,
    ),
    Kind(
        "member_reviews_done",
        _("Reviews of members to confirm"),
        _("%(subject)s has reviewed all its members of %(year)s: please confirm"),
        _("You look after this studio for the union."),
        Urgency.SOON,
        deputy=True,
        still_true=_reviews_unconfirmed,
    ),
    Kind(
        "member_reviewed",
        _("Your yearly review"),
        _("Your review of %(year)s in %(subject)s is confirmed; it stands on your page"),
        _("You are a member of the studio."),
    ),
)
