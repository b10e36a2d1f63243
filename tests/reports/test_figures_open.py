"""Every figure of the desk and of the overview opens a list that holds exactly so many rows."""

import re
from datetime import date, datetime
from html import unescape
from urllib.parse import urljoin
from zoneinfo import ZoneInfo

import pytest
import time_machine

from members.models import User
from reports.demo import group

TODAY = date(2026, 9, 18)
FIGURE = re.compile(r'x-figure-value"><a href="([^"]+)"[^>]*>\s*([\d,]+)\s*(?:<small>[^<]*</small>)?</a>')

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def officer(client):
    """The staff of the group's union, on Friday 18 September 2026, in a demo group of a dozen studios."""
    with time_machine.travel(datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        group.make(studios=12, seed=2026, on=TODAY)
        boss = User.objects.filter(grants__role="group_staff").first()
        client.force_login(boss, backend="django.contrib.auth.backends.ModelBackend")
        yield boss


def rows_behind(client, address):
    """How many rows the list of an address says it has."""
    page = client.get(address.partition("#")[0])
    assert page.status_code == 200, address
    if "#studios" in address:
        return page.context["count"]
    if "page" in page.context:
        return page.context["page"].paginator.count
    return len(page.context["rows"])


def figures_of(client, address):
    text = client.get(address).content.decode()
    return [
        (urljoin(address, unescape(href)), int(value.replace(",", "")))
        for href, value in FIGURE.findall(text)
    ]


def test_the_figures_of_the_desk_open_as_many_rows(client):
    figures = figures_of(client, "/")

    assert len(figures) >= 3
    assert [(href, rows_behind(client, href)) for href, _value in figures] == figures


def test_who_is_to_be_chased_is_the_list_behind_the_number(client):
    desk = client.get("/").context
    chased = {name: desk[name] for name in ("unplanned", "behind", "silent", "incomplete")}

    behind = {name: rows_behind(client, chase.href) for name, chase in chased.items()}

    assert behind == {name: chase.studios for name, chase in chased.items()}
    assert sum(behind.values()) > 0


def test_the_overdue_items_of_each_unit_are_the_list_behind_the_number(client):
    late = client.get("/").context["late_units"]

    assert late
    assert [rows_behind(client, href) for _unit, _count, href in late] == [count for _u, count, _h in late]


@pytest.mark.parametrize("period", ["2026-09", "2026-Q3", "2026"])
def test_the_figures_of_the_overview_open_as_many_rows(client, period):
    figures = figures_of(client, f"/overview/{period}/")

    assert len(figures) >= 5
    assert [(href, rows_behind(client, href)) for href, _value in figures] == figures
