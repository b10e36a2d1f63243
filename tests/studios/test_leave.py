"""Leave from an activity: asked for, decided, withdrawn, made up."""

from datetime import UTC, date, datetime, time
from threading import Barrier, Thread

import pytest
from django.db import connection

from core.errors import NotAllowedNow
from notifications.models import Notice
from studios import leave
from studios.models import Activity, Attendance, LeaveRequest, Rule

DAY = date(2026, 11, 24)
BEFORE = datetime(2026, 11, 23, 1, tzinfo=UTC)
LATER = datetime(2026, 11, 23, 2, tzinfo=UTC)
BEGUN = datetime(2026, 11, 24, 6, 31, tzinfo=UTC)


@pytest.fixture
def meeting(cast):
    return Activity.objects.create(
        studio=cast.studio_one, subject="例会", held_on=DAY, starts_at=time(14, 30), state="planned"
    )


@pytest.fixture
def asked(cast, meeting):
    return leave.ask(meeting, cast.wang.person, reason="陪护家人", by=cast.wang, at=BEFORE)


def settle(cast, **settings):
    rule = Rule.objects.create(studio=cast.studio_one, kind="leave", title="请假制度")
    rule.versions.create(number=1, text="…", effective_on=date(2026, 1, 1), settings=settings)


def status_of(user):
    row = Attendance.objects.filter(person=user.person).first()
    return row and row.status


def test_whoever_is_asked_is_told_and_finds_it_waiting(cast, asked):
    assert [notice.recipient for notice in Notice.objects.filter(kind="leave_to_decide")] == [cast.chen]
    assert leave.waiting_for(cast.chen) == [asked]
    assert leave.waiting_for(cast.lin) == leave.waiting_for(cast.wang) == leave.waiting_for(cast.zhao) == []


def test_approved_leave_is_leave_in_the_record(cast, meeting, asked):
    leave.approve(asked, by=cast.chen, at=LATER)

    meeting.refresh_from_db()
    assert (status_of(cast.wang), meeting.on_leave, meeting.state) == ("on_leave", 1, "planned")
    assert (asked.state, asked.decided_by, asked.decided_at) == ("approved", cast.chen, LATER)
    assert [notice.recipient for notice in Notice.objects.filter(kind="leave_approved")] == [cast.wang]


def test_nobody_decides_about_himself(cast, sign_in, meeting):
    own = leave.ask(meeting, cast.chen.person, reason="出差", by=cast.chen, at=BEFORE)

    with pytest.raises(NotAllowedNow, match="自己的请假"):
        leave.approve(own, by=cast.chen, at=LATER)
    assert sign_in(cast.chen).post(f"/leave/{own.pk}/approve/").status_code == 403
    assert own.approver == "unit_contact"
    assert leave.waiting_for(cast.sun) == [own]
    assert leave.waiting_for(cast.he) == []


def test_the_house_rule_says_who_decides_and_how_long_before(cast, meeting):
    settle(cast, approver="liaison", hours_before=48)

    with pytest.raises(NotAllowedNow, match="不能再请假"):
        leave.ask(meeting, cast.wang.person, reason="出差", by=cast.wang, at=BEFORE)
    early = datetime(2026, 11, 21, 1, tzinfo=UTC)
    request = leave.ask(meeting, cast.wang.person, reason="出差", by=cast.wang, at=early)

    assert leave.waiting_for(cast.lin) == [request]
    assert leave.waiting_for(cast.chen) == []


def test_one_asks_once_and_not_after_the_beginning(cast, meeting, asked):
    with pytest.raises(NotAllowedNow, match="已经请过假"):
        leave.ask(meeting, cast.wang.person, reason="还有事", by=cast.wang, at=LATER)
    with pytest.raises(NotAllowedNow, match="不能再请假"):
        leave.ask(meeting, cast.lin.person, reason="出差", by=cast.lin, at=BEGUN)


