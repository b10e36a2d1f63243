"""Who is behind with what this month: the studios against plan, progress, activity and report.

A cell is due, missing or settled; what is missing may be chased. All of a union's studios are looked at in a
fixed number of queries, so that the counts are those of the whole and not of one page.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext, pgettext, pgettext_lazy

from core.calendar import Period
from core.shown import moment
from core.workdays import Workdays
from notifications.models import Notice
from projects.expected import Standing
from projects.models import Plan
from projects.reminders import unreported
from studios import rhythm
from studios.models import Activity, Studio
from studios.rules import STAFF

KIND = "reports.chasing"
PLAN, PROGRESS, ACTIVITY, REPORT = CHECKS = ("plan", "progress", "activity", "report")
#: What a message says is missing.
MISSING: dict[str, Promise] = {
    PLAN: gettext_lazy("the plan of the month"),
    PROGRESS: gettext_lazy("progress on what is behind"),
    ACTIVITY: gettext_lazy("an activity this month"),
    REPORT: gettext_lazy("the report on running items"),
}
LABELS: dict[str, Promise] = {
    PLAN: gettext_lazy("Plan"),
    PROGRESS: gettext_lazy("Progress"),
    ACTIVITY: gettext_lazy("Activity"),
    REPORT: gettext_lazy("Report"),
}
#: What the studios have in common that are counted below each label.
COUNTED: dict[str, Promise] = {
    PLAN: gettext_lazy("nothing planned for the month"),
    PROGRESS: gettext_lazy("behind and silent for more than 7 days"),
    ACTIVITY: gettext_lazy("fewer held or announced than asked for"),
    REPORT: gettext_lazy("running items not reported"),
}
NO_PLAN_YET = pgettext_lazy("chasing", "waits for the plan")

#: A studio that is behind but reported within so many days is at it, and not chased for its progress.
AT_IT_DAYS = 7
#: Activities that a studio holds a month. House rules are texts of their own; one is what all of them share.
ACTIVITIES_A_MONTH = 1


@dataclass(frozen=True)
class Cell:
    """How a studio stands in one matter: a word, its tone, and whether it is to be chased."""

    check: str
    word: str
    tone: str = "good"
    missing: bool = False

    @property
    def label(self) -> str:
        return str(LABELS[self.check])


@dataclass(frozen=True)
class Facts:
    """What is known of a studio's month; ``standing`` is None where nothing is planned."""

    planned: int = 0
    standing: Standing | None = None
    complete: bool = False
    reported_on: date | None = None
    held: int = 0
    to_come: int = 0
    asked: int = ACTIVITIES_A_MONTH
    unreported: int = 0


@dataclass(frozen=True)
class Row:
    """One studio of the grid. ``reminded_on``: when it was last chased for this month."""

    pk: int
    name: str
    unit: str
    lead: str | None
    cells: list[Cell] = field(default_factory=list)
    reminded_on: date | None = None

    @property
    def missing(self) -> list[str]:
        return [cell.check for cell in self.cells if cell.missing]


def cells(facts: Facts, *, on: date) -> list[Cell]:
    """The four cells of a studio on a day, in the order of ``CHECKS``. Pure."""
    return [_plan(facts), _progress(facts, on), _activity(facts), _report(facts)]


def _plan(facts: Facts) -> Cell:
    if not facts.planned:
        return Cell(PLAN, pgettext("chasing", "no plan"), "bad", missing=True)
    return Cell(PLAN, ngettext("%(count)d item", "%(count)d items", facts.planned) % {"count": facts.planned})


def _progress(facts: Facts, on: date) -> Cell:
    if facts.standing is None:
        return Cell(PROGRESS, str(NO_PLAN_YET), "plain")
    if facts.complete:
        return Cell(PROGRESS, _("all done"))
    if not facts.standing.is_behind:
        return Cell(PROGRESS, facts.standing.word)
    if facts.reported_on and on - facts.reported_on <= timedelta(days=AT_IT_DAYS):
        said = {"word": facts.standing.word, "day": moment(facts.reported_on)}
        return Cell(PROGRESS, _("%(word)s, reported %(day)s") % said, "info")
    return Cell(PROGRESS, facts.standing.word, "warn", missing=True)


