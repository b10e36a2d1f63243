"""Forms under a thumb."""

import pytest
from django.urls import reverse

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_rows_of_an_application_are_cards_whose_fields_take_the_whole_width(cast, visit, page):
    page.set_viewport_size({"width": 360, "height": 740})
    page = visit(cast.lin, reverse("application-new"))

    for name, least in (("team-0-name", 240), ("team-0-duty", 240), ("topics-0-due_on", 180)):
        field = page.locator(f"[name={name}]")
        seen, card = field.bounding_box(), field.locator("xpath=ancestor::tr").bounding_box()
        assert seen["width"] >= least
        assert seen["x"] + seen["width"] <= card["x"] + card["width"]
