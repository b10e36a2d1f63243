"""Reminders: the right person, on the right working day, once, and nobody forgotten."""

import threading
from datetime import UTC, date, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from core import jobs
from core.models import Job, WorkdayOverride
from core.workdays import Workdays
from members.models import Person
from notifications import sending
from notifications.models import Digest, Notice
from notifications.tasks import send_digests
from projects import reminders
from projects.models import Plan, PlanItem
from projects.tasks import DAILY, daily
from studios.models import Membership, Studio

pytestmark = pytest.mark.django_db

CHINA = Workdays()
#: A Friday. Three working days before is the Tuesday, one after the Monday.
DUE = date(2026, 11, 20)


def at(day, hour=9):
    return datetime(day.year, day.month, day.day, hour - 8, tzinfo=UTC)


@pytest.fixture
def item(cast):
    return make_item(cast.studio_one, owner=cast.wang.person)


def make_item(studio, owner=None, due_on=DUE, content="电极孔改造", period="2026-11", **extra):
    plan = Plan.objects.get(studio=studio, period=period)
    return PlanItem.objects.create(plan=plan, owner=owner, due_on=due_on, content=content, **extra)


def told_on(day, calendar=CHINA):
    """Who is reminded of what on a day: {(username, kind)}."""
    return {
        (user.username, reminder.kind)
        for reminder in reminders.due_on(day, calendar)
        for user in reminder.recipients
        if reminder.kind.startswith("item_")
    }


def ladder(first, last, calendar=CHINA):
    """Every day between two on which somebody is reminded of an item."""
    days = (first + timedelta(days=n) for n in range((last - first).days + 1))
    return {day: told for day in days if (told := told_on(day, calendar))}


def test_an_item_climbs_from_its_owner_to_the_group(item):
    assert ladder(date(2026, 11, 1), date(2026, 12, 31)) == {
        date(2026, 11, 17): {("wang", "item_due_soon")},
        date(2026, 11, 20): {("wang", "item_due")},
        date(2026, 11, 23): {("wang", "item_overdue"), ("chen", "item_overdue_lead")},
        date(2026, 11, 25): {("sun", "item_overdue_unit")},
        date(2026, 12, 1): {("li", "item_overdue_group")},
    }


def test_national_day_and_the_saturday_worked_after_it_are_counted_right(cast):
    make_item(cast.studio_one, owner=cast.wang.person, due_on=date(2026, 10, 3), period="2026-10")

    assert ladder(date(2026, 9, 1), date(2026, 11, 1)) == {
        date(2026, 9, 28): {("wang", "item_due_soon")},
        date(2026, 9, 30): {("wang", "item_due")},  # the last working day before the rest day it is due on
        date(2026, 10, 8): {("wang", "item_overdue"), ("chen", "item_overdue_lead")},
        date(2026, 10, 10): {("sun", "item_overdue_unit")},  # a Saturday that is worked
        date(2026, 10, 15): {("li", "item_overdue_group")},
    }


def test_the_union_s_own_calendar_shifts_the_reminders(item):
    closed = Workdays({date(2026, 11, 23): False})

    assert date(2026, 11, 24) in ladder(date(2026, 11, 21), date(2026, 11, 24), closed)
    assert told_on(date(2026, 11, 23), closed) == set()


@pytest.mark.parametrize("state", ["done", "carried", "cancelled", "tolerated"])
def test_an_item_that_is_finished_or_let_go_reminds_nobody(item, state):
    PlanItem.objects.update(state=state)

    assert ladder(date(2026, 11, 1), date(2026, 12, 31)) == {}


def test_an_item_whose_parts_are_all_done_reminds_nobody(item):
    PlanItem.objects.update(complete=True)

    assert ladder(date(2026, 11, 1), date(2026, 12, 31)) == {}


def test_a_lead_who_owns_the_item_is_told_once(cast):
    make_item(cast.studio_one, owner=cast.chen.person)

    assert told_on(date(2026, 11, 23)) == {("chen", "item_overdue")}


