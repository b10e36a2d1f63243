"""Storing a planned import: in few statements, with a history of each change, the sums added up at the end.

Called by ``applying`` within its transaction; nothing else calls it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time
from itertools import groupby
from typing import Any

from django.db.models import Max, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from achievements.models import Achievement
from core.calendar import Period
from core.history import IMPORT
from members.models import Person, Unit
from projects import progress
from projects.models import Plan, PlanItem, ProgressEntry, Topic
from studios.activity_kinds import kind_of
from studios.models import Activity, Attendance, LevelGrant, Membership, Studio, StudioEvent

from .comparing import ImportPlan, RowPlan
from .rows import AchievementRow, ActivityRow, ItemRow, MemberRow, StudioRow, TopicRow
from .sheets import ACHIEVEMENTS, ACTIVITIES, ITEMS, MEMBERS, STUDIOS, TOPICS

_BATCH = 500
_RANK = {"year": 0, "quarter": 1, "month": 2}


class Storing:
    """One import. Goes from the units down to the achievements, so that each finds what it refers to."""

    def __init__(self, plan: ImportPlan, *, by, at: datetime) -> None:
        self.plan, self.by, self.at = plan, by, at
        self.today = timezone.localdate(at)
        self.studios: dict[str, Studio] = {}

    def store(self) -> None:
        self._store_studios()
        self._store_members()
        self._people = self._people_by_name()
        self._topics = self._store_topics()
        years = self._store_items()
        self._store_activities()
        self._store_achievements()
        for model, column in ((Topic, "topic"), (PlanItem, "planitem")):
            self._find_people_again(model, column)
        if years:
            ids = [studio.pk for studio in self.studios.values()]
            progress.store(Q(studio__in=ids, year__in=years))

    # -- how rows are saved

    def _save(self, model, new: list[Any], changed: list[Any], fields: Iterable[str]) -> None:
        """Create and update in batches, each version raised and each change kept in the history."""
        for record in changed:
            record.version += 1
        model.objects.bulk_create(new, batch_size=_BATCH)
        model.objects.bulk_update(changed, [*fields, *model.DERIVED, "version"], batch_size=_BATCH)
        if history := getattr(model, "history", None):
            told = {"default_user": self.by, "default_change_reason": IMPORT}
            history.bulk_history_create(new, batch_size=_BATCH, **told)
            history.bulk_history_create(changed, batch_size=_BATCH, update=True, **told)

    def _records(self, model, rows: list[RowPlan]) -> dict[int, Any]:
        return model.objects.in_bulk([row.old.id for row in rows if row.kind == "changed"])

    # -- units and studios

    def _store_studios(self) -> None:
        rows = self.plan.of(STUDIOS)
        named = {
            row.row.studio
            for sheet in (MEMBERS, TOPICS, ITEMS, ACTIVITIES, ACHIEVEMENTS)
            for row in self.plan.of(sheet)
        }
        names = named | {row.row.name for row in rows}
        stored = {studio.name: studio for studio in Studio.objects.filter(name__in=names)}
        units = self._units({row.row.unit for row in rows if row.kind != "unchanged"})
        position = Studio.objects.aggregate(last=Max("position"))["last"] or 0
        new, changed, events = [], [], []
        for number, row in enumerate(rows, start=1):
            if row.kind == "unchanged":
                continue
            studio = stored.get(row.row.name) or Studio(name=row.row.name, position=position + number)
            if row.kind == "changed" and row.old.level != row.row.level:
                events.append(self._level_event(studio, row.row))
            self._fill_studio(studio, row.row, units)
            (new if row.kind == "new" else changed).append(studio)
            stored[studio.name] = studio
        self._save(Studio, new, changed, _STUDIO_FIELDS)
        self.studios = stored
        self._grant_levels([row.row for row in rows if row.kind != "unchanged"])
        events += [
            StudioEvent(
                studio=studio, kind=StudioEvent.Kind.NAMED, on=studio.named_on, after=studio.name, by=self.by
            )
            for studio in new
            if studio.named_on
        ]
        StudioEvent.objects.bulk_create(events, batch_size=_BATCH)

    def _units(self, names: set[str]) -> dict[str, Unit]:
        """The units by name; those that are not there yet are made below the group."""
        group = Unit.objects.filter(kind=Unit.Kind.GROUP).first() or Unit.objects.create(
            kind=Unit.Kind.GROUP, name=self.plan.ledger.group or _("The group")
        )
        found: dict[str, Unit] = {}
        for unit in Unit.objects.filter(name__in=names).order_by("kind", "position", "pk"):
            found.setdefault(unit.name, unit)
        position = Unit.objects.aggregate(last=Max("position"))["last"] or 0
        in_order = dict.fromkeys(row.row.unit for row in self.plan.of(STUDIOS) if row.row.unit in names)
        for name in in_order:
            if name not in found:
                position += 1
                found[name] = Unit.objects.create(parent=group, name=name, position=position)
        return found

    def _fill_studio(self, studio: Studio, row: StudioRow, units: dict[str, Unit]) -> None:
        studio.type, studio.level, studio.unit = row.type, row.level, units[row.unit]
        studio.trade, studio.address, studio.phone, studio.note = (
            row.profession,
            row.address,
            row.phone,
            row.note,
        )
        studio.naming_doc_no, studio.named_on, studio.founded_on = (
            row.naming_document,
            row.named_on,
            row.founded_on,
        )
        studio.area, studio.annual_funds = row.area, row.yearly_funds
        studio.settle()

    def _level_event(self, studio: Studio, row: StudioRow) -> StudioEvent:
        return StudioEvent(
            studio=studio,
            kind=StudioEvent.Kind.LEVEL_RAISED,
            on=row.named_on or self.today,
            before=studio.get_level_display(),
            after=str(Studio.Level(row.level).label),
            by=self.by,
        )

    def _grant_levels(self, rows: list[StudioRow]) -> None:
        LevelGrant.objects.bulk_create(
            [
                LevelGrant(
                    studio=self.studios[row.name],
                    level=row.level,
                    doc_no=row.naming_document,
                    granted_on=row.named_on,
                )
                for row in rows
            ],
            batch_size=_BATCH,
            update_conflicts=True,
            unique_fields=["studio", "level"],
            update_fields=["doc_no", "granted_on"],
        )

    # -- people and their time in studios

    def _store_members(self) -> None:
        rows = self.plan.of(MEMBERS)
        memberships = Membership.objects.in_bulk([row.old.id for row in rows if row.old is not None])
        people = self._store_people(rows, memberships)
        leads_before = self._leads()
        ending, changed, new = [], [], []
        for row in rows:
            if row.kind == "unchanged":
                continue
            member: MemberRow = row.row
            if row.old is None:
                record = Membership(studio=self.studios[member.studio])
                new.append(record)
            else:
                record = memberships[row.old.id]
                steps_down = row.old.role == "lead" != member.role
                (ending if steps_down or member.left_on else changed).append(record)
            record.person = people[member.who]
            record.role, record.duty, record.indicator_text = member.role, member.duty, member.indicator
            record.joined_on, record.left_on = member.joined_on, member.left_on
            record.leave_reason = member.leaving_reason
        # whoever steps down goes first: a studio has one lead at any time
        self._save(Membership, [], ending, _MEMBERSHIP_FIELDS)
        self._save(Membership, new, changed, _MEMBERSHIP_FIELDS)
        self._record_changes_of_lead(leads_before)

    def _store_people(self, rows: list[RowPlan], memberships: dict[int, Membership]) -> dict[tuple, Person]:
        """The people of the roster by what they are known by, created and brought up to date."""
        ids = {row.row.who: memberships[row.old.id].person_id for row in rows if row.old is not None}
        by_id = Person.objects.in_bulk(set(ids.values()))
        people = {who: by_id[pk] for who, pk in ids.items()}
        numbers = {row.row.staff_number for row in rows if row.row.who not in people and row.row.staff_number}
        people |= {(person.staff_no,): person for person in Person.objects.filter(staff_no__in=numbers)}
        honours = {
            row.row.name: row.row.lead_honours for row in self.plan.of(STUDIOS) if row.kind != "unchanged"
        }
        new: dict[tuple, Person] = {}
        changed: dict[tuple, Person] = {}
        for row in rows:
            member: MemberRow = row.row
            person = people.get(member.who)
            if person is None:
                person = people[member.who] = new[member.who] = Person(unit=self.studios[member.studio].unit)
            wanted = _personal(member)
            if member.role == "lead" and not member.left_on and member.studio in honours:
                wanted["honours"] = honours[member.studio]
            if any(getattr(person, name) != value for name, value in wanted.items()):
                for name, value in wanted.items():
                    setattr(person, name, value)
                person.settle()
                if member.who not in new:
                    changed[member.who] = person
        self._save(Person, list(new.values()), list(changed.values()), _PERSON_FIELDS)
        return people

    def _leads(self) -> dict[int, str]:
        ids = [studio.pk for studio in self.studios.values()]
        leading = Membership.objects.filter(studio__in=ids, role="lead", left_on=None)
        return dict(leading.values_list("studio", "person__name"))

    def _record_changes_of_lead(self, before: dict[int, str]) -> None:
        StudioEvent.objects.bulk_create(
            StudioEvent(
                studio_id=pk,
                kind=StudioEvent.Kind.LEAD_CHANGED,
                on=self.today,
                before=before[pk],
                after=name,
                reason=_("From the ledger"),
                by=self.by,
            )
            for pk, name in self._leads().items()
            if before.get(pk, name) != name
        )

    def _people_by_name(self) -> dict[tuple[int, str], int]:
        """Who answers to a name in a studio; those who are still there before those who left."""
        ids = [studio.pk for studio in self.studios.values()]
        rows = Membership.objects.filter(studio__in=ids).values_list(
            "studio", "person__name", "person", "left_on"
        )
        found: dict[tuple[int, str], int] = {}
        for studio, name, person, _left in sorted(rows, key=lambda row: (row[3] is not None, row[2])):
            found.setdefault((studio, name), person)
        return found

    def _name_people(self, record, row: TopicRow | ItemRow, names: tuple[str, ...]) -> list[int]:
        """Set owner and helpers by name, those nobody answers to as text; gives the helpers' ids."""
        studio = self.studios[row.studio].pk
        record.owner_id = self._people.get((studio, row.owner)) if row.owner else None
        record.owner_name = "" if record.owner_id else row.owner
        record.other_helpers = "、".join(name for name in names if (studio, name) not in self._people)
        return [self._people[studio, name] for name in names if (studio, name) in self._people]

    def _find_people_again(self, model, column: str) -> None:
        """Know by the roster who was until now only a name: it may have come after the plans."""
        path = "studio" if model is Topic else "plan__studio"
        ours = model.objects.filter(**{f"{path}__in": [studio.pk for studio in self.studios.values()]})
        records, links = [], []
        for record in ours.exclude(owner_name="", other_helpers="").select_related(
            "studio" if model is Topic else "plan"
        ):
            studio = record.studio_id if model is Topic else record.plan.studio_id
            owner = self._people.get((studio, record.owner_name))
            names = record.other_helpers.split("、")
            known = [self._people[studio, name] for name in names if (studio, name) in self._people]
            if owner:
                record.owner_id, record.owner_name = owner, ""
            if known:
                record.other_helpers = "、".join(name for name in names if (studio, name) not in self._people)
                links.append((record, known))
            if owner or known:
                records.append(record)
        model.objects.bulk_update(records, ["owner", "owner_name", "other_helpers"], batch_size=_BATCH)
        self._link(model.helpers.through, column, links, fresh=True)

    @staticmethod
    def _link(through, column: str, links: list[tuple[Any, list[int]]], *, fresh: bool) -> None:
        """Say who takes part: ``links`` are records with the ids of their people, in order."""
        if not fresh:
            through.objects.filter(**{f"{column}__in": [record.pk for record, _people in links]}).delete()
        through.objects.bulk_create(
            [
                through(**{f"{column}_id": record.pk, "person_id": person})
                for record, people in links
                for person in dict.fromkeys(people)
            ],
            batch_size=_BATCH,
            ignore_conflicts=True,  # a person who takes part already does so once
        )

    # -- topics, items, activities, achievements

    def _store_topics(self) -> dict[str, int]:
        """Store the topics; gives the ids of all by number."""
        rows = self.plan.of(TOPICS)
        records = self._records(Topic, rows)
        new, changed = [], []
        links: dict[str, list] = {"new": [], "changed": []}
        for row in rows:
            if row.kind == "unchanged":
                continue
            topic: TopicRow = row.row
            record = Topic(no=topic.number) if row.old is None else records[row.old.id]
            record.studio = self.studios[topic.studio]
            record.title, record.source, record.kind = topic.name, topic.source, topic.kind
            record.horizon, record.note = topic.horizon, topic.note
            if row.old is None or topic.state != record.ledger_state:
                record.state = topic.state
            record.baseline, record.target = topic.baseline, topic.target
            record.unit_of_measure, record.budget = topic.measure, topic.budget
            record.starts_on, record.due_on = topic.starts_on, topic.due_on
            links[row.kind].append((record, self._name_people(record, topic, topic.participants)))
            (new if row.old is None else changed).append(record)
        self._save(Topic, new, changed, _TOPIC_FIELDS)
        self._link(Topic.helpers.through, "topic", links["new"], fresh=True)
        self._link(Topic.helpers.through, "topic", links["changed"], fresh=False)
        numbers = {row.row.number: row.old.id for row in rows if row.old is not None}
        numbers |= {topic.no: topic.pk for topic in new}
        wanted = {row.row.topic for sheet in (ITEMS, ACHIEVEMENTS) for row in self.plan.of(sheet)} - set(
            numbers
        )
        return numbers | dict(Topic.objects.filter(no__in=wanted - {""}).values_list("no", "pk"))

    def _store_items(self) -> list[int]:
        """Store the items, the years first, then what hangs under them; gives the years that were touched."""
        rows = self.plan.of(ITEMS)
        touched = [row for row in rows if row.kind != "unchanged"]
        years = sorted({Period.parse(row.row.period).year for row in rows})
        if not touched:
            return []
        Plan.lay_out(self.studios.values(), *years)
        self._plans = {
            (studio, period): pk
            for studio, period, pk in Plan.objects.filter(
                studio__in=[studio.pk for studio in self.studios.values()], year__in=years
            ).values_list("studio", "period", "pk")
        }
        self._items = {row.row.number: row.old.id for row in rows if row.old is not None}
        journal: list[ProgressEntry] = []
        new_rows = sorted((row for row in touched if row.old is None), key=_place)
        for _at, group in groupby(new_rows, key=_place):
            journal += self._create_items([row.row for row in group])
        journal += self._change_items([row for row in touched if row.old is not None])
        ProgressEntry.objects.bulk_create(journal, batch_size=_BATCH)
        return years

    def _create_items(self, rows: list[ItemRow]) -> list[ProgressEntry]:
        records, links, journal = [], [], []
        for row in rows:
            record = PlanItem(no=row.number)
            links.append((record, self._fill_item(record, row)))
            if row.done_on:
                record.reported_at = timezone.make_aware(datetime.combine(row.done_on, time(12)))
            records.append(record)
            if row.progress is not None or row.state != PlanItem.State.NOT_STARTED:
                journal.append(self._entry(record, PlanItem.State.NOT_STARTED, None))
        self._save(PlanItem, records, [], [])
        self._items |= {record.no: record.pk for record in records}
        self._link(PlanItem.helpers.through, "planitem", links, fresh=True)
        return journal

    def _change_items(self, rows: list[RowPlan]) -> list[ProgressEntry]:
        records = self._records(PlanItem, rows)
        links, journal = [], []
        for row in rows:
            record = records[row.old.id]
            before = record.state, record.percent
            links.append((record, self._fill_item(record, row.row, row.old)))
            if (record.state, record.percent) != before:
                record.reported_at = self.at
                journal.append(self._entry(record, *before))
        self._save(PlanItem, [], [record for record, _people in links], _ITEM_FIELDS)
        self._link(PlanItem.helpers.through, "planitem", links, fresh=False)
        return journal

    def _fill_item(self, record: PlanItem, row: ItemRow, old: ItemRow | None = None) -> list[int]:
        record.plan_id = self._plans[self.studios[row.studio].pk, row.period]
        # What stays as it is need not be listed in the file.
        if old is None or row.parent != old.parent:
            record.parent_id = self._items[row.parent] if row.parent else None
        if old is None or row.carried_from != old.carried_from:
            record.carried_from_id = self._items[row.carried_from] if row.carried_from else None
        record.topic_id = self._topics[row.topic] if row.topic else None
        record.kind, record.content, record.done_when = row.kind, row.content, row.done_when
        record.starts_on, record.due_on, record.weight = row.starts_on, row.due_on, row.weight
        record.percent, record.state, record.done_on = row.progress, row.state, row.done_on
        record.reason = row.undone_reason
        return self._name_people(record, row, row.helpers)

    def _entry(self, record: PlanItem, state_before: str, percent_before) -> ProgressEntry:
        return ProgressEntry(
            item=record,
            by=self.by,
            at=self.at,
            state_before=state_before,
            state_after=record.state,
            percent_before=percent_before,
            percent_after=record.percent,
            note=_("From the ledger"),
        )

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


