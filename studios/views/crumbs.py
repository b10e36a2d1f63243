"""Where the pages about members and activities stand: from the register down to them."""

from django.urls import reverse
from django.utils.translation import gettext as _

from studios.tabs import below


def of_members(studio, *more) -> list[tuple[str, str]]:
    return below(studio, (_("Members"), reverse("studio-members", args=[studio.pk])), *more)


def of_activities(studio, *more) -> list[tuple[str, str]]:
    return below(studio, (_("Activities"), reverse("studio-activities", args=[studio.pk])), *more)


def of_activity(activity) -> list[tuple[str, str]]:
    return of_activities(activity.studio, (str(activity), activity.get_absolute_url()))