def test_a_studio_that_rests_is_left_alone(item, cast):
    Studio.objects.filter(pk=cast.studio_one.pk).update(state=Studio.State.SUSPENDED)

    assert ladder(date(2026, 11, 1), date(2026, 12, 31)) == {}


def test_whoever_cannot_sign_in_is_counted(cast):
    make_item(cast.studio_one, owner=Person.objects.create(name="无账号", unit=cast.plant_one))

    (soon,) = [r for r in reminders.due_on(date(2026, 11, 17), CHINA) if r.kind == "item_due_soon"]

    assert (soon.recipients, soon.unreachable) == ((), 1)


def test_an_empty_month_plan_is_asked_for_five_two_and_no_working_days_before_the_month(cast):
    make_item(cast.studio_two, period="2026-12", due_on=date(2026, 12, 20))

    days = (date(2026, 11, 1) + timedelta(days=n) for n in range(30))
    asked = {
        day: sorted(user.username for user in reminder.recipients)
        for day in days
        for reminder in reminders.due_on(day, CHINA)
        if reminder.kind == "month_plan_empty"
    }

    # 30 November is a Monday; 二厂 has planned.
    assert asked == {
        date(2026, 11, 23): ["chen", "lin"],
        date(2026, 11, 26): ["chen", "lin"],
        date(2026, 11, 30): ["chen", "lin"],
    }


def test_a_month_report_is_asked_for_until_every_running_item_has_one(cast, item):
    quiet = make_item(cast.studio_one, content="没有填报")
    PlanItem.objects.filter(pk=item.pk).update(reported_at=at(date(2026, 11, 25)))
    make_item(cast.studio_one, content="已取消", state="cancelled")

    # The fifth of December is a Saturday: due on the Friday.
    asked = {
        day: (reminder.kind, reminder.params["count"], [user.username for user in reminder.recipients])
        for day in (date(2026, 12, n) for n in range(1, 12))
        for reminder in reminders.due_on(day, CHINA)
        if reminder.kind.startswith("month_report")
    }
    assert asked == {
        date(2026, 12, 3): ("month_report_due", 1, ["chen"]),
        date(2026, 12, 4): ("month_report_due", 1, ["chen"]),
        date(2026, 12, 7): ("month_report_overdue", 1, ["chen"]),
    }

    PlanItem.objects.filter(pk=quiet.pk).update(reported_at=at(date(2026, 12, 2)))
    assert [r for r in reminders.due_on(date(2026, 12, 3), CHINA) if r.kind.startswith("month_report")] == []


def test_a_day_asks_the_same_number_of_questions_for_one_item_and_for_many(
    cast, item, django_assert_num_queries
):
    day = date(2026, 11, 24)
    with django_assert_num_queries(6):  # nothing due: nobody is looked up
        list(reminders.due_on(day, CHINA))
    due = date(2026, 11, 23)
    make_item(cast.studio_one, due_on=due)
    with django_assert_num_queries(9):
        list(reminders.due_on(day, CHINA))
    for number in range(10):
        make_item((cast.studio_one, cast.studio_two)[number % 2], due_on=due, owner=cast.qian.person)
    with django_assert_num_queries(9):
        list(reminders.due_on(day, CHINA))


# --- Telling, once


def test_moving_the_deadline_arms_it_again_and_moving_it_back_repeats_nothing(item):
    reminders.remind(on=date(2026, 11, 17), calendar=CHINA)
    PlanItem.objects.update(due_on=date(2026, 11, 27))
    reminders.remind(on=date(2026, 11, 24), calendar=CHINA)
    PlanItem.objects.update(due_on=DUE)
    reminders.remind(on=date(2026, 11, 17), calendar=CHINA)

    soon = Notice.objects.filter(kind="item_due_soon").order_by("pk")
    assert [notice.params["due_on"] for notice in soon] == ["2026-11-20", "2026-11-27"]


