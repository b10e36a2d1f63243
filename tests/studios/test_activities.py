"""Activities: what they are, how they stand, their files."""

import uuid
from datetime import date, time

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from core.errors import NotAllowedNow
from notifications.models import Notice
from studios import activities
from studios.activity_kinds import kind_of, word_for
from studios.models import Activity

TODAY = date(2026, 11, 20)


def at(studio, tail=""):
    return f"/studios/{studio.pk}/activities/{tail}"


def typed(**more):
    return {
        "subject": "例会",
        "kind": "meeting",
        "held_on": "2026-11-03",
        "once": str(uuid.uuid4()),
    } | more


@pytest.fixture
def meeting(cast):
    return Activity.objects.create(
        studio=cast.studio_one, subject="例会", held_on=date(2026, 11, 24), state="planned"
    )


def test_the_liaison_puts_down_an_activity_and_then_how_many_came(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    page = sign_in(cast.lin)

    page.post(at(cast.studio_one, "new/"), typed(place="一厂三楼", starts_at="14:30"))
    stored = Activity.objects.get()
    page.post(
        f"/activities/{stored.pk}/edit/",
        typed(
            version="1",
            expected="8",
            present="6",
            on_leave="1",
            absent="1",
            place="一厂三楼",
            starts_at="14:30",
        ),
    )

    stored.refresh_from_db()
    assert (stored.studio, stored.held_on, stored.expected, stored.present, stored.starts_at) == (
        cast.studio_one,
        date(2026, 11, 3),
        8,
        6,
        time(14, 30),
    )
    assert stored.state == "held"
    assert "一厂三楼" in page.get(at(cast.studio_one)).content.decode()
    assert "14:30" in page.get(f"/activities/{stored.pk}/").content.decode()


def test_how_many_came_is_asked_for_only_where_it_was_held(cast, sign_in, meeting):
    page, edit = sign_in(cast.lin), f"/activities/{meeting.pk}/edit/"

    def asked_on(address):
        return [name for name in Activity.COUNTS if f'name="{name}"' in page.get(address).content.decode()]

    assert asked_on(edit) == []
    page.post(edit, typed(version="1", held_on="2026-11-24", expected="8", present="6", place="二楼"))
    meeting.refresh_from_db()
    assert (meeting.place, meeting.expected, meeting.present) == ("二楼", None, None)

    activities.hold(meeting, on=date(2026, 11, 24))

    assert asked_on(edit) == ["expected", "present", "on_leave", "absent"]


def test_of_a_past_day_who_came_and_what_came_of_it_are_put_down_in_one_step(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    counted = {"expected": "8", "present": "6", "on_leave": "1", "absent": "1", "decisions": "改用新焊机"}

    answer = sign_in(cast.lin).post(at(cast.studio_one, "new/"), typed(**counted))

    stored = Activity.objects.get()
    assert answer.url == stored.get_absolute_url()
    assert (stored.state, stored.expected, stored.present, stored.on_leave, stored.absent) == (
        "held",
        8,
        6,
        1,
        1,
    )
    assert stored.decided == ["改用新焊机"]


@pytest.mark.parametrize(("day", "state"), [("2026-11-20", "held"), ("2026-11-21", None)])
def test_counts_belong_to_a_day_that_has_come(cast, sign_in, time_machine, day, state):
    time_machine.move_to("2026-11-20 17:00+08:00")

    answer = sign_in(cast.lin).post(at(cast.studio_one, "new/"), typed(held_on=day, present="6"))

    if state:
        assert list(Activity.objects.values_list("state", "present")) == [(state, 6)]
        assert not Notice.objects.filter(kind="activity_planned").exists()
    else:
        assert not Activity.objects.exists()
        assert answer.context["form"].errors == {
            "held_on": ["应到、实到等人数和会议结果在活动当天及以后填写。"]
        }
        assert "<details open" in answer.text.replace('class="x-disclosure is-quiet" ', "")


def test_what_is_known_only_afterwards_is_folded_until_something_of_it_is_typed(cast, sign_in):
    page = sign_in(cast.lin).get(at(cast.studio_one, "new/"))

    assert not page.context["form"].unfolds
    assert page.text.index("已经举行") < page.text.index('name="expected"')


def test_counts_that_do_not_fit_are_refused(cast, sign_in, meeting):
    activities.hold(meeting, on=date(2026, 11, 24))
    page, address = sign_in(cast.lin), f"/activities/{meeting.pk}/edit/"

    too_many = page.post(address, typed(version="2", expected="5", present="6"))
    too_few = page.post(address, typed(version="2", expected="8", present="5", on_leave="1", absent="1"))

    assert list(too_many.context["form"].errors) == ["expected"]
    assert too_few.context["form"].errors == {"absent": ["实到、请假、缺席合计 7 人，与应到人数不符。"]}


def test_an_end_before_the_beginning_is_refused_with_a_sentence(cast, sign_in):
    answer = sign_in(cast.lin).post(at(cast.studio_one, "new/"), typed(starts_at="15:00", ends_at="14:00"))

    assert answer.context["form"].errors == {"ends_at": ["结束时间早于开始时间。"]}


def test_two_people_who_edit_one_activity_are_merged(cast, sign_in, meeting):
    page, address = sign_in(cast.lin), f"/activities/{meeting.pk}/edit/"
    base = {"version": 1, "subject": "例会", "kind": "meeting", "held_on": "2026-11-24"}

    page.post(address, base | {"place": "二楼"})
    page.post(address, base | {"host": "陈立新"})

    meeting.refresh_from_db()
    assert (meeting.place, meeting.host, meeting.version) == ("二楼", "陈立新", 3)


def test_members_read_and_strangers_see_nothing(cast, sign_in, meeting):
    assert sign_in(cast.wang).get(at(cast.studio_one)).status_code == 200
    assert sign_in(cast.wang).get(f"/activities/{meeting.pk}/").status_code == 200
    assert sign_in(cast.wang).get(f"/activities/{meeting.pk}/edit/").status_code == 403
    assert sign_in(cast.zhao).get(f"/activities/{meeting.pk}/").status_code == 404


def test_the_page_of_an_activity_takes_a_fixed_number_of_queries(
    cast, sign_in, meeting, django_assert_num_queries, time_machine
):
    time_machine.move_to("2026-11-20 10:00+08:00")
    page = sign_in(cast.lin)
    page.get(f"/activities/{meeting.pk}/")
    for number in range(3):
        meeting.files.create(file=SimpleUploadedFile("a.pdf", b"%PDF-"), name=f"{number}.pdf", by=cast.chen)

    with django_assert_num_queries(18):
        page.get(f"/activities/{meeting.pk}/")


def test_the_words_of_a_union_mean_kinds_and_are_kept_as_they_were_written(cast):
    assert [kind_of(word) for word in ("例会", "征文", "观摩", "师带徒", "")] == [
        "meeting",
        "essay",
        "visit",
        "other",
        "other",
    ]
    assert word_for(Activity(kind="visit", kind_word="观摩")) == "观摩"
    assert word_for(Activity(kind="visit")) == "交流"
    assert word_for(Activity(kind="other")) == ""


def test_who_plans_an_activity_tells_the_members_and_not_himself(cast, sign_in, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    sign_in(cast.lin).post(at(cast.studio_one, "new/"), typed(held_on="2026-11-24", subject="质量学习"))

    stored = Activity.objects.get()
    assert stored.state == "planned"
    told = Notice.objects.filter(kind="activity_planned")
    assert {notice.recipient for notice in told} == {cast.chen, cast.wang}
    assert told[0].url == f"/activities/{stored.pk}/"


def test_calling_off_needs_a_reason_and_tells_the_members(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    page = sign_in(cast.chen)

    without = page.post(f"/activities/{meeting.pk}/call-off/", {"reason": ""})
    page.post(f"/activities/{meeting.pk}/call-off/", {"reason": "停产检修"})

    assert list(without.context["form"].errors) == ["reason"]
    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason, meeting.version) == ("cancelled", "停产检修", 2)
    assert "停产检修" in page.get(f"/activities/{meeting.pk}/").content.decode()
    assert {notice.recipient for notice in Notice.objects.filter(kind="activity_called_off")} == {
        cast.lin,
        cast.wang,
    }


def test_what_was_called_off_does_not_count(cast, meeting):
    activities.call_off(meeting, reason="停产检修", by=cast.chen, on=TODAY)

    assert not Activity.objects.standing().exists()
    assert not Activity.objects.to_come(on=TODAY).exists()


def test_of_two_who_call_off_and_hold_at_once_the_second_is_told_that_it_is_too_late(cast, meeting):
    stale = Activity.objects.get(pk=meeting.pk)
    activities.call_off(meeting, reason="停产检修", by=cast.chen, on=TODAY)

    with pytest.raises(NotAllowedNow):
        activities.hold(stale, on=meeting.held_on)

    meeting.refresh_from_db()
    assert meeting.state == "cancelled"


def test_nothing_is_held_before_its_day(cast, meeting):
    with pytest.raises(NotAllowedNow, match="还没到活动当天"):
        activities.hold(meeting, on=TODAY)


def test_what_was_called_off_can_be_taken_up_again(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    activities.call_off(meeting, reason="停产检修", by=cast.chen, on=TODAY)

    sign_in(cast.lin).post(f"/activities/{meeting.pk}/take-up/")

    meeting.refresh_from_db()
    assert (meeting.state, meeting.cancel_reason) == ("planned", "")


def test_files_are_stored_shown_and_handed_out_only_to_those_who_may_read_the_studio(cast, sign_in, meeting):
    page = sign_in(cast.lin)
    good = SimpleUploadedFile("签到表.pdf", b"%PDF-1.4 list")
    bad = SimpleUploadedFile("x.exe", b"MZ nothing")

    page.post(f"/activities/{meeting.pk}/files/new/", {"files": [good]})
    refused = page.post(f"/activities/{meeting.pk}/files/new/", {"files": [bad]})

    file = meeting.files.get()
    assert (file.name, file.by) == ("签到表.pdf", cast.lin)
    assert refused.status_code == 422
    assert "x.exe" in refused.content.decode()
    handed_out = sign_in(cast.wang).get(f"/activities/files/{file.pk}/")
    assert b"".join(handed_out.streaming_content) == b"%PDF-1.4 list"
    assert sign_in(cast.zhao).get(f"/activities/files/{file.pk}/").status_code == 404
    assert sign_in(cast.wang).post(f"/activities/files/{file.pk}/remove/").status_code == 403


def test_each_line_of_the_decisions_is_one_decision(cast):
    written = Activity(decisions="12月10日前完成焊机改造\n\n 每周五复盘 \n每周五复盘")

    assert written.decided == ["12月10日前完成焊机改造", "每周五复盘"]


def test_a_decision_becomes_a_plan_item_of_this_month(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    Activity.objects.filter(pk=meeting.pk).update(decisions="12月10日前完成焊机改造方案")

    offered = sign_in(cast.chen).get(f"/activities/{meeting.pk}/").content.decode()
    address = f"/studios/{cast.studio_one.pk}/plan/2026-11/items/new/"
    form = sign_in(cast.chen).get(address, {"content": "12月10日前完成焊机改造方案"})

    assert address in offered
    assert "12月10日前完成焊机改造方案" in form.content.decode()
    assert address not in sign_in(cast.wang).get(f"/activities/{meeting.pk}/").content.decode()


def test_a_decision_leads_to_the_item_that_was_made_of_it(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    Activity.objects.filter(pk=meeting.pk).update(decisions="完成焊机改造方案\n每周五复盘")
    page = sign_in(cast.chen)
    address = f"/studios/{cast.studio_one.pk}/plan/2026-11/items/new/"
    of_decision = {"activity": meeting.pk, "decision": "完成焊机改造方案"}

    form = page.get(address, of_decision | {"content": "完成焊机改造方案"})
    sent = {
        "content": "12月完成焊机改造方案",
        "kind": "research",
        "weight": "1",
        "due_on": "2026-11-30",
        "once": str(uuid.uuid4()),
    }
    answer = page.post(address, sent | of_decision)

    assert form.context["decision"] == "完成焊机改造方案"
    assert answer.url == f"/activities/{meeting.pk}/"
    first, second = page.get(answer.url).context["decisions"]
    assert (first[0], first[1].content) == ("完成焊机改造方案", "12月完成焊机改造方案")
    assert second == ("每周五复盘", None)


def test_another_day_or_place_is_told_and_another_summary_is_not(cast, sign_in, meeting, time_machine):
    time_machine.move_to("2026-11-20 10:00+08:00")
    page, address = sign_in(cast.lin), f"/activities/{meeting.pk}/edit/"
    base = {"subject": "例会", "kind": "meeting", "held_on": "2026-11-24"}

    page.post(address, base | {"version": 1, "summary": "通报进展"})
    assert not Notice.objects.filter(kind="activity_moved").exists()
    page.post(address, base | {"version": 2, "held_on": "2026-11-25", "place": "二楼"})

    told = Notice.objects.filter(kind="activity_moved")
    assert {notice.recipient for notice in told} == {cast.chen, cast.wang}
    assert told[0].params["details"] == "二楼"
