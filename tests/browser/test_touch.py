"""Under a thumb what can be pressed is 44 px, under a mouse tables stay dense."""

import pytest
from django.urls import reverse

from tests.browser.touching import LEAST, TOO_SMALL

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def touched(new_context, watched, visit):
    """Open an address on a screen of that size that fingers touch: ``touched(cast.li, address, size)``."""
    page = watched(new_context(has_touch=True).new_page())

    def opened(user, address, size):
        page.set_viewport_size(size)
        return visit(user, address, page=page)

    return opened


def test_at_a_desk_a_row_is_two_lines_high_and_sorting_is_a_line_of_the_head(cast, visit, page):
    page = visit(cast.li, reverse("studios"))

    assert page.locator("thead").bounding_box()["height"] <= 52
    assert page.locator("tbody tr").first.bounding_box()["height"] <= 84
    assert page.locator("thead a").first.bounding_box()["height"] == 32


def test_on_a_tablet_a_thumb_hits_everything_in_the_same_table(cast, touched):
    page = touched(cast.li, reverse("studios"), {"width": 1024, "height": 768})

    assert page.locator("thead a").first.bounding_box()["height"] == 44
    assert page.evaluate(TOO_SMALL, LEAST) == []
