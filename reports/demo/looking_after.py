"""Who is away in a studio and who stands in; and what its union did for its people, with their consent."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from care.models import CareRecord, CareWorker, Consent
from care.sealing import seal
from members.models import Absence

if TYPE_CHECKING:
    from reports.demo.group import Group
    from reports.demo.studio import Team

#: (place in the team, deputy's place, kind, days from the day to the first, length, state)
AWAY = [
    (5, 4, Absence.Kind.TRIP, -2, 12, Absence.State.APPROVED),
    (6, 1, Absence.Kind.TRAINING, 6, 7, Absence.State.ASKED),
    (3, 1, Absence.Kind.SHIFTS, -40, 10, Absence.State.APPROVED),
]
CARE = [
    (CareRecord.Kind.LIFE, 12, "走访慰问，送去工会慰问品"),
    (CareRecord.Kind.THOUGHT, 75, "谈心谈话，听取对倒班安排的意见"),
    (CareRecord.Kind.LIFE, 160, "高温慰问；祝贺子女升学"),
    (CareRecord.Kind.HEALTH, 230, "提醒参加年度体检，推荐参加疗休养"),
]


def make(group: Group, team: Team) -> None:
    """Every studio has somebody away; care is recorded in the one that one signs in to."""
    for place, deputy, kind, first, length, state in AWAY:
        starts_on = group.on + timedelta(days=first)
        decided = state == Absence.State.APPROVED
        group.rows.add(
            Absence(
                person=team.people[place],
                deputy=team.people[deputy],
                kind=kind,
                starts_on=starts_on,
                ends_on=starts_on + timedelta(days=length),
                state=state,
                asked_by_id=team.writer_id,
                asked_at=group.noon,
                decided_by_id=team.writer_id if decided else None,
                decided_at=group.noon if decided else None,
            )
        )
    if team.studio.position == 1:
        _care(group, team)


def _care(group: Group, team: Team) -> None:
    staff = {"user": group.staff, "unit": group.staff_unit}
    group.rows.add(CareWorker(**staff, named_by=group.admin, named_at=group.noon))
    for person in team.people[1:6]:
        consent = group.rows.add(Consent(person=person, given_at=group.noon - timedelta(days=300)))
        for kind, days, text in CARE if person is not team.people[1] else []:
            group.rows.add(
                CareRecord(
                    consent=consent,
                    kind=kind,
                    happened_on=group.on - timedelta(days=days),
                    sealed=seal(text),
                    written_by=group.staff,
                    written_at=group.noon,
                )
            )
