"""The union decides on a lesson after the month was closed: what is sealed stays, the end is told later."""

from datetime import datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.urls import reverse

from core import workdays
from core.errors import NotAllowedNow
from projects import closing, consequences, freezing
from projects.changes import set_state
from projects.closing import LEAVE, Choice
from projects.lessons import TooLate, confirm, give_back, propose
from projects.models import BelatedEntry, Consequence, Lesson, PlanItem
from projects.progress import find_drift, report
from studios.house_rules import Appraisal, kept
from studios.models import Rule
from tests.projects.conftest import NOON, plan_of
from tests.projects.test_lessons import TEXTS, TYPED, told

OCTOBER = datetime(2026, 10, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
LATER = datetime(2026, 10, 15, 9, tzinfo=ZoneInfo("Asia/Shanghai"))


@pytest.fixture
def left(cast, work):
    """The tests (weight 3 of 4) were proposed as tolerated and left as not done when September was closed."""
    report(work.study, by=cast.lin, at=NOON, percent=50)
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    close(cast, work.test, work.study)
    return Lesson.objects.get(pk=lesson.pk)


def close(cast, *items):
    choices = {item.pk: Choice(LEAVE) for item in items}
    plan = plan_of(cast.studio_one, "2026-09")
    return closing.close(plan, by=cast.chen, at=OCTOBER, calendar=workdays.load(), choices=choices)


def september(cast):
    plan = plan_of(cast.studio_one, "2026-09")
    return plan.shown, plan.planned, plan.tolerated


def test_it_waits_for_the_union_after_the_month_was_closed(cast, left):
    assert left.is_waiting
    assert list(Lesson.objects.waiting()) == [left]


def test_confirmed_it_is_published_and_booked_to_the_open_month_and_no_sealed_figure_moves(cast, work, left):
    confirm(left, by=cast.sun, at=LATER, seen=left.version)

    # 50 % of 1 of the 4, before and after.
    assert september(cast) == ("12", 2, 0)
    assert PlanItem.objects.get(pk=work.test.pk).state == "undone"
    assert (list(find_drift()), list(freezing.find_broken())) == ([], [])
    lesson = Lesson.objects.published().get()
    assert (lesson.is_published, lesson.sign) == (True, ("已容错", "info"))
    booked = BelatedEntry.objects.get()
    assert (booked.item, booked.plan.period, booked.points, booked.by, booked.at) == (
        work.test,
        "2026-10",
        0,
        cast.sun,
        LATER,
    )
    assert lesson.booked == booked
    assert ("lesson_confirmed", "chen") in told(lesson)
    assert not Lesson.objects.waiting().exists()


def test_opened_again_the_item_ends_as_tolerated_and_version_two_shows_it(cast, work, left):
    confirm(left, by=cast.sun, at=LATER, seen=left.version)
    plan = plan_of(cast.studio_one, "2026-09")

    closing.reopen(plan, by=cast.li, at=LATER, reason="补记容错", until=LATER.date())

    # 50 % of 1: the tests have left the figure.
    assert september(cast) == ("50", 2, 1)
    lesson = Lesson.objects.get()
    assert (lesson.booked, lesson.is_published) == (None, True)
    entry = work.test.journal.first()
    assert (entry.state_after, entry.by, entry.at) == ("tolerated", cast.li, LATER)
    second = close(cast, work.study)
    assert (second.number, second.shown) == (2, "50")
    assert second.items[work.test.pk]["state"] == "tolerated"
    assert (list(find_drift()), list(freezing.find_broken())) == ([], [])


def test_nothing_is_deducted_whether_it_was_proposed_before_or_after(cast, work, left):
    rule = Rule.objects.create(studio=cast.studio_one, kind="appraisal", title="考核")
    rule.versions.create(
        number=1,
        text="扣分",
        effective_on=NOON.date().replace(month=1),
        settings=kept(Appraisal(month_item=2)),
    )
    consequences.propose_all(on=OCTOBER.date(), calendar=workdays.load())
    assert Consequence.objects.waiting().count() == 2

    confirm(left, by=cast.sun, at=LATER, seen=left.version)
    consequences.propose_all(on=LATER.date(), calendar=workdays.load())

    waiting = Consequence.objects.waiting().values_list("item__content", flat=True)
    assert list(waiting) == ["学习QC七种工具"]
    let_go = Consequence.objects.get(item=work.test)
    assert (let_go.state, let_go.decided_by, let_go.reason) == (
        "waived",
        cast.sun,
        "工会对未达成予以容错。",
    )

    Consequence.objects.all().delete()
    consequences.propose_all(on=LATER.date(), calendar=workdays.load())
    assert list(Consequence.objects.values_list("item__content", flat=True)) == ["学习QC七种工具"]


def test_what_is_returned_after_the_closing_is_written_anew_and_confirmed(cast, left):
    returned = give_back(left, by=cast.sun, at=LATER, seen=left.version, remark="请补充试验温度")
    again = propose(returned.item, TEXTS, by=cast.chen, at=LATER, seen=returned.version)

    confirm(again, by=cast.sun, at=LATER, seen=again.version)

    assert Lesson.objects.published().count() == 1


def test_what_nobody_proposed_before_the_closing_says_what_to_do(cast, client, work, left):
    client.force_login(cast.chen)
    with pytest.raises(TooLate, match="请工会重新打开"):
        propose(work.study, TEXTS, by=cast.chen, at=LATER)

    sent = client.get(reverse("item-lesson", args=[work.study.pk]), follow=True).content.decode()
    item = client.get(work.study.get_absolute_url()).content.decode()

    assert "请工会重新打开" in sent
    assert reverse("item-lesson", args=[work.study.pk]) not in item


def test_what_was_taken_up_again_and_left_undone_is_not_tolerated_by_its_old_lesson(cast, work):
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    confirm(lesson, by=cast.sun, at=NOON, seen=lesson.version)
    set_state(work.test, "in_progress", by=cast.chen, at=NOON, reason="新药剂到货")
    close(cast, work.test, work.study)

    assert not Lesson.objects.published().exists()
    assert not Lesson.objects.waiting().exists()
    closing.reopen(
        plan_of(cast.studio_one, "2026-09"), by=cast.li, at=LATER, reason="补录", until=LATER.date()
    )
    assert PlanItem.objects.get(pk=work.test.pk).state == "undone"


@time_machine.travel(LATER, tick=False)
def test_the_union_is_told_what_becomes_of_it_and_both_months_show_it(cast, client, work, left):
    client.force_login(cast.sun)
    address = left.get_absolute_url()
    asked = client.get(address).content.decode()
    assert "2026年9月已结清，封存的数据不变" in asked

    answer = client.post(reverse("lesson-confirm", args=[left.pk]), {"seen": left.version}, follow=True)

    page = answer.content.decode()
    assert "2026年9月封存的数据不变，已记入2026年10月" in page
    assert "<dd>2026年10月</dd>" in page.replace("\n", "").replace(" ", "")
    for shown in (work.test.get_absolute_url(), Lesson.objects.get().booked.plan.get_absolute_url()):
        assert "工会对未达成予以容错。" in client.get(shown).content.decode()
    assert "0分" not in client.get(work.test.get_absolute_url()).content.decode()
    client.force_login(cast.chen)
    again = client.post(reverse("item-lesson", args=[work.test.pk]), TYPED | {"seen": "9"}, follow=True)
    assert "它已经结束。" in again.content.decode()


@pytest.mark.django_db(transaction=True)
def test_decided_while_the_month_is_closed_it_ends_one_way_or_the_other(cast, work, emptied_afterwards):
    """Before the closing it is in the copy, after it is booked; never both and never neither."""
    report(work.study, by=cast.lin, at=NOON, percent=50)
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    start = Barrier(2, timeout=20)
    ended = []

    def run(act):
        try:
            start.wait()
            act()
            ended.append("done")
        except NotAllowedNow as refused:
            ended.append(type(refused).__name__)
        finally:
            connection.close()

    acts = (
        lambda: confirm(lesson, by=cast.sun, at=OCTOBER, seen=lesson.version),
        lambda: close(cast, work.test, work.study),
    )
    threads = [Thread(target=run, args=(act,)) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)

    assert ended == ["done", "done"]
    tolerated = PlanItem.objects.get(pk=work.test.pk).state == "tolerated"
    booked = BelatedEntry.objects.exists()
    assert tolerated != booked
    assert Lesson.objects.published().count() == 1
    assert (list(find_drift()), list(freezing.find_broken())) == ([], [])
