"""The last part of an import: activities and achievements."""

from __future__ import annotations

from achievements.models import Achievement
from studios.activity_kinds import kind_of
from studios.models import Activity, Attendance

from .rows import AchievementRow, ActivityRow
from .sheets import ACHIEVEMENTS, ACTIVITIES
from .storing_people import StoringPeople


class StoringResults(StoringPeople):
    """What was held, and what came of it."""

    def _store_activities(self) -> None:
        rows = self.plan.of(ACTIVITIES)
        records = self._records(Activity, rows)
        by_name = set(Attendance.objects.filter(activity__in=records).values_list("activity_id", flat=True))
        new, changed = [], []
        for row in rows:
            if row.kind == "unchanged":
                continue
            record = records[row.old.id] if row.old else self._activity(row.row)
            record.studio = self.studios[row.row.studio]
            if not row.old or row.old.kind != row.row.kind:
                record.kind_word, record.kind = row.row.kind, kind_of(row.row.kind)
            for name in _ACTIVITY_FIELDS[3:]:
                if record.pk in by_name and name in Activity.COUNTS:
                    continue  # they follow from who came
                setattr(record, name, getattr(row.row, name))
            (new if row.old is None else changed).append(record)
        self._save(Activity, new, changed, _ACTIVITY_FIELDS)

    def _activity(self, row: ActivityRow) -> Activity:
        come = row.held_on <= self.today
        return Activity(no=row.number, state=Activity.State.HELD if come else Activity.State.PLANNED)

    def _store_achievements(self) -> None:
        rows = self.plan.of(ACHIEVEMENTS)
        records = self._records(Achievement, rows)
        new, changed = [], []
        links: dict[str, list] = {"new": [], "changed": []}
        for row in rows:
            if row.kind == "unchanged":
                continue
            found: AchievementRow = row.row
            record = Achievement(no=found.number) if row.old is None else records[row.old.id]
            record.studio = studio = self.studios[found.studio]
            record.name, record.kind, record.authors = found.name, found.kind, "、".join(found.people)
            record.topic_id = self._topics[found.topic] if found.topic else None
            record.achieved_on, record.used_by, record.adopted_by = (
                found.done_on,
                found.used_by,
                found.adopted_by,
            )
            record.benefit_claimed, record.benefit_verified = found.claimed, found.verified
            record.certificate_no = found.certificate
            people = [
                self._people[studio.pk, name] for name in found.people if (studio.pk, name) in self._people
            ]
            links[row.kind].append((record, people))
            (new if row.old is None else changed).append(record)
        self._save(Achievement, new, changed, _ACHIEVEMENT_FIELDS)
        self._link(Achievement.people.through, "achievement", links["new"], fresh=True)
        self._link(Achievement.people.through, "achievement", links["changed"], fresh=False)


_ACTIVITY_FIELDS = (
    "studio",
    "kind",
    "kind_word",
    "subject",
    "held_on",
    "place",
    "host",
    "expected",
    "present",
    "on_leave",
    "absent",
    "summary",
)
_ACHIEVEMENT_FIELDS = (
    "studio",
    "name",
    "kind",
    "topic",
    "authors",
    "achieved_on",
    "used_by",
    "benefit_claimed",
    "benefit_verified",
    "certificate_no",
    "adopted_by",
)
