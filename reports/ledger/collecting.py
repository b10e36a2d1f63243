"""The ledger of what is stored: from the database to the same rows that reading gives."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from django.db.models import F, Prefetch

from achievements.models import Achievement
from members.models import Unit
from projects.models import PlanItem, Topic
from studios.activity_kinds import word_for
from studios.models import Activity, Membership, Studio

from . import cells
from .rows import AchievementRow, ActivityRow, ItemRow, Ledger, MemberRow, StudioRow, TopicRow
from .sheets import SHEETS, Kind, Sheet


def collect(studios=None) -> Ledger:
    """The ledger of the studios of a queryset, of all if left out. A fixed number of queries."""
    chosen = Studio.objects.all() if studios is None else studios
    ids = chosen.order_by().values("pk")
    rows: dict[str, Iterable[Any]] = {
        "studios": _studios(chosen),
        "members": _members(Membership.objects.filter(studio__in=ids)),
        "topics": _topics(Topic.objects.filter(studio__in=ids)),
        "items": _items(PlanItem.objects.filter(plan__studio__in=ids)),
        "activities": _activities(Activity.objects.filter(studio__in=ids)),
        "achievements": _achievements(Achievement.objects.filter(studio__in=ids)),
    }
    group = Unit.objects.filter(kind=Unit.Kind.GROUP).first()
    return Ledger(
        **{
            sheet.rows_field: tuple(_as_read(sheet, row) for row in rows[sheet.rows_field])
            for sheet in SHEETS
        },
        sheets=tuple(sheet.name for sheet in SHEETS),
        group=group.name if group else "",
    )


def number(record) -> str:
    """The number of a record; one made in the browser that has none goes by its place in the books."""
    return record.no or f"#{record.pk}"


def _as_read(sheet: Sheet, row: Any) -> Any:
    """The row as it would come back from a file: without spaces in names, without stray characters."""
    changes = {}
    for column in sheet.columns:
        value = getattr(row, column.field, None)
        if not value or not isinstance(value, str):
            continue
        if column.kind is Kind.CODE:
            settled = cells.squeezed(value)
        elif column.kind in {Kind.NAME, Kind.PERSON}:
            settled = cells.without_spaces(cells.clean(value))
        elif column.kind in {Kind.TEXT, Kind.VALUE}:
            settled = cells.clean(value)
        else:
            continue
        if settled != value:
            changes[column.field] = settled
    return replace(row, **changes) if changes else row


def _linked(through, column: str, records) -> dict[int, list[str]]:
    """The names of the people linked to each record, in the order in which they were written down."""
    found: dict[int, list[str]] = defaultdict(list)
    links = through.objects.filter(**{f"{column}__in": records.order_by().values("pk")}).order_by("pk")
    for record, name in links.values_list(column, "person__name"):
        found[record].append(name)
    return found


def _names(linked: list[str], others: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys([*linked, *filter(None, others.split("、"))]))


def _studios(studios) -> Iterable[StudioRow]:
    steering = Membership.objects.filter(left_on=None, role__in=Membership.STEERING).select_related("person")
    for studio in studios.select_related("unit").prefetch_related(
        Prefetch("memberships", steering.order_by("pk"), to_attr="steering")
    ):
        lead = next((row.person for row in studio.steering if row.role == Membership.Role.LEAD), None)
        liaisons = [row.person.name for row in studio.steering if row.role == Membership.Role.LIAISON]
        yield StudioRow(
            id=studio.pk,
            name=studio.name,
            type=studio.type,
            unit=studio.unit.name,
            level=studio.level,
            naming_document=studio.naming_doc_no,
            named_on=studio.named_on,
            lead=lead.name if lead else "",
            lead_honours=lead.honours if lead else "",
            profession=studio.trade,
            address=studio.address,
            area=studio.area,
            founded_on=studio.founded_on,
            yearly_funds=studio.annual_funds,
            liaison="、".join(liaisons),
            phone=studio.phone,
            note=studio.note,
        )


def _members(memberships) -> Iterable[MemberRow]:
    rows = memberships.select_related("person", "studio").order_by("studio__position", "studio", "pk")
    for membership in rows:
        person = membership.person
        yield MemberRow(
            id=membership.pk,
            studio=membership.studio.name,
            name=person.name,
            staff_number=person.staff_no or "",
            sex=person.sex,
            born_on=person.born_on and person.born_on.replace(day=1),
            education=person.education,
            post=person.post,
            title=person.title,
            skill_grade=person.skill_grade,
            trade=person.trade,
            team=person.team,
            role=membership.role,
            duty=membership.duty,
            indicator=membership.indicator_text,
            joined_on=membership.joined_on,
            left_on=membership.left_on,
            leaving_reason=membership.leave_reason,
            phone=person.mobile,
        )


def _topics(topics) -> Iterable[TopicRow]:
    people = _linked(Topic.helpers.through, "topic", topics)
    for topic in topics.select_related("studio", "owner").order_by("studio__position", "studio", "pk"):
        yield TopicRow(
            id=topic.pk,
            number=number(topic),
            studio=topic.studio.name,
            name=topic.title,
            source=topic.source,
            kind=topic.kind,
            horizon=topic.horizon,
            baseline=topic.baseline,
            target=topic.target,
            measure=topic.unit_of_measure,
            starts_on=topic.starts_on,
            due_on=topic.due_on,
            owner=topic.owner_shown,
            participants=_names(people[topic.pk], topic.other_helpers),
            budget=topic.budget,
            state=topic.ledger_state,
            note=topic.note,
        )


def _items(items) -> Iterable[ItemRow]:
    people = _linked(PlanItem.helpers.through, "planitem", items)
    rows = items.select_related("plan__studio", "parent", "carried_from", "topic", "owner")
    in_order = (
        "plan__studio__position",
        "plan__studio",
        "plan__year",
        F("plan__kind").desc(),
        "plan__starts_on",
        "pk",
    )
    for item in rows.order_by(*in_order):
        yield ItemRow(
            id=item.pk,
            number=number(item),
            parent=number(item.parent) if item.parent else "",
            studio=item.plan.studio.name,
            level=item.plan.kind,
            period=item.plan.period,
            content=item.content,
            kind=item.kind,
            topic=number(item.topic) if item.topic else "",
            done_when=item.done_when,
            owner=item.owner_shown,
            helpers=_names(people[item.pk], item.other_helpers),
            starts_on=item.starts_on,
            due_on=item.due_on,
            weight=item.weight,
            progress=item.percent,
            state=item.state,
            done_on=item.done_on,
            undone_reason=item.reason,
            carried_from=number(item.carried_from) if item.carried_from else "",
        )


def _activities(activities) -> Iterable[ActivityRow]:
    for activity in activities.select_related("studio").order_by(
        "studio__position", "studio", "held_on", "pk"
    ):
        yield ActivityRow(
            id=activity.pk,
            number=number(activity),
            studio=activity.studio.name,
            subject=activity.subject,
            kind=word_for(activity),
            held_on=activity.held_on,
            place=activity.place,
            host=activity.host,
            expected=activity.expected,
            present=activity.present,
            on_leave=activity.on_leave,
            absent=activity.absent,
            summary=activity.summary,
        )


def _achievements(achievements) -> Iterable[AchievementRow]:
    people = _linked(Achievement.people.through, "achievement", achievements)
    rows = achievements.select_related("studio", "topic")
    for achievement in rows.order_by("studio__position", "studio", "achieved_on", "pk"):
        yield AchievementRow(
            id=achievement.pk,
            number=number(achievement),
            studio=achievement.studio.name,
            name=achievement.name,
            kind=achievement.kind,
            topic=number(achievement.topic) if achievement.topic else "",
            people=_names([] if achievement.authors else people[achievement.pk], achievement.authors),
            done_on=achievement.achieved_on,
            used_by=achievement.used_by,
            claimed=achievement.benefit_claimed,
            verified=achievement.benefit_verified,
            certificate=achievement.certificate_no,
            adopted_by=achievement.adopted_by,
        )
