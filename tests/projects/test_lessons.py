"""Failures that are tolerated: who proposes, who confirms, what it costs, what others may read of it."""

from datetime import datetime
from threading import Barrier, Thread
from zoneinfo import ZoneInfo

import pytest
from django.db import connection
from django.urls import reverse

from core import workdays
from core.errors import NotAllowedNow
from notifications.models import Notice
from projects import closing, consequences, lessons
from projects.changes import carry_over, set_state
from projects.closing import CARRY, TOLERATE, Choice
from projects.lesson_library import similar
from projects.lessons import Ended, Rewritten, Texts, confirm, give_back, propose, tolerate
from projects.models import Consequence, Lesson, Topic
from projects.progress import ReasonMissing, report
from studios.house_rules import Appraisal, kept
from studios.models import Rule
from tests.projects.conftest import NOON, plan_of

TEXTS = Texts(
    tried="三种药剂做了24组单因素试验", learnt="低温下两类药剂可以排除", advice="夏季再试第三种，暂不采购"
)
TYPED = {"tried": TEXTS.tried, "learnt": TEXTS.learnt, "advice": TEXTS.advice, "seen": "0"}
ONCE = "11111111-1111-4111-8111-111111111111"
OCTOBER = datetime(2026, 10, 9, 12, tzinfo=ZoneInfo("Asia/Shanghai"))


def told(lesson):
    about = f"projects.lesson:{lesson.pk}"
    return sorted(Notice.objects.filter(about=about).values_list("kind", "recipient__username"))


@pytest.fixture
def topic(cast):
    return Topic.objects.create(
        studio=cast.studio_one, title="新型捕收剂选矿试验", owner=cast.wang.person, state="running"
    )


def test_a_studio_proposes_and_the_item_goes_on_until_the_union_has_confirmed(cast, work):
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)

    work.test.refresh_from_db()
    assert (work.test.state, lesson.is_waiting, lesson.is_published) == ("not_started", True, False)
    assert told(lesson) == [("lesson_proposed", "sun")]


def test_confirmed_it_ends_as_tolerated_and_leaves_the_figure(cast, work):
    report(work.study, by=cast.lin, at=NOON, percent=50)
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)

    confirm(lesson, by=cast.sun, at=NOON, seen=lesson.version)

    work.test.refresh_from_db()
    september = plan_of(cast.studio_one, "2026-09")
    assert (work.test.state, work.test.reason) == ("tolerated", "低温下两类药剂可以排除")
    assert (september.planned, september.tolerated, september.progress) == (2, 1, 0.5)
    assert ("lesson_confirmed", "chen") in told(lesson)
    assert list(Lesson.objects.published()) == [lesson]


def test_a_topic_ends_as_not_reached_and_tolerated(cast, topic):
    lesson = propose(topic, TEXTS, by=cast.wang, at=NOON)

    confirm(lesson, by=cast.sun, at=NOON, seen=lesson.version)

    topic.refresh_from_db()
    assert (topic.state, topic.get_state_display()) == ("tolerated", "未达成（容错）")
    assert topic.history.first().state == "tolerated"


@pytest.mark.parametrize("missing", ["tried", "learnt", "advice"])
def test_all_three_texts_are_asked_for(cast, work, missing):
    with pytest.raises(ReasonMissing):
        propose(work.test, Texts(**{**vars(TEXTS), missing: " "}), by=cast.chen, at=NOON)


def test_what_is_returned_says_why_and_is_proposed_again(cast, work):
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    with pytest.raises(ReasonMissing):
        give_back(lesson, by=cast.sun, at=NOON, seen=lesson.version, remark="")
    returned = give_back(lesson, by=cast.sun, at=NOON, seen=lesson.version, remark="请补充试验温度")

    again = propose(work.test, TEXTS, by=cast.chen, at=NOON, seen=returned.version)

    assert (again.pk, again.state, again.remark) == (lesson.pk, "proposed", "")
    assert ("lesson_returned", "chen") in told(lesson)


def test_what_was_rewritten_after_it_was_read_is_not_confirmed(cast, work):
    read = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    propose(work.test, Texts("改", "改", "改"), by=cast.chen, at=NOON, seen=read.version)

    with pytest.raises(Rewritten):
        confirm(read, by=cast.sun, at=NOON, seen=read.version)


def test_two_who_write_at_once_do_not_overwrite_each_other(cast, work):
    propose(work.test, TEXTS, by=cast.chen, at=NOON)

    with pytest.raises(Rewritten):
        propose(work.test, TEXTS, by=cast.lin, at=NOON)