def test_what_was_moved_done_or_handed_over_before_the_mail_is_not_sent(cast):
    moved, finished, handed_over, _kept, gone = [
        make_item(cast.studio_one, owner=cast.wang.person, content=name) for name in "甲乙丙丁戊"
    ]
    reminders.remind(on=date(2026, 11, 17), calendar=CHINA)
    PlanItem.objects.filter(pk=moved.pk).update(due_on=date(2026, 11, 30))
    PlanItem.objects.filter(pk=finished.pk).update(state="done")
    PlanItem.objects.filter(pk=handed_over.pk).update(owner=cast.lin.person)
    gone.delete()

    sending.digest(on=date(2026, 11, 17), now=at(date(2026, 11, 17)))

    reasons = dict(Notice.objects.filter(kind="item_due_soon").values_list("subject", "suppressed_because"))
    assert reasons == {"甲": "moved", "乙": "done", "丙": "not_yours", "丁": "", "戊": "gone"}
    assert "“丁”" in mail.outbox[0].body
    assert "“甲”" not in mail.outbox[0].body


def test_whoever_left_the_studio_is_told_nothing_more_of_it(cast, item):
    reminders.remind(on=date(2026, 11, 17), calendar=CHINA)
    Membership.objects.filter(person=cast.wang.person).update(left_on=date(2026, 11, 16))

    sending.digest(on=date(2026, 11, 17), now=at(date(2026, 11, 17)))

    assert Notice.objects.get().suppressed_because == "no_right"


def test_plans_and_reports_that_came_in_time_are_not_asked_for(cast, item):
    reminders.remind(on=date(2026, 11, 30), calendar=CHINA)  # the plan for December is wanted
    reminders.remind(on=date(2026, 12, 3), calendar=CHINA)  # and the report for November
    make_item(cast.studio_one, period="2026-12", due_on=date(2026, 12, 20))
    PlanItem.objects.filter(pk=item.pk).update(reported_at=at(date(2026, 12, 3)))

    sending.digest(on=date(2026, 12, 3), now=at(date(2026, 12, 3)))

    of_chen = Notice.objects.filter(recipient=cast.chen).exclude(kind__startswith="item_")
    assert set(of_chen.values_list("kind", "suppressed_because")) == {
        ("month_plan_empty", "done"),
        ("month_report_due", "done"),
    }


def test_a_job_that_ran_a_day_late_still_tells_what_is_still_worth_saying(item):
    reminders.remind(on=date(2026, 11, 18), calendar=CHINA)  # nothing ran on the 17th

    assert [notice.kind for notice in Notice.objects.all()] == ["item_due_soon"]

    Notice.objects.all().delete()
    reminders.remind(on=date(2026, 11, 23), calendar=CHINA)  # nothing ran on the 20th
    assert {notice.kind for notice in Notice.objects.filter(about=f"projects.planitem:{item.pk}")} == {
        "item_overdue",
        "item_overdue_lead",
    }


def test_a_job_that_did_not_run_for_days_logs_what_is_too_late_instead_of_a_storm(
    cast, item, time_machine, caplog
):
    time_machine.move_to(at(date(2026, 11, 16)), tick=False)
    daily()
    jobs.run_waiting(DAILY)
    time_machine.move_to(at(date(2026, 11, 25)), tick=False)
    daily()
    jobs.run_waiting(DAILY)

    assert {notice.kind for notice in Notice.objects.filter(kind__startswith="item_")} == {
        "item_overdue_unit"
    }
    assert [record.getMessage() for record in caplog.records if "were not sent" in record.getMessage()] == [
        "4 reminders of 2026-11-23 were not sent: nothing ran on that day.",
        "1 reminders of 2026-11-20 were not sent: nothing ran on that day.",
        "1 reminders of 2026-11-17 were not sent: nothing ran on that day.",
    ]


# --- Fifty times, twice in parallel, after a death


def all_told():
    return sorted(Notice.objects.values_list("recipient__username", "kind", "about"))


def tick():
    """What beat and a worker do at nine o'clock on a day."""
    daily()
    jobs.run_waiting()
    send_digests()
    jobs.run_waiting()


