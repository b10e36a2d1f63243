"""What people are told about achievements, and when it is no longer worth saying."""

from django.utils.translation import gettext_lazy as _

from achievements.models import Achievement, Adoption
from notifications import kinds
from notifications.kinds import Because, Kind
from notifications.models import Notice, Urgency
from studios.models import Membership

State = Adoption.State


def _still_offered(notice: Notice) -> str | None:
    """Holds while one of the studios that the recipient steers has not answered."""
    achievement = Achievement.objects.filter(pk=notice.about.rpartition(":")[2]).first()
    if achievement is None:
        return Because.GONE
    roles = notice.recipient.studio_roles.items()
    steered = [studio for studio, role in roles if role in Membership.STEERING]
    asked = achievement.adoptions.filter(studio__in=steered)
    if not asked.exists():
        return Because.NOT_YOURS
    return None if asked.filter(state=State.OFFERED).exists() else Because.DONE


def _is(*states: str):
    """Holds while the adoption stands as it was told."""

    def why_not(notice: Notice) -> str | None:
        adoption = Adoption.objects.filter(pk=notice.about.rpartition(":")[2]).first()
        if adoption is None:
            return Because.GONE
        if adoption.state not in states:
            return Because.DONE
        return None if notice.recipient.has_perm("achievements.view_adoption", adoption) else Because.NO_RIGHT

    return why_not


IT_IS_YOURS = _("It is an achievement of your studio, or you offered it.")

kinds.register(
    Kind(
        "achievement_offered",
        _("Achievements offered"),
        _("%(studio)s offers you an achievement: %(subject)s"),
        _("You lead a studio that could use it."),
        Urgency.SOON,
        deputy=True,
        still_true=_still_offered,
    ),
    Kind(
        "adoption_trying",
        _("Achievements being tried"),
        _("%(studio)s is trying “%(achievement)s”"),
        IT_IS_YOURS,
        still_true=_is(State.TRYING),
    ),
    Kind(
        "adoption_in_use",
        _("Achievements in use"),
        _("%(studio)s uses “%(achievement)s”"),
        IT_IS_YOURS,
        still_true=_is(*Adoption.IN_USE),
    ),
    Kind(
        "adoption_declined",
        _("Achievements not adopted"),
        _("“%(achievement)s” is nothing for %(studio)s: %(reason)s"),
        IT_IS_YOURS,
        still_true=_is(State.DECLINED),
    ),
    Kind(
        "adoption_ended",
        _("Achievements no longer in use"),
        _("%(studio)s no longer uses “%(achievement)s”: %(reason)s"),
        IT_IS_YOURS,
        still_true=_is(State.ENDED),
    ),
)
