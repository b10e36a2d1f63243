"""One demo studio: its people, its past, its topics and rules, its year, what it did and what came of it."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from achievements.models import Achievement
from core.calendar import Period, periods_of_year
from members.models import Person
from projects.breakdown import years_to_plan
from projects.models import Plan, Problem, ProblemStep, Topic
from reports.demo import fate, having, lessons, looking_after, words
from reports.demo.studio_year import StudioYear, Team
from studios.activity_kinds import kind_of
from studios.house_rules import kept
from studios.models import (
    Activity,
    LevelGrant,
    MemberReview,
    Membership,
    Rule,
    RuleVersion,
    Studio,
    StudioEvent,
)

SILENT_DAYS = 74

#: The studios that something special happened to, by their place in the register.
LEAD_CHANGED, RENAMED, SILENT = 4, 8, 12
#: Without a plan for this month; without an area or funds on record.
UNPLANNED, WITHOUT_AREA, WITHOUT_FUNDS = (15, 33), (7, 29), (29, 41)
#: Hours of study of an activity, by its kind.
HOURS = {Activity.Kind.STUDY: 2, Activity.Kind.TRAINING: 4, Activity.Kind.LECTURE: 2}


class StudioMaker:
    """Makes studios for a group, each with everything that belongs to it."""

    def __init__(self, group):
        self.group = group
        self.chance, self.rows, self.roster = group.chance, group.rows, group.roster
        self.on, self.years, self.units, self.admin = group.on, group.years, group.units, group.admin

    def make(self, position, unit, trade, topics, manner, level, type_) -> Studio:
        chance = self.chance
        if position == SILENT:
            manner = fate.IN_TROUBLE
        lead = self.rows.add(self.roster.lead(unit.pk, trade, words.HONOURS[level]))
        founded_on = date(self.on.year - chance.randint(2, 11), chance.randint(1, 12), chance.randint(1, 28))
        studio = Studio(
            name=f"{lead.name}{words.SUFFIXES[type_]}",
            type=type_,
            unit=unit,
            level=level,
            trade=trade,
            state=Studio.State.RECTIFYING if manner is fate.RECTIFYING else Studio.State.ACTIVE,
            naming_doc_no=f"岱工发〔{founded_on.year}〕{chance.randint(3, 60)}号",
            named_on=founded_on,
            founded_on=founded_on,
            address=f"{unit.name}{chance.choice(['办公楼', '主厂房', '培训楼'])}{chance.randint(101, 420)}室",
            area=None if position in WITHOUT_AREA else Decimal(chance.randrange(30, 180, 5)),
            annual_funds=None if position in WITHOUT_FUNDS else Decimal(chance.randrange(20, 100, 5)) / 10,
            phone=f"8000-{position % 10000:04d}",
            position=position,
        )
        studio.settle()
        self.rows.add(studio)
        team = self._team(studio, lead, manner, founded_on)
        looking_after.make(self.group, team)
        self._history(studio, lead, founded_on, position)
        team.topics = self._topics(studio, topics, team.people)
        team.alive_until = self.on - timedelta(days=SILENT_DAYS if position == SILENT else 1)
        self._house_rules(studio, founded_on)
        self._plans(studio, team)
        self._failed_topic(studio, team)
        self._problems(studio, team)
        self._activities(studio, team)
        self._achievements(studio, team, manner)
        having.furnish(self.rows, studio, team, admin=self.admin, on=self.on)
        return studio

    def _team(self, studio: Studio, lead: Person, manner: fate.Manner, founded_on: date) -> Team:
        chance, position = self.chance, studio.position
        people, reviewed = [lead], []
        size = chance.randint(8, 14)
        for place in range(size):
            beside = words.SIDE_TRADES[(position + place) % len(words.SIDE_TRADES)]
            trade = studio.trade if place % 3 else beside
            person = lead if place == 0 else self.rows.add(self.roster.member(studio.unit_id, trade))
            role = ("lead", "liaison", "core", "core")[place] if place < 4 else "member"
            joined_on = founded_on if place < 5 else self._after(founded_on)
            membership = self.rows.add(
                Membership(
                    studio=studio,
                    person=person,
                    role=role,
                    duty=chance.choice(words.DUTIES),
                    joined_on=joined_on,
                    **self._came(lead, place),
                )
            )
            if place:
                people.append(person)
                reviewed.append(membership)
        if chance.random() < 0.5:
            former = self.rows.add(self.roster.member(studio.unit_id, studio.trade))
            self.rows.add(
                Membership(
                    studio=studio,
                    person=former,
                    role="member",
                    duty=words.DUTIES[0],
                    joined_on=founded_on,
                    left_on=self._after(founded_on),
                    leave_reason=chance.choice(words.LEAVING),
                )
            )
        first = position == 1
        writer = self.group.user("lead" if first else lead.staff_no, lead, is_demo=first)
        for membership in reviewed:
            self._review(membership, writer.pk, poor=membership is reviewed[5])
        self.group.user("liaison" if first else people[1].staff_no, people[1], is_demo=first)
        if first:
            self.group.user("member", people[4], is_demo=True)
        return Team(
            studio=studio,
            lead=lead,
            people=people,
            writer_id=writer.pk,
            union_id=self.group.admin.pk,
            topics=[],
            manner=manner,
            alive_until=self.on,
            without_indicator=chance.choice([0, 0, 0, 1]) if manner.speed >= 1 else 2,
        )

    def _came(self, lead: Person, place: int) -> dict:
        """Why a later member joined."""
        if place < 5:
            return {}
        return {
            "join_reason": words.JOINING[place % len(words.JOINING)],
            "recommender": lead.name,
            "strengths": words.STRENGTHS[place % len(words.STRENGTHS)],
        }

    def _review(self, membership: Membership, by_id: int, *, poor: bool) -> None:
        """What was said of a member's last year, confirmed by the union."""
        year = self.on.year - 1
        if membership.joined_on > date(year, 12, 31):
            return
        self.rows.add(
            MemberReview(
                membership=membership,
                year=year,
                verdict=MemberReview.Verdict.IMPROVE if poor else MemberReview.Verdict.KEEP,
                remark=words.REMARKS[membership.studio.position % len(words.REMARKS)] if poor else "",
                reviewed_by_id=by_id,
                reviewed_on=date(year, 12, 20),
                confirmed_by=self.admin,
                confirmed_on=date(year, 12, 28),
            )
        )

    def _after(self, day: date) -> date:
        """Some day between the one given and last month."""
        return day + timedelta(days=self.chance.randint(0, max((self.on - day).days - 40, 0)))

    def _history(self, studio: Studio, lead: Person, founded_on: date, position: int) -> None:
        self.rows.add(
            LevelGrant(studio=studio, level="company", doc_no=studio.naming_doc_no, granted_on=founded_on)
        )
        if studio.level != "company":
            self.rows.add(LevelGrant(studio=studio, level=studio.level, granted_on=self._after(founded_on)))
        self.event(studio, StudioEvent.Kind.NAMED, founded_on, "", studio.name)
        day = self.on - timedelta(days=150)
        if position == LEAD_CHANGED:
            former = self.rows.add(self.roster.lead(studio.unit_id, studio.trade, words.HONOURS["company"]))
            self.rows.add(
                Membership(
                    studio=studio,
                    person=former,
                    role="lead",
                    joined_on=founded_on,
                    left_on=day,
                    leave_reason="退休",
                )
            )
            self.event(studio, StudioEvent.Kind.LEAD_CHANGED, day, former.name, lead.name, "原领衔人退休")
        if position == RENAMED:
            former_name = f"{studio.trade}{words.SUFFIXES[studio.type]}"
            self.event(studio, StudioEvent.Kind.RENAMED, day, former_name, studio.name, "以领衔人姓名命名")

    def event(self, studio, kind, on, before, after, reason="") -> None:
        self.rows.add(
            StudioEvent(
                studio=studio, kind=kind, on=on, before=before, after=after, reason=reason, by=self.admin
            )
        )

    def _topics(self, studio: Studio, known: list, people: list[Person]) -> list[Topic]:
        chance, running = self.chance, []
        for place, (title, baseline, target, measure) in enumerate(known):
            topic = self._topic(
                studio, place, title, baseline, target, measure, people, Topic.State.RUNNING, self.years[0]
            )
            running.append(topic)
        if chance.random() < 0.6:
            self._topic(
                studio,
                8,
                f"{studio.trade}作业标准化",
                "55",
                "90",
                "%",
                people,
                chance.choices([Topic.State.CLOSED, Topic.State.TERMINATED], [6, 1])[0],
                self.years[0] - 1,
            )
        return running

    def _failed_topic(self, studio: Studio, team: Team) -> None:
        """Every sixth studio tried something last year that did not work, and says what it learnt."""
        if studio.position % 6 != 4:
            return
        case = lessons.TOPICS[studio.position // 6 % len(lessons.TOPICS)]
        year = self.years[0] - 1
        topic = self._topic(studio, 7, *case[:4], team.people, Topic.State.TOLERATED, year)
        self.rows.add(lessons.of_topic(topic, case[4:], by=team.writer_id, union=team.union_id))

    def _topic(self, studio, place, title, baseline, target, measure, people, state, year) -> Topic:
        chance = self.chance
        topic = Topic(
            studio=studio,
            no=f"KT{year}-{studio.position:04d}-{place + 1}",
            title=title,
            baseline=baseline,
            target=target,
            unit_of_measure=measure,
            source=chance.choice(Topic.Source.values),
            kind=chance.choices(Topic.Kind.values, [8, 1, 1])[0],
            horizon=chance.choice(Topic.Horizon.values),
            starts_on=date(year, 1, 5 + place),
            due_on=date(year, 12, 20),
            owner=chance.choice(people[:4]),
            budget=Decimal(chance.randrange(10, 80, 5)) / 10,
            state=state,
        )
        self.rows.add(topic)
        for person in chance.sample(people, 3):
            self.rows.add(Topic.helpers.through(topic_id=topic.pk, person_id=person.pk))
        return topic

    def _house_rules(self, studio: Studio, founded_on: date) -> None:
        # Here and there one is missing, so that the light of 有制度 has something to say.
        answered = words.RULES if self.chance.random() < 0.85 else words.RULES[:3]
        for kind, title, text, settings in answered:
            rule = self.rows.add(Rule(studio=studio, kind=kind, title=title))
            self.rows.add(
                RuleVersion(rule=rule, number=1, text=text, effective_on=founded_on, settings=kept(settings))
            )

    def _problems(self, studio: Studio, team: Team) -> None:
        """In every third studio somebody is stuck; every sixth has solved something in time."""
        place = studio.position - 1
        if place % 3:
            return
        what, need, how = words.STUCK[place // 3 % len(words.STUCK)]
        solved = bool(place % 6)
        raised_on = self.on - timedelta(days=9 if solved else 2)
        closed_on = raised_on + timedelta(days=5) if solved else None
        problem = self.rows.add(
            Problem(
                studio=studio,
                what=what,
                need=need,
                level_since=raised_on,
                coordinator=team.lead,
                due_on=raised_on + timedelta(days=7),
                state=Problem.State.SOLVED if solved else Problem.State.RAISED,
                raised_by_id=team.writer_id,
                raised_on=raised_on,
                closed_on=closed_on,
                outcome=how if solved else "",
            )
        )
        for act, day, text in [
            ("raised", raised_on, ""),
            ("taken", closed_on, ""),
            ("solved", closed_on, how),
        ]:
            if day:
                at = timezone.make_aware(datetime.combine(day, time(9)))
                self.rows.add(
                    ProblemStep(
                        problem=problem,
                        act=act,
                        level=problem.level,
                        coordinator=team.lead,
                        text=text,
                        by_id=team.writer_id,
                        at=at,
                    )
                )

    def _plans(self, studio: Studio, team: Team) -> None:
        # Who is behind in everything has no plan for next month yet.
        ahead = 1 if team.manner.speed >= 0.8 and self.chance.random() < 0.9 else 0
        until = Period.containing(self.on).shift(ahead if self.on.day > 15 else 0)
        if studio.position in UNPLANNED:
            until = Period.containing(self.on).previous
        for year in sorted({*self.years, *years_to_plan(self.on)}):
            plans = {
                period.key: self.rows.add(Plan.for_period(studio, period)) for period in periods_of_year(year)
            }
            if year in self.years:
                StudioYear(self.rows, self.chance, team, plans, on=self.on).lay_out(year, until=until)

    def _activities(self, studio: Studio, team: Team) -> None:
        chance = self.chance
        month = Period.of_month(self.years[0], 1)
        while month.starts_on <= team.alive_until:
            for number in range(chance.randint(*team.manner.activities_a_month)):
                held_on = month.starts_on + timedelta(days=chance.randint(0, 27))
                if held_on > team.alive_until:
                    continue
                kind, subject = chance.choice(words.ACTIVITIES)
                expected = len(team.people)
                away = chance.randint(0, 3)
                absent = chance.randint(0, away) // 2
                self.rows.add(
                    Activity(
                        studio=studio,
                        no=f"HD{month.key}-{studio.position:04d}-{number + 1}",
                        subject=subject,
                        kind=kind_of(kind),
                        kind_word=kind,
                        hours=HOURS.get(kind_of(kind)),
                        held_on=held_on,
                        place=chance.choice(words.PLACES),
                        host=team.lead.name,
                        expected=expected,
                        present=expected - away,
                        on_leave=away - absent,
                        absent=absent,
                        summary=f"{subject}：{chance.choice(words.REPORTS[:5])}。",
                    )
                )
            month = month.next
        if team.manner.speed >= 0.8:
            kind, subject = chance.choice(words.ACTIVITIES)
            self.rows.add(
                Activity(
                    studio=studio,
                    no=f"HD{self.on.year}-{studio.position:04d}-N",
                    subject=subject,
                    kind=kind_of(kind),
                    kind_word=kind,
                    state=Activity.State.PLANNED,
                    held_on=self.on + timedelta(days=chance.randint(2, 20)),
                    place=words.PLACES[0],
                    host=team.lead.name,
                    expected=len(team.people),
                )
            )

    def _achievements(self, studio: Studio, team: Team, manner: fate.Manner) -> None:
        chance = self.chance
        most = 6 if manner.speed >= 1 else 2
        for number in range(chance.randint(1 if manner.speed >= 0.8 else 0, most)):
            topic = chance.choice(team.topics)
            pattern, kind = chance.choice(words.ACHIEVEMENTS)
            authors = chance.sample(team.people, 3)
            claimed = Decimal(chance.randrange(200, 9000, 10)) / 100
            verified = (claimed * chance.randint(40, 95) / 100).quantize(Decimal("0.01"))
            achievement = Achievement(
                studio=studio,
                no=f"CG{self.on.year}-{studio.position:04d}-{number + 1}",
                kind=kind,
                topic=topic,
                name=pattern.format(t=topic.title, u=studio.trade),
                authors="、".join(one.name for one in authors),
                achieved_on=self.on - timedelta(days=chance.randint(5, 300)),
                used_by=studio.unit.name,
                benefit_claimed=claimed,
                benefit_verified=verified if chance.random() < 0.75 else None,
                adopted_by=chance.choice(self.units).name if chance.random() < 0.3 else "",
                summary=words.ACHIEVEMENT_SUMMARY.format(t=topic.title, u=studio.trade),
            )
            achievement.is_shown_to_all = achievement.benefit_verified is not None
            self.rows.add(achievement)
            for person in authors:
                self.rows.add(Achievement.people.through(achievement_id=achievement.pk, person_id=person.pk))
