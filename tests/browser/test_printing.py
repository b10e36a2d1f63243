"""On paper: sheets of the size and number they were meant for."""

import re

import pytest
from django.urls import reverse

from tests.house.walking import NOW

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

UPRIGHT, LYING = (595, 842), (842, 595)


def sheets(page, which=""):
    """The sizes of the sheets a page is printed on, in points: all, or some (``"1"``)."""
    printed = page.pdf(prefer_css_page_size=True, page_ranges=which)
    number = len(re.findall(rb"/Type\s*/Page[^s]", printed))
    sizes = re.findall(rb"/MediaBox\s*\[0 0 ([\d.]+) ([\d.]+)\]", printed)
    return [(round(float(width)), round(float(height))) for width, height in sizes[:1]] * number


def test_the_page_of_a_company_leader_is_one_upright_sheet_and_the_year_of_a_studio_a_lying_one(
    furnished, visit
):
    cast = furnished.cast
    assert sheets(visit(cast.zheng, reverse("leader"))) == [UPRIGHT]

    year = reverse("plan-strip", args=[cast.studio_one.pk, NOW.year])
    assert sheets(visit(cast.chen, year)) == [LYING]


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
        elif (first := sheets(page, "1")) != [UPRIGHT]:
            faults[name] = first

    assert faults == {}
