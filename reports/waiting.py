"""What waits on an officer's desk, as lines of one kind after the other: what weighs most stands first."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from core.shown import yuan

#: So many lines of a kind stand open; the others are folded below them.
OPEN = 3


@dataclass(frozen=True)
class Line:
    """One thing that waits: what it is, where it is decided, since when or until when, and what is asked."""

    title: str
    sub: str
    href: str
    icon: str
    sign: str = ""
    tone: str = "warn"
    when: date | datetime | None = None


@dataclass(frozen=True)
class Kind:
    """All that waits of one kind; ``whole`` leads to the page that has the whole of it, if there is one."""

    lines: list[Line]
    whole: Line | None = None

    @property
    def shown(self) -> list[Line]:
        return self.lines[:OPEN]

    @property
    def folded(self) -> list[Line]:
        return self.lines[OPEN:]


def kinds(found: Mapping[str, Any]) -> list[Kind]:
    """The kinds of which something waits, in the order in which they are to be seen to. No queries."""
    report = [found["report"]] if found["report"] else []
    every = [
        Kind(_each(_report, report)),
        Kind(_each(_application, found["waiting"])),
        Kind(_each(_plan, found["plans"])),
        Kind(_each(_change, found["changes"])),
        Kind(_each(_lesson, found["lessons"])),
        Kind(_each(_decision, found["decisions"]), whole=_all_decisions()),
        Kind(_each(_problem, found["problems"])),
        Kind(_each(_support, found["support"])),
        Kind(_each(_spending, found["spendings"])),
    ]
    return [kind for kind in every if kind.lines]


def _each(line: Callable[[Any], Line], found: Iterable[Any]) -> list[Line]:
    return [line(one) for one in found]


def _report(report) -> Line:
    title = _("The report on %(period)s") % {"period": report.period}
    return Line(title, "", report.href, "report", _("not issued"))


def _application(one) -> Line:
    href, state = one.get_absolute_url(), one.get_state_display()
    return Line(str(one), str(one.unit), href, "clipboard-list", state, "info", one.submitted_at)


def _plan(plan) -> Line:
    href = reverse("plan-decide", args=[plan.studio_id, plan.period])
    return Line(plan.studio.name, str(plan.span), href, "calendar-event", _("Plan to confirm"))


def _change(change) -> Line:
    href, sign = change.get_absolute_url(), _("Change request")
    return Line(change.item.content, change.said, href, "pencil", sign, when=change.asked_at)


def _lesson(lesson) -> Line:
    title, href = _("A failure to tolerate"), lesson.get_absolute_url()
    return Line(title, lesson.title, href, "books", lesson.studio.name, when=lesson.proposed_at)


def _decision(decision: tuple[str, int, str]) -> Line:
    name, count, href = decision
    sign = ngettext("%(count)d proposal", "%(count)d proposals", count) % {"count": count}
    return Line(_("Deductions and rewards to decide"), name, href, "gavel", sign)


def _all_decisions() -> Line:
    href = f"{reverse('consequences')}?state=proposed"
    return Line(_("Deductions and rewards to decide"), _("All"), href, "gavel")


def _problem(problem) -> Line:
    href, state = problem.get_absolute_url(), problem.get_state_display()
    return Line(problem.what, problem.studio.name, href, "help", state, when=problem.due_on)


def _support(one) -> Line:
    said = ngettext(
        "%(studio)s · waiting for %(days)d working day",
        "%(studio)s · waiting for %(days)d working days",
        one.days,
    )
    sub = said % {"studio": one.studio.name, "days": one.days}
    sign, tone = (_("Support overdue"), "bad") if one.late else (_("Support"), "warn")
    return Line(one.what, sub, one.get_absolute_url(), "heart", sign, tone, one.asked_on)


def _spending(one) -> Line:
    sign = _("%(amount)s yuan") % {"amount": yuan(one.amount)}
    return Line(one.purpose, one.studio.name, one.get_absolute_url(), "wallet", sign, when=one.on)
