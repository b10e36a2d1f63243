"""The lists of all activities and of all people in studios: whose they are, and what narrows them."""

from datetime import date

import pytest
import time_machine

from members.models import Person
from projects.models import Indicator, Plan, PlanItem
from studios.models import Activity, Attendance, Membership

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel("2026-11-20 09:00 +0800", tick=False):
        yield


@pytest.fixture
def year(cast):
    """A meeting and a called-off one of 一厂, and one to come of 二厂; 王芳 did not come to the first."""
    held = Activity.objects.create(studio=cast.studio_one, subject="月例会", held_on=date(2026, 11, 3))
    Attendance.objects.create(activity=held, person=cast.wang.person, status="absent")
    Attendance.objects.create(activity=held, person=cast.chen.person, status="present")
    Activity.objects.create(
        studio=cast.studio_one, subject="取消的培训", held_on=date(2026, 11, 4), state="cancelled"
    )
    Activity.objects.create(
        studio=cast.studio_two, subject="参观", held_on=date(2026, 11, 27), state="planned"
    )


def subjects(client, address):
    page = client.get(address).context["page"]
    return [activity.subject for activity in page.object_list], page.paginator.count


def names(client, address):
    page = client.get(address).context["page"]
    return {person.name for person in page.object_list}, page.paginator.count


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("/activities/all/", ["参观", "取消的培训", "月例会"]),
        ("/activities/all/?when=past", ["月例会"]),
        ("/activities/all/?when=coming", ["参观"]),
        ("/activities/all/?when=off", ["取消的培训"]),
        ("/activities/all/?year=2025", []),
        ("/activities/all/?came=absent", ["月例会"]),
    ],
)
def test_activities_are_narrowed_by_the_address(cast, year, sign_in, address, found):
    assert subjects(sign_in(cast.li), address) == (found, len(found))


def test_a_persons_absences_are_his_alone(cast, year, sign_in):
    client = sign_in(cast.li)

    assert subjects(client, f"/activities/all/?came=absent&person={cast.wang.person_id}")[1] == 1
    assert subjects(client, f"/activities/all/?came=absent&person={cast.chen.person_id}")[1] == 0
    assert subjects(client, f"/activities/all/?came=came&person={cast.chen.person_id}")[1] == 1


def test_a_contact_sees_the_activities_and_people_of_the_own_plant_alone(cast, year, sign_in):
    client = sign_in(cast.he)

    assert subjects(client, "/activities/all/") == (["参观"], 1)
    assert names(client, "/people/") == ({"赵国强", "钱多"}, 2)


def test_somebody_in_two_studios_stands_there_once_with_both(cast, sign_in):
    Membership.objects.create(studio=cast.studio_two, person=cast.wang.person, role="adviser")

    page = sign_in(cast.li).get("/people/")

    [wang] = [one for one in page.context["page"] if one.name == "王芳"]
    assert [each.studio.name for each in wang.belongs] == ["陈立新劳模创新工作室", "赵国强工匠创新工作室"]
    assert page.context["page"].paginator.count == 5


def test_who_has_left_and_who_carries_an_indicator_can_be_left_out(cast, sign_in):
    Membership.objects.create(
        studio=cast.studio_one, person=Person.objects.create(name="走了"), left_on=date(2026, 5, 1)
    )
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    item = PlanItem.objects.create(plan=plan, content="焊接试验")
    Indicator.objects.create(item=item, person=cast.wang.person, name="组数", start=0, target=3)

    found, count = names(sign_in(cast.li), f"/people/?studio={cast.studio_one.pk}&indicator=none")

    assert (found, count) == ({"陈立新", "林小雨"}, 2)


def test_the_lists_ask_the_same_questions_for_one_and_for_many(
    cast, year, sign_in, django_assert_num_queries
):
    client = sign_in(cast.li)
    for address in ("/people/", "/activities/all/"):
        client.get(address)
    with django_assert_num_queries(16):
        client.get("/people/")
    for number in range(4):
        person = Person.objects.create(name=f"员工{number}", unit=cast.plant_one)
        Membership.objects.create(studio=cast.studio_one, person=person)
    with django_assert_num_queries(16):
        client.get("/people/")


def test_who_is_young_is_told_by_name_to_those_who_keep_the_roster_alone(cast, sign_in):
    Person.objects.filter(pk=cast.wang.person_id).update(born_on=date(2000, 1, 1))
    address = f"/studios/{cast.studio_one.pk}/structure/?fact=age&value=0"

    assert [each.person.name for each in sign_in(cast.sun).get(address).context["those"]] == ["王芳"]
    assert sign_in(cast.chen).get(address).context["those"] == []
