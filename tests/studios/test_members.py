"""The roster: who comes, and as what."""

import uuid

import pytest

from members.models import Person
from studios.models import Membership


def at(studio, tail):
    return f"/studios/{studio.pk}/{tail}"


def newcomer(**typed):
    return {
        "role": "member",
        "joined_on": "2026-11-01",
        "join_reason": "本人申请",
        "once": str(uuid.uuid4()),
    } | typed


def current(studio):
    return set(studio.memberships.filter(left_on=None).values_list("person__name", "role"))


ALREADY = {("陈立新", "lead"), ("林小雨", "liaison"), ("王芳", "member")}


def test_somebody_known_is_found_by_the_staff_number(cast, sign_in):
    sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), newcomer(name="钱多", staff_no="9qian"))

    assert current(cast.studio_one) == ALREADY | {("钱多", "member")}
    assert Person.objects.filter(name="钱多").count() == 1


def test_somebody_known_is_found_by_the_name_if_only_one_has_it(cast, sign_in):
    sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), newcomer(name="许 愿"))

    assert current(cast.studio_one) == ALREADY | {("许愿", "member")}
    assert Person.objects.filter(name="许愿").count() == 1


def test_somebody_unknown_is_taken_up(cast, sign_in):
    sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), newcomer(name="秦川", staff_no="777"))

    person = Person.objects.get(staff_no="777")
    assert (person.name, person.unit) == ("秦川", cast.plant_one)


def test_two_of_one_name_are_asked_about(cast, sign_in):
    Person.objects.create(name="许愿", staff_no="1001", unit=cast.plant_one)

    answer = sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), newcomer(name="许愿"))

    assert "1001" in answer.context["form"].errors["staff_no"][0]
    assert current(cast.studio_one) == ALREADY


def test_a_namesake_may_be_said_to_be_new(cast, sign_in):
    sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), newcomer(name="许愿", is_new="on"))

    assert Person.objects.filter(name="许愿").count() == 2


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({}, "name"),
        ({"name": "别人", "staff_no": "9wang"}, "staff_no"),
        ({"staff_no": "9qian"}, "name"),
        ({"name": "王芳"}, "__all__"),
        ({"name": "某人", "joined_on": "2999-01-01"}, "joined_on"),
        ({"name": "某人", "role": "lead"}, "role"),
    ],
)
def test_what_is_not_clear_is_said_at_the_field(cast, sign_in, typed, field):
    answer = sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), newcomer(**typed))

    assert list(answer.context["form"].errors) == [field]
    assert current(cast.studio_one) == ALREADY


def test_a_double_click_takes_in_once(cast, sign_in):
    twice = newcomer(name="秦川")
    for _click in range(2):
        sign_in(cast.sun).post(at(cast.studio_one, "members/new/"), twice)

    assert Person.objects.filter(name="秦川").count() == 1


def test_a_mobile_is_masked_for_those_who_only_read(cast, sign_in):
    Person.objects.filter(pk=cast.wang.person_id).update(mobile="13812345678")

    assert "138****5678" in sign_in(cast.zheng).get(at(cast.studio_one, "members/")).content.decode()
    assert "13812345678" in sign_in(cast.chen).get(at(cast.studio_one, "members/")).content.decode()


def test_another_role_by_the_form_begins_today(cast, sign_in):
    member = cast.studio_one.memberships.get(role="member")

    sign_in(cast.sun).post(
        f"/memberships/{member.pk}/edit/",
        {"version": 1, "new_role": "core", "joined_on": "2023-03-01", "duty": "试验"},
    )

    rows = Membership.objects.filter(person=cast.wang.person).order_by("pk")
    assert [(row.role, row.duty, row.left_on is None) for row in rows] == [
        ("member", "试验", False),
        ("core", "试验", True),
    ]


def test_a_foreign_membership_is_not_there(cast, sign_in):
    member = cast.studio_one.memberships.get(role="member")

    assert sign_in(cast.he).get(f"/memberships/{member.pk}/edit/").status_code == 404
