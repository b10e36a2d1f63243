"""What an officer looks at first: who is silent, the longest before the others, then who carries nothing."""

from datetime import date

import pytest

from members.models import User
from projects.models import Indicator, Plan, PlanItem
from reports import attention
from studios.models import Activity, Studio

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


def lines(silent=None):
    studios = Studio.objects.active()
    silent = studios if silent is None else silent
    found = attention.lines(studios, silent, on=TODAY, user=User.objects.get(username="sun"))
    return [(line.title, line.sign) for line in found]


def test_the_longest_silence_stands_first_and_says_what_is_missing(cast):
    Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=date(2026, 9, 1))
    Activity.objects.create(studio=cast.studio_two, subject="例会", held_on=date(2026, 7, 1))
    studios = Studio.objects.active()

    first, second = attention.lines(studios, studios, on=TODAY, user=cast.li)[:2]

    assert (first.title, first.sign) == ("赵国强工匠创新工作室", "已沉默142天")
    assert (second.title, second.sign) == ("陈立新劳模创新工作室", "已沉默80天")
    assert second.sub == "一厂 · 陈立新 · 尚无课题 · 80天无活动 · 尚无进展"


def test_of_whom_nothing_was_ever_heard_stands_before_everybody(cast):
    Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=date(2025, 9, 1))

    assert lines()[0] == ("赵国强工匠创新工作室", "从未有动静")


def test_members_without_an_indicator_are_counted_by_studio(cast):
    nobody = Studio.objects.none()
    before = dict(lines(silent=nobody))
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-11")
    item = PlanItem.objects.create(plan=plan, content="试验")

    Indicator.objects.create(item=item, person=cast.wang.person, name="试验组数", start=0, target=9)

    assert before["陈立新劳模创新工作室"] == "3人无指标"
    assert dict(lines(silent=nobody))["陈立新劳模创新工作室"] == "2人无指标"


def test_the_attention_list_asks_a_fixed_number_of_questions(cast, django_assert_num_queries):
    studios = Studio.objects.active()
    assert cast.zhou.holds("group_admin")  # asked once for each request
    for some in (studios.filter(pk=cast.studio_one.pk), studios):
        with django_assert_num_queries(6):
            attention.lines(some, some, on=TODAY, user=cast.zhou)
