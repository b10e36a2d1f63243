"""What binds in the demo: who came, by name, and what the house rules draw from the closed months."""

from __future__ import annotations

from collections import defaultdict
from datetime import timedelta
from random import Random

from core import workdays
from projects import consequences
from projects.models import Consequence
from studios.models import Activity, Attendance, Membership

Status = Attendance.Status

#: So many proposals in a hundred are confirmed, so many let go; the others wait.
CONFIRMED, LET_GO = 60, 15
#: What is decided was so this long before.
DECIDED = timedelta(days=2)
WHY = {
    Consequence.State.CONFIRMED: ["情况属实", "按制度执行", "工作室无异议"],
    Consequence.State.WAIVED: ["停产检修期间，客观原因", "外协件到货推迟，经基层工会核实"],
}


def make(group, chance: Random) -> None:
    """Adds to what is stored; no number on a page becomes another."""
    _record_names(chance)
    consequences.propose_all(on=group.on - DECIDED, calendar=workdays.load())
    _decide(group, chance)


def _record_names(chance: Random) -> None:
    """Names for the numbers of every activity to which just the team of today was asked."""
    teams = defaultdict(list)
    for member in Membership.objects.filter(left_on=None).order_by("pk"):
        teams[member.studio_id].append(member)
    rows = []
    for activity in Activity.objects.filter(state=Activity.State.HELD).order_by("pk"):
        joined = [
            one
            for one in teams[activity.studio_id]
            if (one.joined_on or activity.held_on) <= activity.held_on
        ]
        if len(joined) != activity.expected:
            continue
        statuses = [Status.ON_LEAVE] * activity.on_leave + [Status.ABSENT] * activity.absent
        statuses += [Status.PRESENT] * activity.present
        chance.shuffle(statuses)
        rows += [
            Attendance(activity=activity, person_id=member.person_id, status=status)
            for member, status in zip(joined, statuses, strict=True)
        ]
    Attendance.objects.bulk_create(rows, batch_size=1000)


def _decide(group, chance: Random) -> None:
    """The group's union has decided on most of what was proposed."""
    at = group.noon - DECIDED / 2
    for proposal in Consequence.objects.waiting().order_by("pk"):
        drawn = chance.randrange(100)
        if drawn < CONFIRMED:
            reason = chance.choice(WHY[Consequence.State.CONFIRMED])
            consequences.confirm(proposal, by=group.admin, at=at, reason=reason)
        elif drawn < CONFIRMED + LET_GO and proposal.kind != consequences.REACHED:
            reason = chance.choice(WHY[Consequence.State.WAIVED])
            consequences.waive(proposal, by=group.admin, at=at, reason=reason)