def test_refusing_needs_a_reason_and_tells_it(cast, sign_in, asked):
    page = sign_in(cast.chen)

    assert list(page.post(f"/leave/{asked.pk}/refuse/", {"opinion": ""}).context["form"].errors) == [
        "opinion"
    ]
    page.post(f"/leave/{asked.pk}/refuse/", {"opinion": "本次必须到场"})

    asked.refresh_from_db()
    assert (asked.state, asked.opinion, status_of(cast.wang)) == ("refused", "本次必须到场", None)
    assert Notice.objects.get(kind="leave_refused").params["opinion"] == "本次必须到场"


def test_who_comes_after_all_is_expected_again(cast, meeting, asked):
    leave.approve(asked, by=cast.chen, at=LATER)
    leave.withdraw(asked, by=cast.wang, at=LATER)

    meeting.refresh_from_db()
    assert (asked.state, status_of(cast.wang), meeting.on_leave) == ("withdrawn", "invited", 0)
    with pytest.raises(NotAllowedNow):
        leave.approve(asked, by=cast.chen, at=LATER)


def test_leave_is_not_withdrawn_after_the_beginning(cast, asked):
    with pytest.raises(NotAllowedNow, match="活动已经开始"):
        leave.withdraw(asked, by=cast.wang, at=BEGUN)


def test_what_was_missed_is_made_up(cast, sign_in, asked, time_machine):
    leave.approve(asked, by=cast.chen, at=LATER)
    time_machine.move_to("2026-11-26 10:00+08:00")

    sign_in(cast.wang).post(
        f"/leave/{asked.pk}/made-up/", {"made_up_on": "2026-11-25", "made_up": "自学会议记录"}
    )

    asked.refresh_from_db()
    assert (asked.made_up_on, asked.made_up) == (date(2026, 11, 25), "自学会议记录")
    assert "自学会议记录" in sign_in(cast.lin).get(f"/activities/{asked.activity_id}/").content.decode()


def test_a_member_asks_and_the_lead_decides_by_one_click_on_his_first_page(
    cast, sign_in, meeting, time_machine
):
    time_machine.move_to("2026-11-23 10:00+08:00")
    sign_in(cast.wang).post(f"/activities/{meeting.pk}/leave/", {"reason": "陪护家人"})
    request = LeaveRequest.objects.get()

    page = sign_in(cast.chen)
    assert f"/leave/{request.pk}/approve/" in page.get("/", follow=True).content.decode()
    page.post(f"/leave/{request.pk}/approve/")

    assert status_of(cast.wang) == "on_leave"


def test_why_somebody_stays_away_is_not_read_by_his_fellow_members(cast, sign_in, asked):
    other = cast.xu
    other.person.memberships.create(studio=cast.studio_one)

    assert "陪护家人" not in sign_in(other).get(f"/activities/{asked.activity_id}/").content.decode()
    assert "陪护家人" in sign_in(cast.wang).get(f"/activities/{asked.activity_id}/").content.decode()


@pytest.mark.django_db(transaction=True)
def test_of_approving_and_withdrawing_at_once_the_record_agrees_with_the_request(cast):
    for number in range(10):
        activity = Activity.objects.create(
            studio=cast.studio_one, subject=f"例会{number}", held_on=DAY, state="planned"
        )
        request = leave.ask(activity, cast.wang.person, reason="出差", by=cast.wang, at=BEFORE)
        start, faults = Barrier(2), []

        def run(act, by, pk=request.pk, start=start, faults=faults):
            try:
                stale = LeaveRequest.objects.get(pk=pk)
                start.wait(10)
                act(stale, by=by, at=LATER)
            except NotAllowedNow:
                pass
            except Exception as fault:
                faults.append(fault)
            finally:
                connection.close()

        threads = [
            Thread(target=run, args=(leave.approve, cast.chen)),
            Thread(target=run, args=(leave.withdraw, cast.wang)),
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(30)

        request.refresh_from_db()
        assert faults == []
        assert request.state == "withdrawn"
        row = activity.attendance.filter(person=cast.wang.person).first()
        assert row is None or row.status == "invited"