def _place(plan: RowPlan) -> tuple[int, str]:
    return _RANK[plan.row.level], plan.row.period


def _personal(row: MemberRow) -> dict[str, Any]:
    """What a member row says about the person, in the fields of a person."""
    return {
        "name": row.name,
        "staff_no": row.staff_number or None,
        "sex": row.sex,
        "born_on": row.born_on,
        "education": row.education,
        "post": row.post,
        "title": row.title,
        "skill_grade": row.skill_grade,
        "trade": row.trade,
        "team": row.team,
        "mobile": row.phone,
    }


_STUDIO_FIELDS = (
    "type",
    "level",
    "unit",
    "trade",
    "address",
    "phone",
    "note",
    "naming_doc_no",
    "named_on",
    "founded_on",
    "area",
    "annual_funds",
)
_PERSON_FIELDS = (
    "name",
    "staff_no",
    "sex",
    "born_on",
    "education",
    "post",
    "title",
    "skill_grade",
    "trade",
    "team",
    "mobile",
    "honours",
)
_MEMBERSHIP_FIELDS = ("role", "duty", "indicator_text", "joined_on", "left_on", "leave_reason")
_TOPIC_FIELDS = (
    "studio",
    "title",
    "source",
    "kind",
    "horizon",
    "baseline",
    "target",
    "unit_of_measure",
    "starts_on",
    "due_on",
    "owner",
    "owner_name",
    "other_helpers",
    "budget",
    "state",
    "note",
)
_ITEM_FIELDS = (
    "plan",
    "parent",
    "topic",
    "kind",
    "content",
    "done_when",
    "owner",
    "owner_name",
    "other_helpers",
    "starts_on",
    "due_on",
    "weight",
    "percent",
    "state",
    "done_on",
    "reason",
    "carried_from",
    "reported_at",
)
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
