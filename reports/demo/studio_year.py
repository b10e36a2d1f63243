"""A demo studio's year: its yearly items, the quarters and months under them, and what was reported."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction
from random import Random
from uuid import UUID

from django.utils import timezone

from core.calendar import MONTH, Period
from core.workdays import Workdays
from projects import rollup
from projects.models import Indicator, Milestone, Plan, PlanItem, ProgressEntry, Topic
from reports.demo import fate, lessons, words
from reports.demo.fate import Fate, Manner
from reports.demo.rows import Rows

Kind, State = PlanItem.Kind, PlanItem.State
OTHERS = [(Kind.STUDY, words.STUDY), (Kind.TRAINING, words.TRAINING)]
FREE = [(Kind.ACTIVITY, words.ACTIVITY), (Kind.MANAGEMENT, words.MANAGEMENT)]
PLACES = Decimal("0.000001")


@dataclass
class Team:
    """What the year of one studio is made with. ``alive_until`` is the day of its last sign of life."""

    studio: object
    lead: object
    people: list
    writer_id: int
    topics: list[Topic]
    manner: Manner
    alive_until: date
    without_indicator: int = 0
    union_id: int = 0


class StudioYear:
    """Lays out one year of a studio and tells how it went, up to a day."""

    def __init__(self, rows: Rows, chance: Random, team: Team, plans: dict[str, Plan], *, on: date):
        self.rows, self.chance, self.team, self.plans, self.on = rows, chance, team, plans, on
        self.zone, self.calendar = timezone.get_default_timezone(), Workdays()
        self.items: list[PlanItem] = []
        self.parents: dict[tuple[Period, Topic | None], PlanItem] = {}
        self.carried: dict[Period, list[PlanItem]] = {}

    def lay_out(self, year: int, *, until: Period) -> None:
        """Make the items of a year, its months up to ``until``, their reports and the sums of all of them."""
        whole = Period.of_year(year)
        branches = [*self.team.topics, None]
        for branch in branches:
            above = self._yearly(whole, branch)
            for number, quarter in enumerate(whole.split()):
                self.parents[quarter, branch] = self._quarterly(quarter, number, branch, above)
        self._everybody(whole)
        for month in (month for quarter in whole.split() for month in quarter.split()):
            if month <= until:
                self._month(month)
        self._lessons()
        self._add_up()

    def _lessons(self) -> None:
        """What was learnt by what was tackled and tolerated; the first studio waits for the union's word."""
        studio, by = self.team.studio, self.team.writer_id
        for item in self.items:
            if item.state == State.TOLERATED and item.kind == Kind.RESEARCH:
                self.rows.add(lessons.of_item(item, studio, by=by, union=self.team.union_id))
        if studio.position == 1:
            month = Period.containing(self.on).key
            still = [item for item in self.items if item.plan.period == month and item.state in PlanItem.OPEN]
            if item := next((item for item in still if item.kind == Kind.RESEARCH), None):
                self.rows.add(lessons.waiting(item, studio, by=by, on=self.on))

    def _yearly(self, year: Period, topic: Topic | None) -> PlanItem:
        if topic is None:
            content, standard = "全年岗位技能培训与师带徒", "培训不少于200人次，徒弟出师率90%以上"
        else:
            content = f"{topic.title}，由{topic.baseline}到{topic.target}{topic.unit_of_measure}"
            standard = f"年末连续三个月达到{topic.target}{topic.unit_of_measure}，经使用单位确认"
        state = State.IN_PROGRESS if year.starts_on <= self.on else State.NOT_STARTED
        return self._item(
            year,
            content,
            standard,
            Kind.RESEARCH if topic else Kind.TRAINING,
            Fate(state),
            topic=topic,
            weight=self.chance.choice([2, 3]) if topic else 1,
        )

    def _quarterly(self, quarter: Period, number: int, topic: Topic | None, above: PlanItem) -> PlanItem:
        if topic is None:
            content, standard, kind = f"第{number + 1}季度培训与带徒", "培训2期，师徒记录齐全", Kind.TRAINING
        else:
            content, standard = f"{topic.title}：{words.QUARTER[number]}", "阶段小结1份，经领衔人确认"
            kind = Kind.RESEARCH
        known = fate.of_item(
            self.chance,
            self.team.manner,
            quarter.starts_on,
            quarter.ends_on,
            on=self.team.alive_until,
            carry=False,
        )
        over = quarter.ends_on < self.team.alive_until
        if over and known.state != State.UNDONE and known.state != State.DONE:
            # Cancelled, it would take the months below out of the figures; left open, it would say nothing.
            known = Fate(State.DONE, Decimal(100), quarter.ends_on)
        if quarter.ends_on >= self.on > quarter.starts_on:
            known = Fate(State.IN_PROGRESS)
        return self._item(quarter, content, standard, kind, known, topic=topic, parent=above)

    def _everybody(self, year: Period) -> None:
        """The item under which everybody carries an indicator of his own."""
        passed = Fraction(min(max((self.team.alive_until - year.starts_on).days, 0), 365), 365)
        state = State.IN_PROGRESS if passed else State.NOT_STARTED
        item = self._item(
            year, "人人肩上有指标：岗位练兵", "每人完成本人指标，年末由领衔人确认", Kind.TRAINING, Fate(state)
        )
        carriers = self.team.people[: len(self.team.people) - self.team.without_indicator]
        for person in carriers:
            name, start, target, measure = self.chance.choice(words.INDICATORS)
            pace = Fraction(self.chance.randint(60, 115), 100) * Fraction(str(self.team.manner.speed))
            value = Fraction(start) + (Fraction(target) - Fraction(start)) * min(passed * pace, Fraction(1))
            self._indicator(item, person, name, start, target, measure, value if passed else None)
        item.own_share = rollup.weighted_mean(
            (one.weight, one.share) for one in item.carried_here
        ) or Fraction(0)

    def _month(self, month: Period) -> None:
        """Six or so items: a step of each topic, study or training, a meeting, housekeeping."""
        for item in self.carried.pop(month, []):
            self._settle(item, month, fresh=False)
        few, many = self.team.manner.items_a_month
        wanted = self.chance.randint(few, many)
        choices: list[tuple[str, list, Topic | None]] = [
            (Kind.RESEARCH, words.RESEARCH, topic) for topic in self.team.topics
        ]
        choices.append((*self.chance.choice(OTHERS), None))
        choices.append((*FREE[0], None))
        while len(choices) < wanted:
            if self.chance.random() < 0.6 and self.team.topics:
                choices.append((Kind.RESEARCH, words.RESEARCH, self.chance.choice(self.team.topics)))
            else:
                choices.append((*self.chance.choice([*OTHERS, *FREE]), None))
        used: set[str] = set()
        for kind, patterns, topic in choices:
            self._monthly(month, kind, patterns, topic, used)

    def _monthly(self, month: Period, kind: str, patterns: list, topic: Topic | None, used: set[str]) -> None:
        chance = self.chance
        subject = topic or chance.choice(self.team.topics)
        fresh = [one for one in patterns if one[0] not in used] or patterns
        pattern, standard = chance.choice(fresh)
        used.add(pattern)
        content = pattern.format(t=subject.title, n=chance.choice([3, 5, 6, 8, 10, 12, 20]), m=month.number)
        hangs = kind in (Kind.RESEARCH, Kind.STUDY, Kind.TRAINING)
        item = self._item(
            month,
            content,
            standard,
            kind,
            None,
            topic=topic,
            weight=chance.choice([1, 1, 1, 2]),
            parent=self.parents[month.parent, topic] if hangs else None,
        )
        self._settle(item, month, fresh=True)
        if kind == Kind.RESEARCH and item.state == State.IN_PROGRESS and self.on in month:
            self._share_out(item)

    def _settle(self, item: PlanItem, month: Period, *, fresh: bool) -> None:
        """Give an item of a month its fate; what is carried over goes on in the next month."""
        known = fate.of_item(
            self.chance,
            self.team.manner,
            item.starts_on,
            item.due_on,
            on=self.team.alive_until,
            carry=fresh and month.next.year == month.year and month.next.starts_on <= self.on,
        )
        if known.is_open and self.plans[month.key].last_day_to_close(self.calendar) < self.on:
            known = fate.given_up(known, month.ends_on, told=month.ends_on <= self.team.alive_until)
        self._apply(item, known)
        if known.state != State.CARRIED:
            return
        rest = Decimal(item.weight) * (100 - known.percent) / 100
        above = self.parents[month.next.parent, item.topic] if item.parent_id else None
        later = self._item(
            month.next,
            item.content,
            item.done_when,
            item.kind,
            None,
            topic=item.topic,
            weight=rest,
            parent=above,
            owner=item.owner_id,
        )
        later.carried_from_id = item.pk
        self.carried.setdefault(month.next, []).append(later)

    def _share_out(self, item: PlanItem) -> None:
        """Let two or three members carry an item that is under way, each by another kind of indicator."""
        chance, people = self.chance, self.team.people
        Kinds = Indicator.Kind
        self._indicator(
            item,
            people[chance.randrange(len(people))],
            "有效试验组数",
            "0",
            "10",
            "组",
            Fraction(chance.randint(2, 9)),
            weight=2,
        )
        person = people[chance.randrange(len(people))]
        self._indicator(
            item, person, "试验方案经审核", None, None, "", Fraction(chance.randint(0, 1)), kind=Kinds.YES_NO
        )
        if chance.random() < 0.5:
            person = people[chance.randrange(len(people))]
            steps = self._indicator(
                item, person, "方案、试验、报告", None, None, "", Fraction(1), kind=Kinds.MILESTONES
            )
            for place, title in enumerate(["方案", "试验", "报告"]):
                reached_on = item.starts_on if place == 0 else None
                self.rows.add(Milestone(indicator_id=steps.pk, title=title, reached_on=reached_on))
            steps.known_share = Fraction(1, 3)
        item.own_share = rollup.weighted_mean(
            (one.weight, getattr(one, "known_share", None) or one.share) for one in item.carried_here
        )

    def _indicator(
        self, item, person, name, start, target, measure, value, *, weight=1, kind=Indicator.Kind.NUMBER
    ) -> Indicator:
        indicator = Indicator(
            pk=self.rows.number(Indicator),
            item_id=item.pk,
            person_id=person.pk,
            kind=kind,
            name=name,
            start=None if start is None else Decimal(start),
            target=None if target is None else Decimal(target),
            unit_of_measure=measure,
            weight=Decimal(weight),
            value=None if value is None else rollup.to_decimal(value).quantize(PLACES),
        )
        self.rows.add(indicator)
        item.carried_here.append(indicator)
        if value is not None:
            self._entry(
                item,
                self._reported_on(item),
                item.percent,
                item.percent,
                item.state,
                item.state,
                "更新本人指标",
                indicator=indicator,
            )
        return indicator

    def _reported_on(self, item: PlanItem) -> date:
        return max(item.starts_on, self.team.alive_until - timedelta(days=self.chance.randint(1, 9)))

    def _item(
        self,
        period: Period,
        content,
        standard,
        kind,
        known: Fate | None,
        *,
        topic=None,
        parent=None,
        weight=1,
        owner=None,
    ) -> PlanItem:
        chance, people = self.chance, self.team.people
        starts_on, due_on = period.starts_on, period.ends_on
        if period.kind == MONTH:
            starts_on += timedelta(days=chance.randint(0, 8))
            due_on = starts_on + timedelta(days=chance.randint(7, (due_on - starts_on).days))
        item = PlanItem(
            pk=self.rows.number(PlanItem),
            plan=self.plans[period.key],
            parent=parent,
            topic=topic,
            kind=kind,
            content=content[:300],
            done_when=standard,
            starts_on=starts_on,
            due_on=due_on,
            weight=Decimal(weight),
            owner_id=owner or (chance.choice(people) if period.kind == MONTH else self.team.lead).pk,
        )
        item.carried_here = []
        item.own_share = Fraction(0)
        self.items.append(self.rows.add(item))
        if kind == Kind.RESEARCH and period.kind == MONTH:
            helper = chance.choice(people)
            if helper.pk != item.owner_id:
                self.rows.add(PlanItem.helpers.through(planitem_id=item.pk, person_id=helper.pk))
        if known is not None:
            self._apply(item, known)
        return item

    def _apply(self, item: PlanItem, known: Fate) -> None:
        item.state, item.percent = known.state, known.percent
        item.done_on, item.reason = known.done_on, known.reason
        item.own_share = rollup.own_share(item.state, item.percent)
        state, percent = State.NOT_STARTED, None
        for day, reached, next_state, note in known.reports:
            self._entry(item, day, percent, reached, state, next_state, note)
            state, percent = next_state, reached

    def _entry(self, item, day, before, after, state_before, state_after, note, *, indicator=None) -> None:
        at = datetime.combine(
            day, time(self.chance.randint(8, 18), self.chance.randint(0, 59), tzinfo=self.zone)
        )
        self.rows.add(
            ProgressEntry(
                item_id=item.pk,
                by_id=self.team.writer_id,
                at=at,
                token=UUID(int=self.chance.getrandbits(128)),
                state_before=state_before,
                state_after=state_after,
                percent_before=before,
                percent_after=after,
                note=note,
                indicator=indicator,
                value_after=indicator and indicator.value,
            )
        )
        item.reported_at = max(item.reported_at or at, at)

    def _add_up(self) -> None:
        """Store what the items come to, by the same arithmetic as everywhere."""
        figures = rollup.roll_up(self.items)
        for item in self.items:
            figure = figures.items[item.pk]
            item.share, item.complete = figure.stored, figure.complete
            plan = item.plan
            plan.planned += item.state != State.CANCELLED
            plan.done += item.state == State.DONE
            plan.on_time += item.state == State.DONE and item.done_on <= item.due_on
            plan.carried += item.state == State.CARRIED
            plan.tolerated += item.state == State.TOLERATED
            plan.cancelled += item.state == State.CANCELLED
            plan.reported_at = max(filter(None, [plan.reported_at, item.reported_at]), default=None)
        for plan in self.plans.values():
            if figure := figures.plans.get(plan.pk):
                plan.progress, plan.complete = figure.stored, figure.complete