def test_what_has_ended_is_no_longer_proposed(cast, work, topic):
    set_state(work.test, "done", by=cast.chen, at=NOON)
    topic.state = "closed"
    topic.save()

    for record in (work.test, topic):
        with pytest.raises(Ended):
            propose(record, TEXTS, by=cast.chen, at=NOON)


def test_taken_up_again_it_leaves_the_library_and_may_be_proposed_anew(cast, work):
    lesson = tolerate(work.test, TEXTS, by=cast.sun, at=NOON)
    set_state(work.test, "in_progress", by=cast.chen, at=NOON, reason="新药剂到货")

    assert not Lesson.objects.published().exists()
    again = propose(work.test, TEXTS, by=cast.chen, at=NOON, seen=lesson.version)
    assert again.pk == lesson.pk


def test_nothing_is_deducted_for_what_is_tolerated(cast, work):
    rule = Rule.objects.create(studio=cast.studio_one, kind="appraisal", title="考核")
    rule.versions.create(
        number=1,
        text="扣分",
        effective_on=NOON.date().replace(month=1),
        settings=kept(Appraisal(month_item=2)),
    )
    tolerate(work.test, TEXTS, by=cast.sun, at=NOON)
    plan = plan_of(cast.studio_one, "2026-09")
    closing.close(
        plan, by=cast.chen, at=OCTOBER, calendar=workdays.load(), choices={work.study.pk: Choice("leave")}
    )

    consequences.propose_all(on=OCTOBER.date(), calendar=workdays.load())

    assert list(Consequence.objects.values_list("item__content", flat=True)) == ["学习QC七种工具"]


def test_what_waits_for_the_union_goes_along_with_the_rest(cast, work):
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)

    rest = carry_over(work.test, by=cast.sun, at=NOON, reason="跨月")

    lesson.refresh_from_db()
    assert (lesson.item, lesson.is_waiting) == (rest, True)


def test_at_the_closing_only_what_has_its_lesson_can_be_tolerated_and_nothing_is_by_itself(cast, work):
    plan = plan_of(cast.studio_one, "2026-08")
    item = closing.leftovers(plan)[0]
    assert TOLERATE not in closing.offered(item, cast.sun)
    with pytest.raises(ReasonMissing):
        closing.close(
            plan, by=cast.sun, at=NOON, calendar=workdays.load(), choices={item.pk: Choice(TOLERATE, "失败")}
        )
    propose(work.august, TEXTS, by=cast.chen, at=NOON)

    item = closing.leftovers(plan)[0]

    assert closing.default_for(item) == Choice(CARRY)
    assert TOLERATE in closing.offered(item, cast.sun)
    assert TOLERATE not in closing.offered(item, cast.chen)
    closing.close(plan, by=cast.sun, at=NOON, calendar=workdays.load(), choices={item.pk: Choice(TOLERATE)})
    assert plan_of(cast.studio_one, "2026-08").tolerated == 1
    assert Lesson.objects.published().get().decided_by == cast.sun


@pytest.mark.parametrize(
    ("who", "state", "status"),
    [("wang", "proposed", 302), ("chen", "proposed", 302), ("sun", "confirmed", 302), ("xu", None, 404)],
)
def test_the_studio_proposes_and_the_union_tolerates_at_once(
    cast, client, work, september, who, state, status
):
    client.force_login(getattr(cast, who))

    response = client.post(reverse("item-lesson", args=[work.test.pk]), TYPED | {"once": ONCE})

    lesson = Lesson.objects.first()
    assert (response.status_code, lesson and lesson.state) == (status, state)


def test_sent_twice_it_is_written_once_and_wrong_texts_are_kept(cast, client, work, september):
    client.force_login(cast.chen)
    address = reverse("item-lesson", args=[work.test.pk])

    wrong = client.post(address, TYPED | {"once": ONCE, "advice": ""})
    client.post(address, TYPED | {"once": ONCE})
    client.post(address, TYPED | {"once": ONCE})

    assert wrong.status_code == 422
    assert TEXTS.tried in wrong.content.decode()
    assert Lesson.objects.get().version == 1


def test_the_union_confirms_or_returns_on_the_page_and_the_studio_cannot(cast, client, work, september):
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    back, yes = (reverse(name, args=[lesson.pk]) for name in ("lesson-return", "lesson-confirm"))
    client.force_login(cast.chen)
    assert client.post(yes, {"seen": lesson.version}).status_code == 403

    client.force_login(cast.sun)
    assert client.post(back, {"seen": lesson.version, "remark": ""}).status_code == 422
    assert client.post(yes, {"seen": lesson.version}).status_code == 302
    assert client.post(yes, {"seen": lesson.version}).status_code == 303

    lesson.refresh_from_db()
    assert lesson.state == "confirmed"


