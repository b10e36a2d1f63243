"""What the house rules draw from the records: the arithmetic, proposing once, deciding, the ledger."""

from datetime import date, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from core import workdays
from core.errors import NotAllowedNow
from core.workdays import Workdays
from members.models import RoleGrant
from notifications import kinds
from notifications.models import Notice
from projects import consequences
from projects.appraising import MISSED, Fact, Line, deductions, reward
from projects.models import Consequence, Plan, PlanItem, PointEntry, Topic
from projects.progress import ReasonMissing
from studios.house_rules import Appraisal, Reward, kept
from studios.models import Rule, RuleVersion

NOON = datetime(2026, 10, 12, 12, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = date(2026, 10, 12)
CALENDAR = Workdays()
RULE = Appraisal(Decimal(2), Decimal(5), Decimal("0.5"), Decimal(10))
UNCAPPED = Appraisal(Decimal(2))
REWARD = Reward(Decimal(3), Decimal(20), Decimal(30), Decimal(2000), "创新能手", "五一劳动奖章")

facts = st.lists(
    st.builds(
        Fact,
        key=st.integers(1, 10**6),
        scale=st.sampled_from(["month", "quarter", "year"]),
        state=st.sampled_from([state for state, _label in PlanItem.State.choices]),
        due_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
        done_on=st.none() | st.dates(date(2026, 1, 1), date(2026, 12, 31)),
    ),
    unique_by=lambda fact: fact.key,
    max_size=12,
)
points = st.decimals(0, 20, places=2)
rules = st.builds(Appraisal, points, points, points, st.none() | points)
#: Beside other work the machine may take its time.
unhurried = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])


# --- The arithmetic


def test_the_lines_of_a_month_are_those_worked_out_by_hand():
    month = [
        Fact(1, "month", "undone", date(2026, 9, 18)),
        Fact(2, "month", "done", date(2026, 9, 18), date(2026, 9, 22)),  # Sunday (worked), Monday, Tuesday
        Fact(3, "month", "done", date(2026, 9, 18), date(2026, 9, 18)),
        Fact(4, "month", "carried", date(2026, 9, 18)),
        Fact(5, "month", "cancelled", date(2026, 9, 18)),
        Fact(6, "month", "tolerated", date(2026, 9, 18)),
        Fact(7, "month", "done", date(2026, 9, 18), date(2026, 9, 19)),  # a Saturday that is none
    ]

    assert deductions(month, RULE, CALENDAR) == [
        Line(1, "unmet", "month_item", Decimal(-2)),
        Line(2, "late", "late_day", Decimal("-1.5"), 3),
    ]


def test_a_quarter_costs_its_own_points_and_the_cap_cuts_the_last_line():
    quarter = [Fact(key, "quarter", "in_progress") for key in (1, 2, 3)]

    lines = deductions(quarter, Appraisal(Decimal(2), Decimal(4), cap=Decimal(10)), CALENDAR)

    assert [(line.key, line.points) for line in lines] == [(1, -4), (2, -4), (3, -2)]


def test_a_year_is_not_appraised_here():
    assert deductions([Fact(1, "year", "undone")], RULE, CALENDAR) == []


@unhurried
@given(facts, rules, st.randoms())
def test_deductions_never_exceed_the_cap_and_never_fall_on_what_was_let_go(found, rule, chance):
    lines = deductions(found, rule, CALENDAR)
    states = {fact.key: fact.state for fact in found}

    assert all(line.points < 0 for line in lines)
    assert rule.cap is None or -sum(line.points for line in lines) <= rule.cap
    assert {states[line.key] for line in lines} <= {*MISSED, "done"}
    shuffled = list(found)
    chance.shuffle(shuffled)
    assert deductions(shuffled, rule, CALENDAR) == lines


@unhurried
@given(facts, rules)
def test_without_a_cap_the_sum_is_items_and_days_times_their_points(found, rule):
    rule = Appraisal(rule.month_item, rule.quarter_item, rule.late_day)
    price = {"month": rule.month_item, "quarter": rule.quarter_item}
    expected = Decimal(0)
    for fact in found:
        if fact.scale not in price:
            continue
        if fact.state in MISSED:
            expected += price[fact.scale]
        elif fact.state == "done" and fact.due_on and fact.done_on and fact.done_on > fact.due_on:
            expected += rule.late_day * CALENDAR.count_between(fact.due_on, fact.done_on)

    assert -sum((line.points for line in deductions(found, rule, CALENDAR)), Decimal(0)) == expected


