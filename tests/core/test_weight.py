"""What a page weighs as it travels: pages are compressed, and the one opened most stays below its budget."""

import gzip
import re
from datetime import date
from pathlib import Path

import pytest
from django.contrib.staticfiles import finders
from django.urls import reverse

from projects.models import Indicator, Plan, PlanItem
from projects.progress import add_up

BUDGET = 150_000
LOADED = re.compile(r"""<(?:link rel="stylesheet" href|script src)="/static/([^"]+)\"""")


@pytest.fixture
def full_month(cast):
    """A month of sixteen items, each with the indicators of two members."""
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    for number in range(16):
        item = PlanItem.objects.create(
            plan=plan,
            content=f"完成第{number}组焊接工艺试验",
            owner=cast.chen.person,
            due_on=date(2026, 11, 20),
        )
        for person in (cast.wang.person, cast.lin.person):
            Indicator.objects.create(item=item, person=person, name="组数", start=0, target=3)
    add_up(plan)
    return reverse("month", args=[cast.studio_one.pk, "2026-11"])


def asked(page, address):
    """The page as a browser is sent it."""
    return page.get(address, headers={"accept-encoding": "gzip, deflate"})


def loaded(answer):
    """The style sheets and scripts that a compressed page loads."""
    return LOADED.findall(gzip.decompress(answer.content).decode())


def test_the_month_page_weighs_less_than_its_budget(full_month, sign_in, cast):
    """Counted by gzip, since browsers take brotli over HTTPS alone."""
    answer = asked(sign_in(cast.chen), full_month)

    files = loaded(answer)
    weights = {name: len(gzip.compress(Path(finders.find(name)).read_bytes())) for name in files}
    assert {"vendor/tabler.min.css", "vendor/htmx.min.js"} <= set(files)
    assert len(answer.content) + sum(weights.values()) < BUDGET, (len(answer.content), weights)


def test_only_the_pages_with_charts_load_the_library_of_charts(full_month, sign_in, cast):
    page = sign_in(cast.li)
    library = "vendor/echarts.common.min.js"

    assert library in loaded(asked(page, "/trends/2026/"))
    for address in (full_month, "/", "/studios/", "/overview/2026-11/", "/heatmap/2026/"):
        assert library not in loaded(asked(page, address)), address


def test_a_page_travels_compressed_and_its_length_tells_nothing(full_month, sign_in, cast):
    page = sign_in(cast.chen)
    answers = [asked(page, full_month) for _ in range(4)]

    assert {answer["Content-Encoding"] for answer in answers} == {"gzip"}
    assert len({len(answer.content) for answer in answers}) > 1
    assert "Content-Encoding" not in page.get(full_month).headers


def test_a_workbook_is_sent_as_it_is(sign_in, cast):
    answer = asked(sign_in(cast.li), "/studios/export/")

    assert answer["Content-Type"].startswith("application/vnd.openxmlformats")
    assert "Content-Encoding" not in answer.headers
