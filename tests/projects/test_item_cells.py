"""A cell of the list of items is changed where it stands: checked against others, refused with the reason."""

from datetime import date

import pytest
from django.urls import reverse

from projects.models import PlanItem
from projects.progress import find_drift, report
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.usefixtures("september")
HTMX = {"HX-Request": "true"}


def cell(item, name):
    return reverse("item-field", args=[item.pk, name])


def test_a_cell_opens_as_a_field_with_what_stands_in_it(sign_in, cast, work):
    text = sign_in(cast.chen).get(cell(work.test, "due"), headers=HTMX).content.decode()

    assert "2026-09-20" in text
    assert "<html" not in text


def test_a_saved_cell_shows_its_new_value_and_offers_the_way_back(sign_in, cast, work):
    sent = {"due_on": "2026-09-22", "version": work.test.version}
    text = sign_in(cast.chen).post(cell(work.test, "due"), sent, headers=HTMX).content.decode()

    assert PlanItem.objects.get(pk=work.test.pk).due_on == date(2026, 9, 22)
    assert "2026年9月22日（周二）" in text
    assert "3 个工作日后" in text
    assert "撤销" in text


def test_a_weight_changed_in_its_cell_moves_the_figures_above(sign_in, cast, work):
    report(work.test, by=cast.wang, at=NOON, percent=50)
    sent = {"weight": "1", "version": work.test.version}

    sign_in(cast.chen).post(cell(work.test, "weight"), sent, headers=HTMX)

    assert plan_of(cast.studio_one, "2026-09").shown == "25"
    assert list(find_drift()) == []


@pytest.mark.parametrize(
    ("name", "sent", "reason"),
    [
        ("weight", {"weight": "0"}, "权重必须大于 0"),
        ("weight", {"weight": "很重"}, "很重"),
        ("due", {"due_on": "2026-09-01"}, "完成时限早于开始日期"),
    ],
)
def test_what_cannot_be_saved_stays_in_the_cell_with_the_reason(sign_in, cast, work, name, sent, reason):
    PlanItem.objects.filter(pk=work.test.pk).update(starts_on=date(2026, 9, 5))

    answer = sign_in(cast.chen).post(cell(work.test, name), {**sent, "version": 1}, headers=HTMX)

    text = answer.content.decode()
    assert answer.status_code == 422
    assert reason in text
    assert next(iter(sent.values())) in text
    assert PlanItem.objects.get(pk=work.test.pk).weight == 3


def test_who_comes_second_sees_the_other_value_and_overwrites_it_only_knowingly(sign_in, cast, work):
    first = {"due_on": "2026-09-22", "version": 1}
    second = {"due_on": "2026-09-25", "version": 1}
    sign_in(cast.lin).post(cell(work.test, "due"), first, headers=HTMX)

    clash = sign_in(cast.chen).post(cell(work.test, "due"), second, headers=HTMX)
    assert clash.status_code == 422
    assert "2026-09-22" in clash.content.decode() or "2026年9月22日" in clash.content.decode()
    assert PlanItem.objects.get(pk=work.test.pk).due_on == date(2026, 9, 22)

    again = {**second, "keep_due_on": "mine:2"}
    sign_in(cast.chen).post(cell(work.test, "due"), again, headers=HTMX)
    assert PlanItem.objects.get(pk=work.test.pk).due_on == date(2026, 9, 25)


def test_two_who_change_different_cells_of_a_row_do_not_meet(sign_in, cast, work):
    sign_in(cast.lin).post(cell(work.test, "weight"), {"weight": "2", "version": 1}, headers=HTMX)
    owner = {"owner": cast.lin.person_id, "version": 1}

    answer = sign_in(cast.chen).post(cell(work.test, "owner"), owner, headers=HTMX)

    stored = PlanItem.objects.get(pk=work.test.pk)
    assert (answer.status_code, stored.weight, stored.owner) == (200, 2, cast.lin.person)


def test_only_the_people_of_the_studio_are_offered(sign_in, cast, work):
    owner = {"owner": cast.qian.person_id, "version": 1}

    assert sign_in(cast.chen).post(cell(work.test, "owner"), owner, headers=HTMX).status_code == 422


def test_without_scripts_the_row_leads_to_the_whole_form(sign_in, cast, work):
    client = sign_in(cast.chen)

    assert client.get(cell(work.test, "due")).url == reverse("item-edit", args=[work.test.pk])
    assert reverse("item-edit", args=[work.test.pk]) in client.get("/items/?view=all").content.decode()


def test_cells_of_others_and_other_columns_cannot_be_changed(sign_in, cast, work):
    assert sign_in(cast.wang).get(cell(work.test, "due"), headers=HTMX).status_code == 403
    assert sign_in(cast.zhao).get(cell(work.test, "due"), headers=HTMX).status_code == 404
    assert sign_in(cast.chen).get(cell(work.test, "content"), headers=HTMX).status_code == 404
    assert "data-inline" not in sign_in(cast.wang).get("/items/?view=all").content.decode()
