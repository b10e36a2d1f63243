"""What the first page of a studio shows, gathered in a fixed number of queries."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Q
from django.urls import NoReverseMatch, reverse

from core import workdays
from core.calendar import MONTH, QUARTER, YEAR, Period, periods_of_year
from studios import fund_lines
from studios.five_haves import Facts as Haves
from studios.five_haves import Light, five_haves
from studios.models import Membership, Rule, Studio
from studios.three_fixings import Facts as Fixed
from studios.three_fixings import three_fixings

#: How many of the latest activities, achievements and events, and of the open problems, are shown.
LATEST = 5


@dataclass(frozen=True)
class Planned:
    """A period of the plan strip: its plan where one is laid out, its figure and where it opens."""

    period: Period
    plan: Any
    now: bool
    #: How it stands beside what is expected by today (``projects.expected``); None before it begins.
    standing: Any = None

    @property
    def shown(self) -> str | None:
        return self.plan.shown if self.plan else None

    def href(self, studio_id: int) -> str:
        name = "month" if self.period.kind == MONTH else "plan"
        try:
            return reverse(name, args=[studio_id, self.period.key])
        except NoReverseMatch:
            return ""


def overview(studio: Studio, *, on: date) -> dict[str, Any]:
    """The context of the page, as of a day."""
    members = list(studio.memberships.current(on=on).select_related("person__user"))
    leading = next((member for member in members if member.role == Membership.Role.LEAD), None)
    topics = list(studio.topics.running().select_related("owner"))
    settled = set(studio.rules.in_force(on=on).values_list("kind", flat=True))
    strip = _strip(studio, on)
    return {
        "lead": leading,
        "members": members,
        "without_indicator": list(
            studio.memberships.current(on=on).without_indicator(year=on.year).select_related("person")
        ),
        "running_topics": topics,
        "five_haves": five_haves(
            Haves(
                has_lead=leading is not None,
                members=len(members),
                address=studio.address,
                area=studio.area,
                running_topics=len(topics),
                funds=studio.annual_funds,
                rules_in_force=len(settled),
                budgeted=fund_lines.has_funds(studio, on.year),
            )
        ),
        "three_fixings": three_fixings(_fixed(topics, strip, settled, on)),
        "strip": _quarters(studio, strip),
        "levels": list(studio.level_grants.all()),
        "activities": list(studio.activities.filter(Q(held_on__lte=on))[:LATEST]),
        "achievements": list(studio.achievements.all()[:LATEST]),
        "problems": list(studio.problems.open().select_related("coordinator")[:LATEST]),
        "events": list(studio.events.select_related("by__person")[:LATEST]),
    }


def linked(lights: list[Light], studio: Studio, *, user, on: date) -> list[Light]:
    """The five lights, each unlit one with the page where it is mended, as far as this person may open it."""
    funds = reverse("studio-funds", args=[studio.pk, on.year])
    pages = [
        reverse("studio-members", args=[studio.pk]),
        f"{reverse('studio-equipment', args=[studio.pk])}#place",
        _topics_of(studio),
        funds if user.has_perm("studios.view_funds", studio) else "",
        reverse("studio-rules", args=[studio.pk]),
    ]
    return [light if light.lit else light._replace(href=to) for light, to in zip(lights, pages, strict=True)]


def _topics_of(studio):
    try:
        return f"{reverse('topics')}?studio={studio.pk}"
    except NoReverseMatch:  # a part of the software that is not installed
        return ""


def _strip(studio, on):
    of_year = studio.plans.filter(year=on.year)
    plans = {plan.period: plan for plan in of_year}
    standings = of_year.standings(on=on, calendar=workdays.load())

    def planned(period):
        plan = plans.get(period.key)
        begun = plan and period.starts_on <= on
        return Planned(period, plan, on in period, standings.get(plan.pk) if begun else None)

    return {period: planned(period) for period in periods_of_year(on.year)}


def _quarters(studio, strip):
    """The year, then (quarter, its months), each with the address it opens."""

    def drawn(planned):
        return {"planned": planned, "href": planned.href(studio.pk)}

    year = next(iter(strip))
    quarters = [
        {"quarter": drawn(strip[quarter]), "months": [drawn(strip[month]) for month in quarter.split()]}
        for quarter in year.split()
    ]
    return {"year": drawn(strip[year]), "quarters": quarters}


def _fixed(topics, strip, settled, on):
    asked_for = [Period.containing(on, kind) for kind in (YEAR, QUARTER, MONTH)]
    vague = [topic for topic in topics if not (topic.target and topic.due_on and topic.owner_shown)]
    return Fixed(
        running_topics=len(topics),
        vague_topics=len(vague),
        periods_asked_for=len(asked_for),
        without_plan=[str(period) for period in asked_for if strip[period].shown is None],
        rules_asked_for=len(Rule.ASKED_FOR),
        rules_missing=[kind.label for kind in Rule.ASKED_FOR if kind not in settled],
    )
