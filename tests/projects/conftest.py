"""A small plan for the studio of 一厂, and a day on which the pages are looked at."""

from datetime import date, datetime
from types import SimpleNamespace
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection

from core.append_only import protect, release
from projects.models import Plan, PlanItem, ProgressEntry
from projects.progress import add_up

NOON = datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def plan_of(studio, period):
    return Plan.objects.get(studio=studio, period=period)


@pytest.fixture
def september():
    """It is Friday, 18 September 2026."""
    with time_machine.travel(NOON, tick=False):
        yield


@pytest.fixture
def work(cast):
    """A year item over a quarter item over two month items (weights 2, 3), and a study item of the month."""

    def put(period, content, **fields):
        return PlanItem.objects.create(plan=plan_of(cast.studio_one, period), content=content, **fields)

    year = put("2026", "残极率降到14.0%以下", owner=cast.chen.person)
    quarter = put("2026-Q3", "完成工业试验", owner=cast.chen.person, parent=year)
    august = put(
        "2026-08", "备件到货验收", owner=cast.lin.person, parent=quarter, weight=2, due_on=date(2026, 8, 31)
    )
    test = put(
        "2026-09",
        "完成3组单因素试验",
        owner=cast.wang.person,
        parent=quarter,
        weight=3,
        due_on=date(2026, 9, 20),
        done_when="试验记录表",
    )
    study = put("2026-09", "学习QC七种工具", owner=cast.lin.person, kind="study", due_on=date(2026, 9, 25))
    add_up(year.plan)
    return SimpleNamespace(year=year, quarter=quarter, august=august, test=test, study=study)


@pytest.fixture
def emptied_afterwards(transactional_db):
    """The journal refuses to be emptied: its triggers rest while the next test is made room for."""
    yield
    release(connection)
    ProgressEntry.objects.all()._raw_delete("default")
    protect(connection)
