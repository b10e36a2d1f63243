"""On paper: sheets of the size and number they were meant for."""

import re

import pytest
from django.urls import reverse

from tests.house.walking import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UPRIGHT, LYING = (595, 842), (842, 595)


def sheets(page):
    """The sizes of the sheets a page is printed on, in points."""
    printed = page.pdf(prefer_css_page_size=True)
    number = len(re.findall(rb"/Type\s*/Page[^s]", printed))
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return [(round(float(width)), round(float(height))) for width, height in sizes[:1]] * number


def test_the_page_of_a_company_leader_is_one_upright_sheet(furnished, visit):
    page = visit(furnished.cast.zheng, reverse("leader"))

    assert sheets(page) == [UPRIGHT]


def test_the_year_of_a_studio_is_one_lying_sheet(furnished, visit):
    studio = furnished.cast.studio_one
    page = visit(furnished.cast.chen, reverse("plan-strip", args=[studio.pk, NOW.year]))

    assert sheets(page) == [LYING]


#: What only a screen has a use for: menus, filters, buttons.
FOR_THE_SCREEN = (
    ".x-head, .x-bar, .x-foot, .x-tabs, .x-crumbs, .x-filter-bar, .x-button, .x-toasts, .x-pager ul"
)
#: What of that is seen, how far the page goes beyond the sheet, and how the heads of its tables are drawn.
ON_PAPER = """shown => ({
  seen: [...document.querySelectorAll(shown)].filter(each => each.checkVisibility()
    && !each.matches(".keep-print")).map(each => each.className),
  over: Math.max(0, document.documentElement.scrollWidth - document.documentElement.clientWidth),
  heads: [...document.querySelectorAll("main thead")].map(each => getComputedStyle(each).display),
})"""


def test_every_kind_of_page_is_printed_on_upright_sheets_without_menus_and_repeats_its_heads(
    furnished, visit
):
    cast, month = furnished.cast, f"{NOW:%Y-%m}"
    studio = [cast.studio_one.pk]
    page = visit(cast.zhou, reverse("home"))
    page.set_viewport_size({"width": 703, "height": 1016})  # a sheet of A4 within its margins
    faults = {}
    for name, args in (
        ("home", []),
        ("studios", []),
        ("items", []),
        ("topics", []),
        ("problems", []),
        ("lessons", []),
        ("applications", []),
        ("inbox", []),
        ("overview", [month]),
        ("chasing", [month]),
        ("studio", studio),
        ("studio-activities", studio),
        ("studio-history", studio),
        ("month", [*studio, month]),
        ("plan", [*studio, f"{NOW:%Y}"]),
    ):
        visit(cast.zhou, reverse(name, args=args), page=page)
        page.emulate_media(media="print")
        found = page.evaluate(ON_PAPER, FOR_THE_SCREEN)
        if found["seen"] or found["over"] or set(found["heads"]) - {"table-header-group"}:
            faults[name] = found
        elif set(sheets(page)) != {UPRIGHT}:
            faults[name] = sheets(page)

    assert faults == {}
