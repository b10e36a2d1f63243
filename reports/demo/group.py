"""Making the demo group: units, studios, people, a year of work, applications, and one sign-in per role."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from random import Random

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from core.planner import tell_the_planner
from members.models import Person, Role, RoleGrant, Unit, User
from reports import portfolio
from reports.demo import adoptions, applications, bound, closings, fate, issued, revisions, together, words
from reports.demo.people import Roster
from reports.demo.rows import Rows
from reports.demo.studio import StudioMaker
from studios.house_rules import kept
from studios.models import Membership, RuleTemplate, Studio, StudioEvent

#: What a group of 52 looks like; other sizes repeat it.
LEVELS = ["national"] * 4 + ["provincial"] * 8 + ["municipal"] * 6 + ["company"] * 34
TYPES = ["model_worker"] * 36 + ["craftsman"] * 6 + ["skill_master"] * 5 + ["employee"] * 5
#: Studios written together.
BATCH = 100

OFFICIALS = [
    ("group-admin", Role.GROUP_ADMIN, "集团工会生产保护部部长"),
    ("group-staff", Role.GROUP_STAFF, "集团工会干事"),
    ("unit-contact", Role.UNIT_CONTACT, "基层工会副主席"),
    ("company-leader", Role.COMPANY_LEADER, "集团党委副书记、工会主席"),
    ("system-admin", Role.SYSTEM_ADMIN, "信息中心工程师"),
]


@transaction.atomic
def make(*, studios: int, seed: int, on: date) -> None:
    """Fill an empty database with a group of so many studios, as it stands on a day.

    The same numbers give the same group. Nothing bears today's date: everything reported was so yesterday at
    the latest.
    """
    group = Group(seed, on)
    group.make_units()
    group.make_templates()
    group.make_studios(studios)
    group.rows.finish(at=group.noon)
    tell_the_planner()
    together.make(group)
    adoptions.make(group, Random(seed))
    closings.make(group)
    revisions.make(group)
    bound.make(group, Random(seed))
    portfolio.refresh(on.year)
    issued.make(group)


class Group:
    def __init__(self, seed: int, on: date):
        self.chance, self.on, self.rows = Random(seed), on, Rows()
        self.noon = timezone.make_aware(datetime.combine(on - timedelta(days=1), time(12)))
        self.roster = Roster(self.chance, on)
        self.years = [on.year - 1, on.year] if on.month < 4 else [on.year]
        self.no_password = make_password(None)

    # --- Units and their unions

    def make_units(self) -> None:
        root = self.rows.add(Unit(kind=Unit.Kind.GROUP, name=words.GROUP, path="/1/"))
        self.units = []
        for position, (name, _trades) in enumerate(words.UNITS, start=1):
            unit = self.rows.add(Unit(parent=root, name=name, position=position))
            unit.path = f"/1/{unit.pk}/"
            self.units.append(unit)
        union = {
            role: self._official(
                username, role, self.units[0] if role == Role.UNIT_CONTACT else root, post, is_demo=True
            )
            for username, role, post in OFFICIALS
        }
        self.admin, self.staff, self.staff_unit = union[Role.GROUP_ADMIN], union[Role.GROUP_STAFF], root
        for unit in self.units[1:]:
            self._official(f"contact-{unit.pk}", Role.UNIT_CONTACT, unit, "基层工会干事", is_demo=False)

    def _official(self, username, role, unit, post, *, is_demo) -> User:
        user = self.user(username, self.rows.add(self.roster.official(unit.pk, post)), is_demo=is_demo)
        starts_on = self.on - timedelta(days=900)
        self.rows.add(RoleGrant(user=user, role=role, unit=unit, starts_on=starts_on))
        return user

    def user(self, username: str, person: Person, *, is_demo: bool = False) -> User:
        return self.rows.add(
            User(
                username=username,
                email=f"{username}@daishan.example",
                person=person,
                password=self.no_password,
                is_demo=is_demo,
                date_joined=self.noon,
            )
        )

    def make_templates(self) -> None:
        """What the group's union offers for the five questions."""
        for kind, title, text, settings in words.RULES:
            self.rows.add(RuleTemplate(kind=kind, title=title, text=text, settings=kept(settings)))

    # --- Studios

    def make_studios(self, count: int) -> None:
        places = [
            (unit, trade)
            for unit, (_name, trades) in zip(self.units, words.UNITS, strict=True)
            for trade in trades
        ]
        chosen = sorted((place % len(places), place) for place in range(count))
        manners, levels, types = (self._mixed(mixture, count) for mixture in (fate.MIXTURE, LEVELS, TYPES))
        # The studio one signs in to does well, but not too well.
        usual = manners.index(fate.GOOD)
        manners[0], manners[usual] = manners[usual], manners[0]
        maker = StudioMaker(self)
        traits = zip(chosen, manners, levels, types, strict=True)
        for position, ((place, _turn), manner, level, type_) in enumerate(traits, start=1):
            unit, (trade, topics) = places[place]
            maker.make(position, unit, trade, topics, manner, level, type_)
            if position % BATCH == 0:
                self.rows.write()
        self._withdrawn_title(count + 1, maker)
        applications.make(self)
        self.rows.write()

    def _mixed(self, mixture: list, count: int) -> list:
        """The mixture of 52 as often as needed, each time in another order."""
        mixed: list = []
        while len(mixed) < count:
            mixed += self.chance.sample(mixture, len(mixture))
        return mixed[:count]

    def _withdrawn_title(self, position: int, maker: StudioMaker) -> None:
        """One studio that lost its title last year: kept with its history, counted nowhere."""
        unit, trade = self.units[-1], "现场服务"
        lead = self.rows.add(self.roster.lead(unit.pk, trade, ""))
        founded_on = date(self.on.year - 8, 5, 20)
        studio = Studio(
            name=f"{lead.name}劳模创新工作室",
            unit=unit,
            trade=trade,
            state=Studio.State.DELISTED,
            named_on=founded_on,
            founded_on=founded_on,
            position=position,
            note="连续两年考核不合格，撤销命名",
        )
        studio.settle()
        self.rows.add(studio)
        self.rows.add(Membership(studio=studio, person=lead, role="lead", joined_on=founded_on))
        maker.event(studio, StudioEvent.Kind.NAMED, founded_on, "", studio.name)
        maker.event(
            studio,
            StudioEvent.Kind.STATE_CHANGED,
            date(self.on.year - 1, 12, 28),
            "正常运行",
            "撤销命名",
            "连续两年考核不合格",
        )