def test_others_read_what_is_confirmed_and_nothing_else(cast, client, work, september):
    report(work.test, by=cast.wang, at=NOON, percent=20, note="只给本室看的记录")
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    address = lesson.get_absolute_url()
    client.force_login(cast.zhao)
    assert client.get(address).status_code == 404
    assert TEXTS.learnt not in client.get(reverse("lessons")).content.decode()

    confirm(lesson, by=cast.sun, at=NOON, seen=lesson.version)

    page, listed = client.get(address).content.decode(), client.get(reverse("lessons")).content.decode()
    assert TEXTS.learnt in page
    assert TEXTS.learnt in listed
    assert "只给本室看的记录" not in page
    client.force_login(cast.xu)
    assert client.get(address).status_code == 404


def test_the_page_shows_the_original_records_of_the_whole_chain(cast, client, work, september):
    report(work.test, by=cast.wang, at=NOON, percent=20, note="第一组试验完成")
    rest = carry_over(work.test, by=cast.sun, at=NOON, reason="跨月")
    report(rest, by=cast.chen, at=NOON, percent=10, note="第二组试验完成")
    lesson = tolerate(rest, TEXTS, by=cast.sun, at=NOON)

    records = lessons.records_of(lesson)

    assert [entry.note for entry in records.entries if entry.note.startswith("第")] == [
        "第二组试验完成",
        "第一组试验完成",
    ]
    assert records.people == 3
    client.force_login(cast.wang)
    assert "第一组试验完成" in client.get(lesson.get_absolute_url()).content.decode()


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=低温", True),
        ("q=高温", False),
        ("about=topic", True),
        ("about=item", False),
        ("kind=technical", True),
        ("kind=management", False),
        ("year=2026", True),
        ("year=2025", False),
        ("state=proposed", False),
    ],
)
def test_the_library_is_searched_and_narrowed(cast, client, topic, september, query, found):
    tolerate(topic, TEXTS, by=cast.sun, at=NOON)
    client.force_login(cast.zhao)

    page = client.get(f"{reverse('lessons')}?{query}").content.decode()

    assert (TEXTS.learnt in page) is found


@pytest.mark.parametrize("count", [1, 3])
def test_the_library_asks_a_fixed_number_of_questions(
    cast, client, september, django_assert_num_queries, count
):
    for number in range(count):
        topic = Topic.objects.create(studio=cast.studio_one, title=f"课题{number}")
        tolerate(topic, TEXTS, by=cast.sun, at=NOON)
    client.force_login(cast.wang)
    client.get(reverse("lessons"))

    with django_assert_num_queries(13):
        client.get(reverse("lessons"))


def test_lessons_of_a_similar_title_are_named(cast, topic):
    lesson = tolerate(topic, TEXTS, by=cast.sun, at=NOON)
    every = Lesson.objects.visible_to(cast.wang)

    assert similar("捕收剂选矿新试验", every) == [lesson]
    assert similar("余热回收", every) == []


def test_a_topic_form_does_not_offer_what_only_the_union_confirms(cast, client, topic):
    client.force_login(cast.chen)

    page = client.get(reverse("topic-edit", args=[topic.pk])).content.decode()

    assert 'value="terminated"' in page
    assert 'value="tolerated"' not in page


@pytest.mark.services
def test_of_two_who_decide_at_once_one_wins(cast, work, emptied_afterwards):
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)
    barrier, outcome = Barrier(2), []

    def decide(act, **said):
        try:
            barrier.wait()
            act(lesson, by=cast.sun, at=NOON, seen=lesson.version, **said)
            outcome.append("won")
        except NotAllowedNow:
            outcome.append("lost")
        finally:
            connection.close()

    threads = [
        Thread(target=decide, args=[confirm]),
        Thread(target=decide, args=[give_back], kwargs={"remark": "请补充"}),
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(outcome) == ["lost", "won"]


def test_nobody_tolerates_what_he_himself_did_not_reach(cast, work):
    cast.studio_one.memberships.create(person=cast.sun.person, role="member")
    work.test.owner = cast.sun.person
    work.test.save()
    lesson = propose(work.test, TEXTS, by=cast.chen, at=NOON)

    assert not cast.sun.has_perm("projects.tolerate", work.test)
    assert not cast.sun.has_perm("projects.tolerate", lesson)
    assert cast.li.has_perm("projects.tolerate", lesson)
    assert cast.sun.has_perm("projects.tolerate", work.study)
