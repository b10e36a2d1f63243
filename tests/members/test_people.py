"""The page of a person: what is his own business and what the union keeps."""

import pytest
from django.urls import reverse

from members.models import Person
from projects.models import Indicator, Plan, PlanItem
from studios.models import Membership

pytestmark = pytest.mark.django_db


@pytest.fixture
def wang(cast):
    cast.wang.person.mobile = "13812345678"
    cast.wang.person.save()
    return cast.wang.person


@pytest.mark.parametrize(
    ("username", "shown"),
    [
        ("wang", "13812345678"),  # his own
        ("chen", "13812345678"),  # his lead
        ("sun", "13812345678"),  # the union of his unit
        ("zheng", "138****5678"),  # a company leader reads, but not this
    ],
)
def test_a_mobile_number_is_whole_only_for_those_who_need_it(sign_in, cast, wang, username, shown):
    page = sign_in(getattr(cast, username)).get(wang.get_absolute_url()).content.decode()

    assert shown in page
    assert ("13812345678" in page) == (shown == "13812345678")


def form_of(client, person):
    form = client.get(reverse("person-edit", args=[person.pk])).context["form"]
    return {name: value if (value := form[name].value()) is not None else "" for name in form.fields}


def test_a_person_corrects_his_own_data_but_not_his_name_or_unit(sign_in, cast, wang):
    client = sign_in(cast.wang)
    typed = {**form_of(client, wang), "mobile": "13900000000", "name": "王总", "unit": cast.group.pk}

    client.post(reverse("person-edit", args=[wang.pk]), typed)

    stored = Person.objects.get(pk=wang.pk)
    assert (stored.mobile, stored.name, stored.unit) == ("13900000000", "王芳", cast.plant_one)


def test_two_who_edit_one_person_lose_nothing_and_choose_where_they_clash(sign_in, client, cast, wang):
    li = type(client)()
    li.force_login(cast.li, backend="django.contrib.auth.backends.ModelBackend")
    sun = sign_in(cast.sun)
    first, second = form_of(li, wang), form_of(sun, wang)
    address = reverse("person-edit", args=[wang.pk])

    li.post(address, {**first, "post": "焊工", "title": "技师"})
    clash = sun.post(address, {**second, "post": "钳工", "team": "二班"})
    assert clash.status_code == 200
    (row,) = clash.context["form"].clashes
    assert (row.theirs, row.mine) == ("焊工", "钳工")
    assert row.keep_mine in clash.content.decode()
    again = {**second, "post": "钳工", "team": "二班", row.choice: row.keep_mine}
    assert sun.post(address, again).status_code == 302

    stored = Person.objects.get(pk=wang.pk)
    assert (stored.post, stored.title, stored.team) == ("钳工", "技师", "二班")


def test_the_page_says_what_a_person_carries_as_far_as_the_reader_may_see_it(sign_in, cast):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    item = PlanItem.objects.create(plan=plan, content="焊机校准", owner=cast.wang.person)
    Indicator.objects.create(item=item, person=cast.wang.person, name="合格率", start=90, target=99)
    Membership.objects.create(studio=cast.studio_two, person=cast.wang.person, role="adviser")

    own = sign_in(cast.sun).get(cast.wang.person.get_absolute_url()).content.decode()
    other = sign_in(cast.he).get(cast.wang.person.get_absolute_url()).content.decode()

    assert all(text in own for text in ("焊机校准", "合格率", "陈立新劳模创新工作室"))
    assert "赵国强工匠创新工作室" not in own
    assert "赵国强工匠创新工作室" in other
    assert not any(text in other for text in ("焊机校准", "合格率", "陈立新劳模创新工作室"))
