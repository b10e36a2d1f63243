"""The structure of a team (专业技术、学历、年龄结构). Pure: from facts on people to shares and warnings."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext

#: From how many members on a structure can be lopsided at all.
ENOUGH = 5
#: Younger than this is young; from that age on somebody is nearly through.
YOUNG, SENIOR = 35, 50
#: So many of a hundred should work at the front line, and no more than so many should be senior.
FRONT_LINE, MOST_SENIOR = 33, 60
#: A fact missing for more of a hundred than this says nothing about the team.
MOST_UNKNOWN = 50
#: So many months before the lead retires somebody should think of the next one.
RETIREMENT = 12

BANDS = ((0, 35), (35, 45), (45, 55), (55, 200))

#: The facts that a person's page shows to himself and to those who keep the roster alone.
PRIVATE = ("age", "education")


class Category(StrEnum):
    """工程技术人员和职工: read from what stands on record, never typed."""

    ENGINEER = "engineer"
    TECHNICIAN = "technician"
    WORKER = "worker"
    UNKNOWN = ""


WORDS = {
    Category.WORKER: gettext_lazy("front-line worker"),
    Category.TECHNICIAN: gettext_lazy("technician"),
    Category.ENGINEER: gettext_lazy("engineer"),
}


class Facts(NamedTuple):
    """What is on record of one member; empty where it is not."""

    leads: bool
    born_on: date | None
    sex: str
    education: str
    title: str
    skill_grade: str
    post: str
    trade: str
    workshop: str

    @property
    def category(self) -> Category:
        """Whoever has a skill grade is a worker; a professional title makes an engineer, its lowest ones and
        the post a technician."""
        if self.skill_grade:
            return Category.WORKER
        if "助理" in self.title or "技术员" in self.title + self.post:
            return Category.TECHNICIAN
        return Category.ENGINEER if self.title else Category.UNKNOWN


def facts_of(membership) -> Facts:
    """What is on record of a member; his person and the person's unit have been read already."""
    person = membership.person
    return Facts(
        leads=membership.role == "lead",
        born_on=person.born_on,
        sex=person.sex,
        education=person.education,
        title=person.title,
        skill_grade=person.skill_grade,
        post=person.post,
        trade=person.trade,
        workshop=person.unit.name if person.unit and person.unit.kind == "workshop" else "",
    )


class Share(NamedTuple):
    """One row of a chart; ``key`` names it in an address."""

    label: str | Promise
    count: int
    percent: int
    key: str


@dataclass(frozen=True)
class Chart:
    """How the members are spread over one fact; ``unknown`` are those of whom it is not on record."""

    key: str
    title: str | Promise
    shares: list[Share]
    unknown: int

    @property
    def sentence(self) -> str:
        """What most are, for those who do not read charts."""
        if not self.shares:
            return _("Of nobody on record.")
        most = max(self.shares, key=lambda share: share.count)
        known = sum(share.count for share in self.shares)
        said = _("Most: %(label)s, %(count)d of %(known)d.")
        said %= {"label": most.label, "count": most.count, "known": known}
        if not self.unknown:
            return said
        return said + _(" Of %d it is not on record.") % self.unknown


@dataclass(frozen=True)
class Structure:
    """A team on a day."""

    members: int
    charts: list[Chart]
    front_line: int | None
    young: int | None
    average_age: int | None
    warnings: list[str]


def age(born_on: date, on: date) -> int:
    """Full years on a day."""
    return on.year - born_on.year - ((on.month, on.day) < (born_on.month, born_on.day))


