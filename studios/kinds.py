"""What people are told about applications, and when it is no longer worth saying."""

from django.utils.translation import gettext_lazy as _

from notifications import kinds
from notifications.kinds import Because, Kind
from notifications.models import Notice, Urgency
from studios.models import Application


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
)