@pytest.mark.parametrize(
    ("fact", "line"),
    [
        (Fact(1, "quarter", "done"), Line(1, "reached", "quarter_item", Decimal(3))),
        (
            Fact(1, "year", "done"),
            Line(1, "reached", "year_item", Decimal(20), 1, Decimal(2000), "创新能手", "五一劳动奖章"),
        ),
        (
            Fact(1, "topic", "closed"),
            Line(1, "reached", "topic", Decimal(30), 1, Decimal(2000), "创新能手", "五一劳动奖章"),
        ),
        (Fact(1, "month", "done"), None),
        (Fact(1, "year", "tolerated"), None),
        (Fact(1, "topic", "terminated"), None),
    ],
)
def test_what_a_reached_goal_brings(fact, line):
    assert reward(fact, REWARD) == line


# --- Proposing and deciding


def rule_of(studio, settings, effective_on=date(2026, 1, 1), number=1):
    rule, _new = Rule.objects.get_or_create(studio=studio, kind=settings.kind, title=settings.kind)
    return RuleVersion.objects.create(
        rule=rule, number=number, text="条文", effective_on=effective_on, settings=kept(settings)
    )


def put(cast, period, content, state, **fields):
    plan = Plan.objects.get(studio=cast.studio_one, period=period)
    return PlanItem.objects.create(plan=plan, content=content, state=state, **fields)


def close(cast, *periods):
    for plan in Plan.objects.filter(studio=cast.studio_one, period__in=periods):
        plan.state = Plan.State.CLOSED
        plan.save(update_fields=["state"])


def propose(day=TODAY):
    return consequences.propose_all(on=day, calendar=workdays.load())


@pytest.fixture
def unmet(cast):
    """An item of Wang's that September was closed with, under an appraisal rule; the proposal about it."""
    rule_of(cast.studio_one, RULE)
    put(cast, "2026-09", "完成三组试验", "undone", owner=cast.wang.person, reason="停炉")
    close(cast, "2026-09")
    propose()
    return Consequence.objects.get()


def test_a_closed_month_is_proposed_about_once_and_an_open_one_not_at_all(cast):
    version = rule_of(cast.studio_one, RULE)
    missed = put(cast, "2026-09", "完成三组试验", "undone", owner=cast.wang.person)
    put(cast, "2026-09", "容错的一项", "tolerated")
    put(cast, "2026-10", "还开着的一项", "undone")
    close(cast, "2026-09")

    assert [propose(), propose(), propose(date(2026, 10, 13))] == [1, 0, 0]

    found = Consequence.objects.get()
    assert (found.item, found.version, found.person, found.points) == (
        missed,
        version,
        cast.wang.person,
        Decimal(-2),
    )
    assert found.sentence == "月度计划每有一项未完成，扣 2 分。"


def test_a_month_is_judged_by_the_version_in_force_on_its_last_day(cast):
    old = rule_of(cast.studio_one, Appraisal(Decimal(1)))
    rule_of(cast.studio_one, Appraisal(Decimal(9)), date(2026, 10, 1), 2)
    put(cast, "2026-09", "一项", "undone")
    close(cast, "2026-09")
    propose()

    found = Consequence.objects.get()
    assert (found.version, found.points) == (old, Decimal(-1))


def test_reached_goals_and_concluded_topics_are_proposed_for_reward(cast):
    rule_of(cast.studio_one, REWARD)
    put(cast, "2026", "全年目标", "done", owner=cast.chen.person, done_on=date(2026, 9, 30))
    put(cast, "2026-09", "一个月的事", "done", done_on=date(2026, 9, 30))
    Topic.objects.create(studio=cast.studio_one, title="降低残极率", state="closed")

    assert [propose(), propose()] == [2, 0]

    assert [(str(each.record), each.points, each.money) for each in Consequence.objects.all()] == [
        ("全年目标", Decimal(20), Decimal(2000)),
        ("降低残极率", Decimal(30), Decimal(2000)),
    ]