def _activity(facts: Facts) -> Cell:
    if facts.held >= facts.asked:
        return Cell(ACTIVITY, pgettext("chasing", "%(count)d held") % {"count": facts.held})
    if facts.held + facts.to_come >= facts.asked:
        return Cell(ACTIVITY, pgettext("chasing", "announced"), "info")
    if facts.held:
        of = {"held": facts.held, "asked": facts.asked}
        return Cell(ACTIVITY, pgettext("chasing", "%(held)d of %(asked)d held") % of, "warn", missing=True)
    return Cell(ACTIVITY, pgettext("chasing", "none held"), "warn", missing=True)


def _report(facts: Facts) -> Cell:
    if not facts.planned:
        return Cell(REPORT, str(NO_PLAN_YET), "plain")
    if not facts.unreported:
        return Cell(REPORT, pgettext("chasing", "reported"))
    said = ngettext("%(count)d item unreported", "%(count)d items unreported", facts.unreported)
    return Cell(REPORT, said % {"count": facts.unreported}, "bad", missing=True)


def to_chase(user) -> QuerySet[Studio]:
    """The working studios that a person may chase: those of the units he works for."""
    studios = Studio.objects.active()
    if user.is_superuser:
        return studios
    mine = Q(pk__in=[])
    for path in {path for role, path in user.scopes if role in STAFF}:
        mine |= Q(unit__path__startswith=path)
    return studios.filter(mine)


def grid(studios: QuerySet[Studio], month: Period, *, on: date, calendar: Workdays) -> list[Row]:
    """A row for each of the studios, by unit and by their place in the register. Eight queries."""
    plans = Plan.objects.of(month).filter(studio__in=studios)
    standings = plans.standings(on=on, calendar=calendar)
    fields = ("studio_id", "pk", "planned", "complete", "reported_at")
    planned = {studio: rest for studio, *rest in plans.order_by().values_list(*fields)}
    activities = Activity.objects.in_period(month).filter(studio__in=studios).order_by()
    held = {
        studio: counts
        for studio, *counts in activities.values_list("studio").annotate(
            held=Count("pk", filter=Q(held_on__lte=on)), to_come=Count("pk", filter=Q(held_on__gt=on))
        )
    }
    asked = rhythm.asked_for(studios, on=min(max(on, month.starts_on), month.ends_on))
    silent = unreported(month).filter(studio__in=studios).order_by()
    open_reports = dict(silent.values_list("studio_id", "unreported"))
    reminded = _reminded(month)
    ordered = studios.with_lead().order_by("unit__position", "unit__path", "position", "pk")
    rows = []
    for pk, name, unit, lead in ordered.values_list("pk", "name", "unit__name", "lead_name"):
        plan, items, complete, reported_at = planned.get(pk, (None, 0, False, None))
        facts = Facts(
            planned=items,
            standing=standings.get(plan),
            complete=complete,
            reported_on=timezone.localdate(reported_at) if reported_at else None,
            held=held.get(pk, (0, 0))[0],
            to_come=held.get(pk, (0, 0))[1],
            asked=asked.get(pk, ACTIVITIES_A_MONTH),
            unreported=open_reports.get(pk, 0),
        )
        rows.append(Row(pk, name, unit, lead, cells(facts, on=on), reminded.get(pk)))
    return rows


def occasion(month: Period, on: date) -> str:
    """What makes one chasing differ from the next: a studio is chased once for a month on a day."""
    return f"{month.key}:{on}"


def _reminded(month: Period) -> dict[int, date]:
    """When each studio was last chased for a month, by its id."""
    notices = Notice.objects.filter(kind=KIND, params__month=month.starts_on.isoformat()).order_by()
    latest = notices.values_list("about").annotate(Max("created_at"))
    return {int(about.rpartition(":")[2]): timezone.localdate(at) for about, at in latest}


def counts(rows: Iterable[Row]) -> Counter[str]:
    """How many studios miss each of the four; ``any`` those that miss something."""
    found: Counter[str] = Counter()
    for row in rows:
        found.update(row.missing)
        found["any"] += bool(row.missing)
    return found


def said(missing: Iterable[str]) -> str:
    """What is missing, as a message lists it, in the active language."""
    return pgettext("between things", ", ").join(str(MISSING[check]) for check in missing)
