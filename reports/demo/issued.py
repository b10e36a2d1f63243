"""The reports that the unions have issued: the group two, one of them twice, and a unit one."""

from __future__ import annotations

from core import workdays
from core.calendar import QUARTER, Period
from reports import issuing
from reports.models import Report

SUMMARY = (
    "各单位工会按月督促，基层反映的设备、材料问题已逐项落实协调人。\n"
    "请计划完成率偏低的单位会同领衔人分析原因，下月例会上说明改进措施。"
)
AGAIN = "补录两个工作室经基层工会同意的补充试验结果"


def make(group) -> None:
    """Issue what was due before the last month; the last month's is left to whoever tries it."""
    month = Period.containing(group.on).previous.previous
    calendar = workdays.load()
    for unit, period, reason in [
        (group.staff_unit, Period.containing(group.on, QUARTER).previous, ""),
        (group.staff_unit, month, ""),
        (group.staff_unit, month, AGAIN),
        (group.units[0], month, ""),
    ]:
        draft = Report.draft_of(unit, period)
        draft.summary, draft.reason = SUMMARY, reason
        draft.save()
        issuing.issue(draft, by=group.staff, at=group.noon, on=group.on, calendar=calendar)
