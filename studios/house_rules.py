"""The five questions of the source document as settings that the software keeps. Pure.

Each version of a rule may carry the settings of its kind beside its text; ``of`` reads them, ``kept`` writes
them. A version without settings is words alone: nothing is counted, proposed or asked by it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields
from decimal import Decimal
from typing import Any, ClassVar

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext_lazy


class Need(TextChoices):
    """What somebody who is stuck needs."""

    TECHNIQUE = "technique", gettext_lazy("technique")
    MONEY = "money", gettext_lazy("money")
    EQUIPMENT = "equipment", gettext_lazy("equipment")
    PEOPLE = "people", pgettext_lazy("what is needed", "people")
    OTHER_UNIT = "other_unit", gettext_lazy("another unit's help")


class Post(TextChoices):
    """Whom a rule may name without a name."""

    LEAD = "lead", pgettext_lazy("named by a rule", "the lead")
    LIAISON = "liaison", pgettext_lazy("named by a rule", "the liaison")
    UNIT_CONTACT = "unit_contact", pgettext_lazy("named by a rule", "the unit's union contact")
    GROUP_STAFF = "group_staff", pgettext_lazy("named by a rule", "the group's union staff")


PERSON = "person:"
"""What stands before the number of a person whom a rule names."""


@dataclass(frozen=True)
class Activities:
    """How many activities a month."""

    kind: ClassVar[str] = "activities"
    a_month: int = 1

    def sentences(self, _name_of=None) -> list[str]:
        said = ngettext(
            "At least %(count)d activity a month.", "At least %(count)d activities a month.", self.a_month
        )
        return [said % {"count": self.a_month}]


@dataclass(frozen=True)
class Leave:
    """Who lets one stay away, and how long before."""

    kind: ClassVar[str] = "leave"
    approver: str = Post.LEAD
    hours_before: int = 24

    def sentences(self, _name_of=None) -> list[str]:
        said = ngettext(
            "Leave is asked for %(hours)d hour before the beginning; %(who)s decides.",
            "Leave is asked for %(hours)d hours before the beginning; %(who)s decides.",
            self.hours_before,
        )
        return [said % {"hours": self.hours_before, "who": Post(self.approver).label}]


@dataclass(frozen=True)
class Coordination:
    """Who steps forward for each need: a ``Post``, or ``person:12``; "" where the rule names nobody."""

    kind: ClassVar[str] = "coordination"
    technique: str = ""
    money: str = ""
    equipment: str = ""
    people: str = ""
    other_unit: str = ""

    def named(self, need: str) -> str:
        return getattr(self, need)

    @property
    def person_ids(self) -> list[int]:
        said = [getattr(self, need) for need in Need.values]
        return [int(value.removeprefix(PERSON)) for value in said if value.startswith(PERSON)]

    def sentences(self, name_of=None) -> list[str]:
        """``name_of`` gives the name of a person by his number."""
        said = []
        for need in Need:
            value = self.named(need.value)
            if value.startswith(PERSON):
                who = (name_of or {}).get(int(value.removeprefix(PERSON)), _("a person named"))
            elif value:
                who = Post(value).label
            else:
                continue
            said.append(
                _("Where %(need)s is wanted, %(who)s coordinates.") % {"need": need.label, "who": who}
            )
        return said


def _with_points(settings, said: dict[str, str]) -> dict[str, str]:
    points = {name: getattr(settings, name) for name in said}
    return {name: said[name] % {"points": f"{value:f}"} for name, value in points.items() if value}


@dataclass(frozen=True)
class Appraisal:
    """Points taken for what was not reached. ``cap`` is the most for one month or quarter, None without."""

    kind: ClassVar[str] = "appraisal"
    month_item: Decimal = Decimal(0)
    quarter_item: Decimal = Decimal(0)
    late_day: Decimal = Decimal(0)
    cap: Decimal | None = None

    def clauses(self) -> dict[str, str]:
        """The sentence of each setting that says something."""
        said = {
            "month_item": _("Points off for each unmet item of a month: %(points)s."),
            "quarter_item": _("Points off for each unmet item of a quarter: %(points)s."),
            "late_day": _("Points off for each working day that an item was late: %(points)s."),
            "cap": _("Points for one month or quarter at most: %(points)s."),
        }
        return _with_points(self, said)

    def sentences(self, _name_of=None) -> list[str]:
        return list(self.clauses().values())


@dataclass(frozen=True)
class Reward:
    """What a reached goal brings. Money is in yuan; it is recorded, not paid."""

    kind: ClassVar[str] = "reward"
    quarter_item: Decimal = Decimal(0)
    year_item: Decimal = Decimal(0)
    topic: Decimal = Decimal(0)
    money: Decimal = Decimal(0)
    honour: str = ""
    recommendation: str = ""

    def clauses(self) -> dict[str, str]:
        """The sentence of each number of points."""
        said = {
            "quarter_item": _("Points for each reached item of a quarter: %(points)s."),
            "year_item": _("Points for each reached item of a year: %(points)s."),
            "topic": _("Points for each concluded topic: %(points)s."),
        }
        return _with_points(self, said)

    def sentences(self, _name_of=None) -> list[str]:
        sentences = list(self.clauses().values())
        if self.money:
            sentences.append(
                _("A reached year item or topic brings %(money)s yuan.") % {"money": f"{self.money:f}"}
            )
        if self.honour:
            sentences.append(_("Honour: %(honour)s.") % {"honour": self.honour})
        if self.recommendation:
            sentences.append(_("Recommendation: %(what)s.") % {"what": self.recommendation})
        return sentences


Settings = Activities | Leave | Coordination | Appraisal | Reward

KINDS: dict[str, type[Settings]] = {
    each.kind: each for each in (Activities, Leave, Coordination, Appraisal, Reward)
}


def of(kind: str, stored: dict[str, Any]) -> Settings | None:
    """The settings of a kind of rule as they are stored; None where there are none."""
    form = KINDS.get(kind)
    if form is None or not stored:
        return None
    known = {field.name: field.type for field in fields(form)}
    return form(
        **{
            name: Decimal(value) if "Decimal" in str(known[name]) and value is not None else value
            for name, value in stored.items()
            if name in known
        }
    )


def kept(settings: Settings | None) -> dict[str, Any]:
    """The settings as they are stored: numbers with a point as text, so that none is rounded."""
    if settings is None:
        return {}
    return {
        name: str(value) if isinstance(value, Decimal) else value for name, value in asdict(settings).items()
    }