def test_confirming_writes_one_entry_with_the_reason_and_nobody_decides_twice(cast, unmet):
    with pytest.raises(ReasonMissing):
        consequences.confirm(unmet, by=cast.sun, at=NOON, reason=" ")
    consequences.confirm(unmet, by=cast.sun, at=NOON, reason="情况属实")
    with pytest.raises(NotAllowedNow):
        consequences.waive(unmet, by=cast.li, at=NOON, reason="算了")

    entry = PointEntry.objects.get()
    assert (entry.person, entry.points, entry.by) == (cast.wang.person, Decimal(-2), cast.sun)
    unmet.refresh_from_db()
    assert (unmet.state, unmet.reason) == ("confirmed", "情况属实")


def test_waived_nothing_comes_into_the_ledger(cast, unmet):
    consequences.waive(unmet, by=cast.sun, at=NOON, reason="停炉不怪他")

    assert (PointEntry.objects.count(), Consequence.objects.get().state) == (0, "waived")


def test_an_entry_is_neither_changed_nor_deleted(cast, unmet):
    consequences.confirm(unmet, by=cast.sun, at=NOON, reason="属实")

    for act in (
        lambda: PointEntry.objects.update(points=0),
        lambda: PointEntry.objects.all()._raw_delete("default"),
    ):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            act()
    assert PointEntry.objects.get().points == Decimal(-2)


def test_the_union_decides_and_never_the_one_it_falls_on(cast, unmet):
    may = [user.username for user in (cast.sun, cast.li, cast.zhou) if _may(user, unmet)]
    may_not = [
        user.username for user in (cast.chen, cast.lin, cast.wang, cast.zheng, cast.he) if _may(user, unmet)
    ]

    assert (may, may_not) == (["sun", "li", "zhou"], [])
    unmet.person = cast.sun.person
    assert not _may(cast.sun, unmet)


def _may(user, consequence):
    return user.has_perm("projects.decide_consequence", consequence)


def test_the_page_shows_the_ledger_with_its_running_sum_and_each_sum_opens_its_rows(cast, sign_in, unmet):
    rule_of(cast.studio_one, REWARD)
    put(cast, "2026", "全年目标", "done", owner=cast.chen.person, done_on=date(2026, 9, 30))
    propose()
    for each in Consequence.objects.order_by("id"):
        consequences.confirm(each, by=cast.sun, at=NOON, reason="属实")
    page = sign_in(cast.wang)

    context = page.get(f"/studios/{cast.studio_one.pk}/points/").context
    own = page.get(f"/studios/{cast.studio_one.pk}/points/?person={cast.wang.person_id}").context

    assert [(entry.points_shown, entry.total) for entry in context["page"]] == [("+20", 18), ("-2", -2)]
    assert (context["total"], [(str(who), sum_) for who, sum_, _to in context["sums"]]) == (
        "+18",
        [("陈立新", "+20"), ("王芳", "-2")],
    )
    assert [entry.points_shown for entry in own["page"]] == ["-2"]
    text = page.get(cast.wang.person.get_absolute_url()).content.decode()
    assert f"/studios/{cast.studio_one.pk}/points/?person={cast.wang.person_id}#ledger" in text


def test_what_is_to_be_decided_waits_on_the_desk(cast, sign_in, unmet):
    decisions = [("陈立新劳模创新工作室", 1, f"/studios/{cast.studio_one.pk}/points/#waiting")]

    desk = sign_in(cast.sun).get("/")
    assert desk.context["decisions"] == decisions
    assert "1 条建议" in desk.text
    assert sign_in(cast.he).get("/").context["decisions"] == []


def test_who_decides_is_told_once_for_a_studio_and_period(cast):
    rule_of(cast.studio_one, RULE)
    put(cast, "2026-09", "完成三组试验", "undone", owner=cast.wang.person)
    put(cast, "2026-09", "备件到货验收", "undone", owner=cast.lin.person)
    put(cast, "2026-08", "方案评审", "undone")
    close(cast, "2026-08", "2026-09")

    propose()
    propose()
    propose(date(2026, 10, 13))

    told = Notice.objects.filter(kind="consequences_proposed").order_by("key")
    assert [(notice.recipient, notice.sentence) for notice in told] == [
        (cast.sun, "陈立新劳模创新工作室：2026年8月有1条奖惩建议待确认"),
        (cast.sun, "陈立新劳模创新工作室：2026年9月有2条奖惩建议待确认"),
    ]
    assert {notice.url for notice in told} == {f"/consequences/?state=proposed&studio={cast.studio_one.pk}"}