@pytest.mark.django_db(transaction=True)
def test_fifty_runs_twice_in_parallel_tell_nobody_twice_and_forget_nobody(cast, item, time_machine):
    time_machine.move_to(at(date(2026, 11, 23)), tick=False)
    faults = []

    def worker():
        try:
            for _time in range(25):
                tick()
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(2)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    assert faults == []
    about = f"projects.planitem:{item.pk}"
    assert [row for row in all_told() if row[2] == about] == [
        ("chen", "item_overdue_lead", about),
        ("wang", "item_overdue", about),
    ]
    # 30 November is near: both leads and the liaison also have an empty month plan ahead of them.
    assert sorted(letter.to[0].split("@")[0] for letter in mail.outbox) == ["chen", "lin", "wang", "zhao"]
    assert set(Notice.objects.values_list("state", flat=True)) == {Notice.State.SENT}
    assert set(Digest.objects.values_list("state", "attempts")) == {(Digest.State.SENT, 1)}
    assert not Job.objects.exclude(state=Job.State.DONE).exists()


def test_a_worker_that_dies_between_claim_and_mark_costs_nobody_his_message(cast, item, time_machine):
    time_machine.move_to(at(date(2026, 11, 23)), tick=False)
    daily()
    jobs.claim(Job.objects.get(name=DAILY).pk, now=timezone.now())  # a worker took it and died
    tick()
    # Another had claimed the message to Wang and died before the mail server had it.
    sending._claim(cast.wang, date(2026, 11, 24), "", timezone.now())
    first_day = len(mail.outbox)

    for minutes in range(0, 60, 5):
        time_machine.move_to(at(date(2026, 11, 24)) + timedelta(minutes=minutes), tick=False)
        tick()

    assert first_day == 4
    assert Job.objects.exclude(state=Job.State.DONE).count() == 0
    told = Notice.objects.filter(about=f"projects.planitem:{item.pk}")
    assert sorted(told.values_list("recipient__username", "state")) == [("chen", "sent"), ("wang", "sent")]
    assert len(mail.outbox) == 4  # nothing new to say on the second day


def test_a_dead_broker_forgets_nobody(cast, item, time_machine, monkeypatch):
    monkeypatch.setattr(jobs, "poke", lambda ids: None)  # no message ever arrives
    time_machine.move_to(at(date(2026, 11, 17)), tick=False)
    daily()
    send_digests()

    assert [job.name for job in Job.objects.unfinished()] == [DAILY]
    time_machine.move_to(at(date(2026, 11, 17)) + timedelta(minutes=2), tick=False)
    assert jobs.sweep(now=timezone.now()) == [Job.objects.get().pk]


# --- By hand


def run(*arguments):
    out = StringIO()
    call_command("daily", *arguments, stdout=out)
    return out.getvalue()


def test_the_dry_run_shows_who_would_be_told_and_changes_nothing(cast, item):
    make_item(cast.studio_one, owner=Person.objects.create(name="无账号", unit=cast.plant_one))

    shown = run("--on", "2026-11-17", "--dry-run")

    assert "王芳: “电极孔改造”将于2026年11月20日（周五）到期" in shown
    assert "to tell: 1, told before: 0, without a login: 1" in shown
    assert not Notice.objects.exists()
    assert mail.outbox == []


def test_the_day_s_work_can_be_done_without_celery_and_twice(cast, item):
    first = run("--on", "2026-11-17")
    second = run("--on", "2026-11-17")

    assert "messages sent: 1" in first
    assert "to tell: 0, told before: 1, without a login: 0" in second
    assert "messages sent: 0" in second
    assert [letter.to for letter in mail.outbox] == [["wang@qingchuan.example"]]


def test_nobody_is_reminded_on_a_rest_day(cast, item):
    WorkdayOverride.objects.create(day=date(2026, 11, 17), works=False)

    assert "rest day" in run("--on", "2026-11-17")
    assert not Notice.objects.exists()


def test_a_day_that_is_none_is_refused():
    with pytest.raises(CommandError, match="2026-02-30 is no day"):
        run("--on", "2026-02-30")
