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