def test_the_staff_of_the_group_is_told_where_a_unit_has_no_contact(cast):
    RoleGrant.objects.filter(user=cast.sun).delete()
    rule_of(cast.studio_one, RULE)
    put(cast, "2026-09", "方案评审", "undone")
    close(cast, "2026-09")
    propose()

    assert {notice.recipient for notice in Notice.objects.filter(kind="consequences_proposed")} == {cast.li}


def test_what_is_decided_by_then_is_not_told_any_more(cast, unmet):
    notice = Notice.objects.get(kind="consequences_proposed")
    kind = kinds.get("consequences_proposed")

    assert kind.why_no_longer(notice) is None
    consequences.waive(unmet, by=cast.zhou, at=NOON, reason="停炉检修")
    assert kind.why_no_longer(notice) == "done"


def test_the_list_shows_what_waits_over_all_studios_that_its_reader_may_see(cast, sign_in, unmet):
    seen = {
        who.username: [each.pk for each in sign_in(who).get("/consequences/?state=proposed").context["page"]]
        for who in (cast.li, cast.sun, cast.he, cast.chen, cast.zhao, cast.xu)
    }

    assert seen == {"li": [unmet.pk], "sun": [unmet.pk], "he": [], "chen": [unmet.pk], "zhao": [], "xu": []}


def test_what_waits_is_decided_in_the_list_and_leads_back_there(cast, sign_in, unmet):
    page, to = sign_in(cast.li), f"/consequences/{unmet.pk}/decide/"
    here = "/consequences/?state=proposed"
    assert to in page.get(here).content.decode()

    answer = page.post(
        to, {"act": "confirm", "text": "情况属实"}, headers={"Referer": f"http://testserver{here}"}
    )

    assert (answer.status_code, answer.url) == (302, here)
    assert to not in page.get(here).content.decode()
    assert PointEntry.objects.get().by == cast.li


def test_who_may_not_decide_reads_the_list_without_the_act(cast, sign_in, unmet):
    text = sign_in(cast.chen).get("/consequences/").content.decode()

    assert "完成三组试验" in text
    assert "/decide/" not in text


@pytest.mark.parametrize(
    ("asked", "found"),
    [("q=三组", 1), ("q=王芳", 1), ("q=别的", 0), ("kind=unmet", 1), ("kind=late", 0), ("state=waived", 0)],
)
def test_the_list_is_narrowed_by_its_address(cast, sign_in, unmet, asked, found):
    assert len(sign_in(cast.li).get(f"/consequences/?{asked}").context["page"]) == found


@pytest.mark.parametrize("more", [1, 10])
def test_the_list_asks_a_fixed_number_of_queries(cast, sign_in, more, django_assert_num_queries):
    rule_of(cast.studio_one, UNCAPPED)
    for number in range(2 * more):
        put(cast, "2026-09", f"第{number}项", "undone", owner=cast.wang.person)
    close(cast, "2026-09")
    propose()
    page = sign_in(cast.li)
    page.get("/consequences/")

    with django_assert_num_queries(QUERIES_OF_THE_LIST):
        page.get("/consequences/")


def test_the_contact_decides_on_the_page_and_without_a_reason_it_is_asked_for(cast, sign_in, unmet):
    page, to = sign_in(cast.sun), f"/consequences/{unmet.pk}/decide/"

    assert page.post(to, {"act": "confirm", "text": ""}).status_code == 422
    answer = page.post(to, {"act": "confirm", "text": "情况属实"}, follow=True)

    assert "情况属实" in answer.content.decode()
    assert PointEntry.objects.get().points == Decimal(-2)


@pytest.mark.parametrize("more", [1, 10])
def test_the_page_asks_a_fixed_number_of_queries(cast, sign_in, more, django_assert_num_queries):
    rule_of(cast.studio_one, UNCAPPED)
    for number in range(3 * more):
        put(cast, "2026-09", f"第{number}项", "undone", owner=cast.wang.person)
    close(cast, "2026-09")
    propose()
    for each in Consequence.objects.all()[:more]:
        consequences.confirm(each, by=cast.sun, at=NOON, reason="属实")
    page = sign_in(cast.sun)
    page.get(f"/studios/{cast.studio_one.pk}/points/")

    with django_assert_num_queries(QUERIES):
        page.get(f"/studios/{cast.studio_one.pk}/points/")


QUERIES = 17
QUERIES_OF_THE_LIST = 16
