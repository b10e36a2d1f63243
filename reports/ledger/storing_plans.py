"""The third part of an import: topics and the items of plans."""

from __future__ import annotations

from datetime import datetime, time
from itertools import groupby

from django.utils import timezone
from django.utils.translation import gettext as _

from core.calendar import Period
from projects.models import Plan, PlanItem, ProgressEntry, Topic

from .comparing import RowPlan
from .rows import ItemRow, TopicRow
from .saving import BATCH
from .sheets import ACHIEVEMENTS, ITEMS, TOPICS
from .storing_people import StoringPeople

_RANK = {"year": 0, "quarter": 1, "month": 2}


class StoringPlans(StoringPeople):
    """Topics, then items from the years down, with an entry in the journal for each that moved."""

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
        ProgressEntry.objects.bulk_create(journal, batch_size=BATCH)
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


def _place(plan: RowPlan) -> tuple[int, str]:
    return _RANK[plan.row.level], plan.row.period


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
