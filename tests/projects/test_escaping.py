"""What people type stays text, also where a form repeats it as help."""

from decimal import Decimal

import pytest

from projects.models import Indicator, Plan, PlanItem

pytestmark = pytest.mark.django_db


def test_a_unit_of_measure_is_text_on_the_page_of_its_item(sign_in, cast):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    item = PlanItem.objects.create(plan=plan, content="试验", owner=cast.chen.person)
    Indicator.objects.create(
        item=item,
        person=cast.chen.person,
        name="次数",
        start=Decimal(0),
        target=Decimal(9),
        unit_of_measure="<b hx-get=x>",
    )

    page = sign_in(cast.chen).get(item.get_absolute_url()).content.decode()

    assert "&lt;b hx-get=x&gt;" in page
    assert "<b hx-get" not in page