def retires_on(facts: Facts) -> date | None:
    """The first day of the month in which the lawful age is reached; None where it cannot be known.

    Men retire at 60, women at 55 and women workers at 50; since 2025 the age rises by a month for every four
    months of birth (every two for women workers), to 63, 58 and 55.
    """
    if facts.born_on is None or not facts.sex:
        return None
    if facts.sex == "male":
        years, step, most = 60, 4, 36
    elif facts.category == Category.WORKER:
        years, step, most = 50, 2, 60
    else:
        years, step, most = 55, 4, 36
    born = facts.born_on.year * 12 + facts.born_on.month - 1
    later = born - (2025 - years) * 12
    delay = min(later // step + 1, most) if later >= 0 else 0
    year, month = divmod(born + years * 12 + delay, 12)
    return date(year, month + 1, 1)


def structure(people: Iterable[Facts], *, on: date) -> Structure:
    """How a team is made up on a day, and where it is lopsided."""
    people = list(people)
    ages = [age(one.born_on, on) for one in people if one.born_on]
    bands = {str(first): _said((first, end)) for first, end in BANDS}
    words = {category.value: word for category, word in WORDS.items()}
    charts = [
        _chart("age", pgettext("structure of a team", "Age"), people, on, labels=bands),
        _chart("education", _("Schooling"), people, on),
        _chart("category", _("Front line"), people, on, labels=words),
        _chart("trade", _("Trade"), people, on),
        _chart("title", _("Professional title"), people, on),
        _chart("skill_grade", _("Skill grade"), people, on),
    ]
    known = sum(one.category != Category.UNKNOWN for one in people)
    workers = sum(one.category == Category.WORKER for one in people)
    return Structure(
        members=len(people),
        charts=charts,
        front_line=_percent(workers, known),
        young=_percent(sum(one < YOUNG for one in ages), len(ages)),
        average_age=round(sum(ages) / len(ages)) if ages else None,
        warnings=_warnings(people, ages, workers, known, on),
    )


def _warnings(people: list[Facts], ages: list[int], workers: int, known: int, on: date) -> list[str]:
    found = [warning for one in people if one.leads and (warning := _lead_goes(one, on))]
    if len(people) < ENOUGH:
        return found
    missing = _percent(len(people) - len(ages), len(people))
    if missing <= MOST_UNKNOWN:
        if min(ages) >= YOUNG:
            found.append(_("Nobody is younger than %(age)d.") % {"age": YOUNG})
        if _percent(sum(one >= SENIOR for one in ages), len(ages)) > MOST_SENIOR:
            found.append(
                _("More than %(share)d%% are %(age)d or older.") % {"share": MOST_SENIOR, "age": SENIOR}
            )
    if _percent(known, len(people)) >= MOST_UNKNOWN and workers * 100 < FRONT_LINE * known:
        said = {"share": _percent(workers, known), "least": FRONT_LINE}
        found.append(_("Only %(share)d%% work at the front line; it should be %(least)d%%.") % said)
    if only := _only(one.workshop for one in people):
        found.append(_("All come from one workshop: %s.") % only)
    if only := _only(one.trade for one in people):
        found.append(_("All have one trade: %s.") % only)
    return found


def _lead_goes(lead: Facts, on: date) -> str:
    day = retires_on(lead)
    months = (day.year - on.year) * 12 + day.month - on.month if day else None
    if months is None or months > RETIREMENT:
        return ""
    if months <= 0:
        return _("The lead has reached the age of retirement.")
    said = ngettext(
        "The lead reaches the age of retirement in %d month.",
        "The lead reaches the age of retirement in %d months.",
        months,
    )
    return said % months


def _only(values: Iterable[str]) -> str:
    """The one value that all have; empty where they differ or one is not on record."""
    different = set(values)
    return different.pop() if len(different) == 1 else ""


def _chart(key: str, title, people, on: date, labels: dict | None = None) -> Chart:
    """A chart of one fact, its rows in the order of ``labels`` or the most frequent first."""
    counts = Counter(value for one in people if (value := value_of(one, key, on=on)))
    labels = labels or {value: value for value, _count in counts.most_common()}
    known = sum(counts.values())
    shares = [
        Share(label, counts[value], _percent(counts[value], known), value)
        for value, label in labels.items()
        if counts[value]
    ]
    return Chart(key, title, shares, len(people) - known)


def value_of(one: Facts, key: str, *, on: date) -> str:
    """Which row of a chart a member stands in, by its key; "" where it is not on record."""
    if key != "age":
        return str(getattr(one, key))
    if one.born_on is None:
        return ""
    years = age(one.born_on, on)
    return next(str(first) for first, end in BANDS if first <= years < end)


def _said(band: tuple[int, int]) -> str:
    first, end = band
    if not first:
        return _("under %d") % end
    return (
        _("%d and older") % first
        if end > 100
        else _("%(first)d to %(last)d") % {"first": first, "last": end - 1}
    )


def _percent(count: int, of: int) -> int | None:
    return round(count * 100 / of) if of else None
