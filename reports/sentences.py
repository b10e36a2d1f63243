"""What the figures of a report say in sentences, in the active language. Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import pgettext, pgettext_lazy

from core.calendar import MONTH, QUARTER, YEAR
from core.shown import DASH, day, percent_shown, wan
from reports.contents import Contents, Line
from reports.overview import Record

KINDS: dict[str, Promise] = {
    MONTH: pgettext_lazy("report", "monthly report"),
    QUARTER: pgettext_lazy("report", "quarterly report"),
    YEAR: pgettext_lazy("report", "yearly report"),
}
THIS: dict[str, Promise] = {
    MONTH: pgettext_lazy("beginning of a sentence", "This month"),
    QUARTER: pgettext_lazy("beginning of a sentence", "This quarter"),
    YEAR: pgettext_lazy("beginning of a sentence", "This year"),
}
NEXT: dict[str, Promise] = {
    MONTH: pgettext_lazy("beginning of a sentence", "Next month"),
    QUARTER: pgettext_lazy("beginning of a sentence", "Next quarter"),
    YEAR: pgettext_lazy("beginning of a sentence", "Next year"),
}


def title(contents: Contents) -> str:
    """What stands above the report."""
    named = {"unit": contents.unit, "period": contents.period, "kind": KINDS[contents.period.kind]}
    return _("%(unit)s: innovation studios, %(kind)s %(period)s") % named


def sentences(contents: Contents) -> list[str]:
    """The report in words: the work, who handed in, what came of it, what is stuck, what is next."""
    told: list[Callable[[Contents], str]] = [_work, _studios, _achievements, _problems, _focus]
    return [sentence for tell in told if (sentence := tell(contents))]


def rate(figure: Record, percent: float | None) -> str:
    """A rate as people read it; a dash where nothing counts."""
    return percent_shown(percent) if figure.counted else DASH


def handed_in(line: Line) -> tuple[str, str]:
    """In a word whether the period was closed in time, with the word's tone."""
    if not line.is_planned:
        return pgettext("report", "no plan"), "plain"
    if line.closed_at:
        return (pgettext("report", "late"), "warn") if line.late else (pgettext("report", "in time"), "good")
    if line.late:
        return pgettext("report", "not closed, late"), "bad"
    return pgettext("report", "not closed yet"), "warn"


def reasons(line: Line) -> str:
    """Why items were not done, each reason once."""
    return pgettext("between reasons", "; ").join(_without_stop(reason) for reason, _count in line.reasons)


def _work(contents: Contents) -> str:
    total, this = contents.total, THIS[contents.period.kind]
    if not total.planned:
        return _("%(this)s nothing was planned.") % {"this": this}
    figures = {
        "this": this,
        "planned": total.planned,
        "done": total.done,
        "rate": rate(total, total.on_time_percent),
    }
    clauses = [_("%(this)s planned items %(planned)d, done %(done)d, on-time rate %(rate)s") % figures]
    if total.tolerated:
        clauses.append(_("tolerated %(count)d") % {"count": total.tolerated})
    if contents.undone:
        clauses.append(_undone(contents))
    return _sentence(pgettext("between clauses", "; ").join(clauses))


def _undone(contents: Contents) -> str:
    parts = [_("not done %(count)d") % {"count": contents.undone}]
    if contents.main_reasons:
        listed = _listed(contents.main_reasons, contents)
        parts.append(_("mainly because of %(reasons)s") % {"reasons": listed})
    if contents.made_up_by:
        parts.append(_("what is carried over is to be done by %(day)s") % {"day": day(contents.made_up_by)})
    return pgettext("between parts", ", ").join(parts)


def _studios(contents: Contents) -> str:
    total = contents.total
    clauses = [
        _("Studios working: %(all)d, with a plan: %(planned)d")
        % {"all": total.active, "planned": total.with_plan}
    ]
    if contents.open_lines:
        clauses.append(_("not closed yet: %(count)d") % {"count": contents.open_lines})
    if contents.late_lines:
        clauses.append(_("late: %(count)d") % {"count": contents.late_lines})
    return _sentence(pgettext("between clauses", "; ").join(clauses))


def _achievements(contents: Contents) -> str:
    count, benefit = contents.whole_year
    here = {
        "activities": contents.activities,
        "studies": contents.studies,
        "achievements": contents.achievements,
    }
    clauses = [
        _("Activities: %(activities)d, of them studies: %(studies)d, achievements: %(achievements)d") % here,
        _("since the start of the year achievements: %(count)d, verified benefit: %(benefit)s (10,000 yuan)")
        % {"count": count, "benefit": wan(benefit)},
    ]
    return _sentence(pgettext("between clauses", "; ").join(clauses))


def _problems(contents: Contents) -> str:
    if not contents.problem_count:
        return _("No problem is open.")
    return _("Problems open: %(count)d.") % {"count": contents.problem_count}


def _focus(contents: Contents) -> str:
    if not contents.focus:
        return ""
    listed = _listed(contents.focus, contents)
    return _("%(next)s first of all: %(items)s.") % {"next": NEXT[contents.period.kind], "items": listed}


def _listed(texts: Sequence[str], contents: Contents) -> str:
    """Typed texts in a row; semicolons keep them apart where one of them has a comma of its own."""
    parts = [_without_stop(text) for text in texts]
    if contents.wording > 1 and any(comma in part for part in parts for comma in "，、,"):
        return pgettext("between reasons", "; ").join(parts)
    return pgettext("between things", ", ").join(parts)


def _sentence(text: str) -> str:
    return pgettext("sentence", "%(text)s.") % {"text": text}


def _without_stop(text: str) -> str:
    """A typed sentence as a part of another one."""
    return text.strip().rstrip(".。;；")
