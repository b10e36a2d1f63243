"""What an officer should look at before all else: studios nothing is heard of, members who carry nothing."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Count
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from projects import silence
from reports import links
from studios.models import Membership

#: So many lines of a kind; the silent ones are all behind a link.
MOST = 6


@dataclass(frozen=True)
class Line:
    """One thing to look at: which studio, what about it, for how long or how many, and where it is mended."""

    title: str
    sub: str
    sign: str
    tone: str
    icon: str
    href: str


def lines(studios, silent, *, on: date, user) -> list[Line]:
    """Leads without an account for who can give one, then the longest silence; ``silent`` are some of all."""
    mendable = studios if user.has_perm("members.manage_users") else studios.none()
    return [*_without_account(mendable), *_silent(silent, on), *_uncovered(studios, on)]


def _without_account(studios) -> list[Line]:
    found = studios.led_without_account().with_lead().select_related("unit").order_by("position", "pk")
    return [
        Line(
            title=studio.name,
            sub=" · ".join([studio.unit.name, studio.lead_name]),
            sign=_("lead without an account"),
            tone="bad",
            icon="user-plus",
            href=f"{reverse('user-new')}?person={studio.lead_id}",
        )
        for studio in found[:MOST]
    ]


def _silent(silent, on: date) -> list[Line]:
    found = list(silent.select_related("unit").with_lead().order_by("position", "pk"))
    quiet = silence.of(found, on=on)
    # Of whom nothing was ever heard stands before everybody else.
    found.sort(key=lambda studio: (quiet[studio.pk].since or date.min, studio.position))
    return [
        Line(
            title=studio.name,
            sub=" · ".join(filter(None, [studio.unit.name, studio.lead_name, quiet[studio.pk].reason(on)])),
            sign=_silence_said(quiet[studio.pk].days(on)),
            tone="bad",
            icon="speakerphone",
            href=studio.get_absolute_url(),
        )
        for studio in found[:MOST]
    ]


def _silence_said(days: int | None) -> str:
    if days is None:
        return _("silent from the start")
    return ngettext("silent for %(days)d day", "silent for %(days)d days", days) % {"days": days}


def _uncovered(studios, on: date) -> list[Line]:
    """Studios in which members carry no indicator this year, the most first."""
    idle = Membership.objects.current(on=on).without_indicator(year=on.year).filter(studio__in=studios)
    counts = idle.order_by().values_list("studio", "studio__name", "studio__unit__name")
    counts = counts.annotate(count=Count("pk")).order_by("-count", "studio")[:MOST]
    return [
        Line(
            title=name,
            sub=unit,
            sign=ngettext(
                "%(count)d member without an indicator", "%(count)d members without an indicator", count
            )
            % {"count": count},
            tone="warn",
            icon="target",
            href=links.narrowed("people", studio=pk, indicator="none"),
        )
        for pk, name, unit, count in counts
    ]
