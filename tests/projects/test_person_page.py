"""A person's page: what he carries, has done, learnt and is credited with."""

from datetime import date

import pytest

from projects.carried import done, figures
from projects.changes import set_state
from projects.models import PlanItem
from studios.carried import learnt
from studios.models import Activity, Attendance, LeaveRequest
from tests.projects.conftest import NOON, plan_of

pytestmark = pytest.mark.django_db


def put(cast, content, **fields):
    plan = plan_of(cast.studio_one, "2026-09")
    return PlanItem.objects.create(plan=plan, content=content, owner=cast.wang.person, **fields)


def met(cast, status, hours, held_on=date(2026, 9, 1)):
    activity = Activity.objects.create(
        studio=cast.studio_one, subject="学习", held_on=held_on, hours=hours, state=Activity.State.HELD
    )
    Attendance.objects.create(activity=activity, person=cast.wang.person, status=status)
    return activity


def test_what_he_has_done_is_counted_by_year_and_tolerated_apart(cast):
    in_time, late, failed, dropped, _open = (
        put(cast, name, due_on=due)
        for name, due in [
            ("按时", date(2026, 9, 18)),
            ("逾期", date(2026, 9, 10)),
            ("容错", date(2026, 9, 18)),
            ("取消", date(2026, 9, 18)),
            ("在做", date(2026, 9, 30)),
        ]
    )
    for item, state in [(in_time, "done"), (late, "done"), (failed, "tolerated"), (dropped, "cancelled")]:
        set_state(item, state, by=cast.sun, at=NOON, reason="检修")

    said = done(cast.wang, cast.wang.person)

    assert said["years"] == [{"plan__year": 2026, "counted": 3, "done": 2, "on_time": 1, "tolerated": 1}]
    assert {item.content for item in said["last"]} == {"按时", "逾期"}


def test_hours_are_those_he_came_to_and_those_he_made_up(cast):
    met(cast, "present", 2)
    met(cast, "late", 1)
    met(cast, "absent", 4)
    met(cast, "present", 3, held_on=date(2025, 9, 1))
    away = met(cast, "on_leave", "1.5")
    LeaveRequest.objects.create(
        activity=away, person=cast.wang.person, reason="出差", asked_at=NOON, made_up_on=date(2026, 9, 5)
    )
    online = met(cast, "on_leave", 4)
    LeaveRequest.objects.create(
        activity=online,
        person=cast.wang.person,
        reason="病假",
        asked_at=NOON,
        made_up_on=date(2026, 9, 6),
        made_up_hours=2,
    )

    this, last = learnt(cast.wang, cast.wang.person)["years"]

    assert (this["year"], this["asked"], this["came"], this["made_up"], this["hours"]) == (2026, 5, 2, 2, 6.5)
    assert (last["year"], last["came"], last["hours"]) == (2025, 1, 3)


def test_who_sees_no_studio_of_his_sees_none_of_it(cast):
    put(cast, "在做")
    met(cast, "present", 2)

    said = figures(cast.zhao, cast.wang.person)

    assert (said["open"], said["done"], said["learnt"], said["points"]) == (0, None, None, "0")


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_a_fixed_number_of_questions(cast, sign_in, django_assert_num_queries, count):
    for number in range(count):
        item = put(cast, f"计划项{number}")
        set_state(item, "done", by=cast.chen, at=NOON)
        put(cast, f"在做{number}")
        met(cast, "present", 2)
    client, address = sign_in(cast.wang), cast.wang.person.get_absolute_url()
    client.get(address)

    with django_assert_num_queries(31):
        page = client.get(address)

    assert "学到" in page.content.decode()
