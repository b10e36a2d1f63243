"""What stands beside a day while it is typed."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse

from core.models import WorkdayOverride

pytestmark = pytest.mark.django_db


@time_machine.travel(datetime(2026, 10, 8, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False)
def test_each_day_is_said_with_its_weekday_and_whether_people_rest(sign_in, cast):
    WorkdayOverride.objects.create(day="2026-10-12", works=False, note="停产检修")
    asked = ["明天", "2026-10-1", "10.10", "10-12", "10月17日", "soon"]

    answer = sign_in(cast.wang).get(reverse("days"), {"q": asked}).json()["days"]

    assert [day["text"] for day in answer] == [
        "2026年10月9日（周五）",
        "2026年10月1日（周四） · 休息日：国庆节",
        "2026年10月10日（周六） · 调休上班",
        "2026年10月12日（周一） · 休息日",
        "2026年10月17日（周六） · 休息日",
        "认不出是哪一天，请写成 2026-10-9、10-9 或“明天”。",
    ]
    assert [day.get("rests") for day in answer] == [False, True, False, True, True, None]
    assert answer[0]["day"] == "2026-10-09"
    assert answer[5]["day"] == ""
