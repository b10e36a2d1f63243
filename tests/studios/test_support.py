"""Support that a studio asks of its union: raised, answered, measured in working days."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from core.errors import NotAllowedNow
from core.workdays import Workdays
from notifications.models import Notice
from studios import supporting
from studios.models import FundBudget, Studio, SupportRequest

#: A Tuesday; five working days later is Tuesday the 24th.
ASKED = date(2026, 11, 17)


def asked(cast, *, level="unit", by=None, on=ASKED, what="一台台式钻床"):
    request = SupportRequest(studio=cast.studio_one, kind="equipment", what=what, level=level)
    supporting.ask(request, by=by or cast.chen, on=on)
    return request


def answered(request, by, answer="granted", *, on=date(2026, 11, 20)):
    supporting.answer(request, answer, text="本月到货", given_by=date(2026, 11, 30), by=by, on=on)


def told(kind):
    return {notice.recipient.username for notice in Notice.objects.filter(kind=kind)}


def waiting_for(user, *, on=ASKED):
    waiting = supporting.waiting_for(user, calendar=Workdays(), on=on)
    return [(one.what, one.days, one.late) for one in waiting]


def test_the_union_of_the_unit_is_asked_and_answers(cast):
    request = asked(cast)
    assert told("support_asked") == {"sun"}
    assert waiting_for(cast.sun) == [("一台台式钻床", 0, False)]
    assert waiting_for(cast.li) == waiting_for(cast.he) == []

    answered(request, cast.sun)

    assert (request.answer, request.text, request.answered_by) == ("granted", "本月到货", cast.sun)
    assert request.waited(Workdays(), on=date(2026, 12, 31)) == 3
    assert told("support_answered") == {"chen"}
    assert waiting_for(cast.sun) == []


def test_what_is_asked_of_the_group_waits_for_the_group(cast):
    asked(cast, level="group")

    assert told("support_asked") == {"li"}
    assert waiting_for(cast.sun) == []
    assert waiting_for(cast.li) == waiting_for(cast.zhou) == [("一台台式钻床", 0, False)]


def test_after_five_working_days_without_an_answer_it_is_overdue(cast, sign_in, time_machine):
    asked(cast)

    assert waiting_for(cast.sun, on=date(2026, 11, 24)) == [("一台台式钻床", 5, False)]
    assert waiting_for(cast.sun, on=date(2026, 11, 25)) == [("一台台式钻床", 6, True)]
    time_machine.move_to("2026-11-25 10:00+08:00")
    desk = sign_in(cast.sun).get("/").content.decode()
    assert "一台台式钻床" in desk
    assert "支持逾期" in desk


def test_it_is_answered_or_withdrawn_once(cast):
    request = asked(cast)
    stale = SupportRequest.objects.get()
    answered(request, cast.sun)

    for act in (lambda: answered(stale, cast.li), lambda: supporting.withdraw(stale)):
        with pytest.raises(NotAllowedNow):
            act()


def test_nobody_answers_his_own_request(cast):
    request = asked(cast, by=cast.sun)

    with pytest.raises(NotAllowedNow, match="不能答复自己的申请"):
        answered(request, cast.sun)
    with pytest.raises(IntegrityError), transaction.atomic():
        SupportRequest.objects.update(answer="granted", text="好", answered_by=cast.sun, answered_on=ASKED)


def test_the_lead_asks_and_the_answer_says_by_when(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    page = sign_in(cast.chen)
    to = f"/studios/{cast.studio_one.pk}/support/new/"
    once = page.get(to).context["form"]["once"].value()
    page.post(to, {"once": once, "kind": "people", "what": "一名电气工程师", "level": "unit"})
    request = SupportRequest.objects.get()

    page = sign_in(cast.sun)
    to = f"/support/{request.pk}/answer/"
    refused = page.post(to, {"answer": "partly", "text": "每周两天"})
    assert refused.context["form"].errors["given_by"] == ["请说明何时到位。"]
    page.post(to, {"answer": "partly", "text": "每周两天", "given_by": "2026-12-01"})

    request.refresh_from_db()
    assert (request.answer, request.given_by) == ("partly", date(2026, 12, 1))
    board = f"/studios/{cast.studio_one.pk}/support/"
    text = sign_in(cast.chen).get(board).content.decode()
    assert "每周两天" in text
    assert '2026年12月1日（周二） · <span class="nowrap">7 个工作日后</span>' in text

    time_machine.move_to("2026-12-02 10:00+08:00")
    assert "2026年12月1日（周二）</dd>" in sign_in(cast.chen).get(board).content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_the_page_asks_as_often_whatever_it_lists(cast, sign_in, django_assert_num_queries, count):
    for number in range(count):
        answered(asked(cast, what=f"设备{number}"), cast.sun)
        asked(cast, what=f"材料{number}")

    page = sign_in(cast.chen)
    with django_assert_num_queries(17):
        page.get(f"/studios/{cast.studio_one.pk}/support/")


def test_an_unlit_light_leads_to_where_it_is_mended_if_one_may_go_there(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    home = f"/studios/{cast.studio_one.pk}/"

    def links(user):
        return [light.href for light in sign_in(user).get(home).context["five_haves"]]

    assert links(cast.chen) == [
        "",
        f"{home}equipment/#place",
        f"/topics/?studio={cast.studio_one.pk}",
        f"{home}funds/2026/",
        f"{home}rules/",
    ]
    assert links(cast.wang)[3] == ""


def test_a_budget_of_the_year_lights_the_funds_on_the_page_and_in_the_list(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    studio = cast.studio_one
    Studio.objects.update(address="一厂三楼", area=40)
    studio.topics.create(title="课题", state="running")
    rule = studio.rules.create(kind="leave", title="请假制度")
    rule.versions.create(number=1, text="…", effective_on=date(2026, 1, 1))

    def lacks():
        lights = sign_in(cast.chen).get(f"/studios/{studio.pk}/").context["five_haves"]
        incomplete = studio in Studio.objects.incomplete(on=date(2026, 11, 20))
        return [str(light.label) for light in lights if not light.lit], incomplete

    assert lacks() == (["有经费"], True)
    FundBudget.objects.create(studio=studio, year=2026, line="培训费", amount=500)
    assert lacks() == ([], False)
