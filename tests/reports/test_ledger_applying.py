"""Bringing a ledger in: all of it or nothing, every change said before, and nothing the second time."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from achievements.models import Achievement
from members.models import Person, Unit
from projects.models import Plan, PlanItem, ProgressEntry, Topic
from reports.ledger.applying import NotPossible, apply, known, plan_import
from reports.ledger.collecting import collect
from reports.ledger.reading import read
from reports.ledger.writing import write
from studios import attending
from studios.attending import Mark
from studios.models import Activity, Attendance, Membership, Studio, StudioEvent
from tests.reports.ledgers import ROWS, ledger

pytestmark = pytest.mark.django_db

STUDIOS, MEMBERS, TOPICS, ITEMS = "工作室台账", "成员花名册", "课题台账", "计划表"
ACTIVITIES, ACHIEVEMENTS = "活动记录", "成果台账"
NOW = datetime(2026, 11, 22, 3, tzinfo=UTC)


def bring_in(data: bytes, by=None):
    return apply(plan_import(read(data, **known())), by=by, at=NOW)


def counts(plan) -> dict[str, tuple[int, int, int]]:
    return {count.sheet: (count.new, count.changed, count.unchanged) for count in plan.counts}


def changes(plan) -> list[tuple]:
    return [
        (row.sheet.name, row.key, change.column, change.old, change.new)
        for row in plan.touched
        for change in row.changes
    ]


def everything() -> dict[str, int]:
    models = (Unit, Studio, Person, Membership, Topic, Plan, PlanItem, ProgressEntry, Activity, Achievement)
    return {model.__name__: model.objects.count() for model in models}


def test_a_ledger_comes_into_an_empty_database():
    plan = bring_in(ledger())

    assert counts(plan) == {
        STUDIOS: (2, 0, 0),
        MEMBERS: (6, 0, 0),
        TOPICS: (1, 0, 0),
        ITEMS: (5, 0, 0),
        ACTIVITIES: (1, 0, 0),
        ACHIEVEMENTS: (1, 0, 0),
    }
    studio = Studio.objects.get(name="陈立新劳模创新工作室")
    assert (studio.unit.name, studio.unit.parent.name, studio.lead.name) == ("一厂", "青川机械集团", "陈立新")
    assert (studio.level, studio.area, studio.annual_funds) == ("provincial", Decimal(45), Decimal("3.5"))
    assert studio.lead.honours == "省劳动模范"
    item = PlanItem.objects.get(no="Y1")
    assert (item.parent.no, item.plan.period, item.topic.no, item.owner.name) == (
        "J1",
        "2026-01",
        "KT-1",
        "王芳",
    )
    assert sorted(person.name for person in item.helpers.all()) == ["林小雨", "陈立新"]
    assert PlanItem.objects.get(no="Y3").carried_from.no == "Y2"
    achievement = Achievement.objects.get(no="CG-1")
    assert (achievement.authors, achievement.benefit_claimed) == ("王芳、陈立新", Decimal(36))
    assert achievement.people.count() == 2


def test_the_sums_are_stored_with_the_import():
    bring_in(ledger())

    progress = {
        plan.period: plan.progress and round(plan.progress, 6)
        for plan in Plan.objects.filter(studio__name="陈立新劳模创新工作室").exclude(progress=None)
    }
    # the quarter item: (1·1 + 1·0.4 + 1·0.5) / (1 + 0.4 + 1), the year takes it from there
    assert progress == {
        "2026": Decimal("0.791667"),
        "2026-Q1": Decimal("0.791667"),
        "2026-01": Decimal(1),
        "2026-02": Decimal("0.4"),
        "2026-03": Decimal("0.5"),
    }


def test_the_second_time_nothing_changes():
    bring_in(ledger())
    before = everything()
    again = bring_in(ledger())

    assert again.touched == []
    assert everything() == before


def test_a_dry_run_changes_nothing():
    before = everything()
    plan = plan_import(read(ledger(), **known()))

    assert len(plan.touched) == 16
    assert everything() == before


def test_what_changes_is_said_old_and_new_and_kept_in_the_history():
    bring_in(ledger())
    changed = {
        (STUDIOS, 4, "级别"): "全国级",
        (MEMBERS, 5, "职称"): "高级工程师",
        (TOPICS, 4, "参加人"): "林小雨、王芳、外请专家",
        (ITEMS, 5, "进度"): 90,
        (ITEMS, 8, "完成情况"): "已完成",
        (ACTIVITIES, 4, "实到"): 14,
        (ACHIEVEMENTS, 4, "核定效益(万元)"): "13万",
    }
    plan = bring_in(ledger(changed))

    studio = "陈立新劳模创新工作室"
    assert changes(plan) == [
        (STUDIOS, studio, "级别", "省级", "全国级"),
        (MEMBERS, f"林小雨 · {studio}", "职称", "工程师", "高级工程师"),
        (TOPICS, "KT-1", "参加人", "王芳、林小雨", "林小雨、王芳、外请专家"),
        (ITEMS, "J1", "进度", "80%", "90%"),
        (ITEMS, "Y3", "完成情况", "进行中", "已完成"),
        (ACTIVITIES, "HD-1", "实到", "13", "14"),
        (ACHIEVEMENTS, "CG-1", "核定效益(万元)", "12.5", "13"),
    ]
    topic = Topic.objects.get()
    assert (topic.other_helpers, topic.helpers.count()) == ("外请专家", 2)
    assert Studio.objects.get(name=studio).version == 2
    assert list(Studio.objects.get(name=studio).history.values_list("level", "version")) == [
        ("national", 2),
        ("provincial", 1),
    ]
    assert StudioEvent.objects.filter(kind="level_raised").count() == 1
    entry = ProgressEntry.objects.filter(item__no="Y3").latest("pk")
    assert (entry.state_before, entry.state_after, entry.at) == ("in_progress", "done", NOW)
    assert Plan.objects.get(studio__name=studio, period="2026-03").progress == 1


def test_the_export_of_an_import_changes_nothing():
    bring_in(ledger())
    exported = write(collect(), group="青川机械集团", on=date(2026, 11, 22))

    assert read(exported, **known()).faults == ()
    assert bring_in(exported).touched == []


def test_what_was_made_in_the_browser_leaves_and_comes_back(cast):
    month = Plan.objects.get(studio=cast.studio_one, period="2026-03")
    quarter = Plan.objects.get(studio=cast.studio_one, period="2026-Q1")
    above = PlanItem.objects.create(plan=quarter, content="=1+1", weight=Decimal("0.333333"))
    item = PlanItem.objects.create(
        plan=month, parent=above, content="调试  \r\n 设备", owner_name="外请 专家"
    )
    item.helpers.add(cast.wang.person)
    Activity.objects.create(
        studio=cast.studio_one, subject="例会", held_on=date(2026, 3, 1), summary="一\r\n二"
    )
    exported = write(collect(), group="青川机械集团", on=date(2026, 11, 22))

    plan = bring_in(exported)

    assert [fault.message for fault in plan.faults if fault.is_error] == []
    assert changes(plan) == []
    assert plan.touched == []


@pytest.mark.parametrize(
    "broken",
    [
        {(ITEMS, 4, "进度"): 120},
        {(MEMBERS, 4, "加入日期"): "2026年2月30日"},
        {(ACTIVITIES, 4, "工作室名称"): "无名"},
    ],
)
def test_with_an_error_nothing_at_all_is_written(broken):
    before = everything()
    plan = plan_import(read(ledger(broken), **known()))

    with pytest.raises(NotPossible):
        apply(plan, by=None, at=NOW)

    assert (plan.rows, plan.is_possible) == ((), False)
    assert everything() == before


def test_rows_that_are_not_in_the_file_stay():
    bring_in(ledger())
    rows = dict(ROWS) | {ITEMS: ROWS[ITEMS][:2], ACTIVITIES: []}
    plan = bring_in(ledger(rows=rows))

    assert counts(plan)[ITEMS] == (0, 0, 2)
    assert (PlanItem.objects.count(), Activity.objects.count()) == (5, 1)


def test_without_a_roster_owners_are_kept_by_name_and_the_lead_is_a_warning():
    plan = bring_in(ledger(without=[MEMBERS]))

    assert [(fault.severity, fault.sheet, fault.column) for fault in plan.faults] == [
        ("warning", STUDIOS, "领衔人"),
        ("warning", STUDIOS, "领衔人"),
    ]
    item = PlanItem.objects.get(no="Y1")
    assert (item.owner, item.owner_name, item.other_helpers) == (None, "王芳", "林小雨、陈立新")
    assert Membership.objects.count() == 0


def test_people_are_found_when_the_roster_comes_after_the_plans():
    bring_in(ledger(without=[MEMBERS]))
    bring_in(ledger())

    item = PlanItem.objects.get(no="Y1")
    assert (item.owner.name, item.owner_name, item.other_helpers) == ("王芳", "", "")
    assert sorted(person.name for person in item.helpers.all()) == ["林小雨", "陈立新"]
    assert Studio.objects.get(name="陈立新劳模创新工作室").lead.honours == "省劳动模范"
    assert bring_in(ledger()).touched == []


def test_a_change_of_lead_is_recorded():
    bring_in(ledger())
    plan = bring_in(
        ledger(
            {
                (STUDIOS, 4, "领衔人"): "王芳",
                (STUDIOS, 4, "领衔人荣誉"): "市劳动模范",
                (MEMBERS, 4, "工作室角色"): "顾问",
                (MEMBERS, 6, "工作室角色"): "领衔人",
            }
        )
    )

    studio = Studio.objects.get(name="陈立新劳模创新工作室")
    assert (studio.lead.name, studio.lead.honours) == ("王芳", "市劳动模范")
    event = StudioEvent.objects.get(kind="lead_changed")
    assert (event.before, event.after, event.studio) == ("陈立新", "王芳", studio)
    assert len(changes(plan)) == 3
    assert bring_in(write(collect(), group="青川机械集团", on=date(2026, 11, 22))).touched == []


def test_who_led_before_must_be_listed_when_another_leads():
    bring_in(ledger())
    rows = dict(ROWS) | {MEMBERS: [row for row in ROWS[MEMBERS] if row[2] != "陈立新"]}
    data = ledger({(STUDIOS, 4, "领衔人"): "王芳", (MEMBERS, 5, "工作室角色"): "领衔人"}, rows=rows)
    plan = plan_import(read(data, **known()))

    assert [(fault.sheet, fault.row, fault.column) for fault in plan.faults if fault.is_error] == [
        (MEMBERS, 5, "工作室角色")
    ]


def test_a_person_who_left_and_returned_has_two_times_in_the_studio():
    bring_in(ledger())
    back = [
        7,
        "赵国强工匠创新工作室",
        "孙立",
        "0000203",
        "男",
        *[None] * 5,
        "铸造工",
        None,
        "骨干",
        *[None] * 2,
    ]
    rows = dict(ROWS) | {MEMBERS: [*ROWS[MEMBERS], [*back, "2026-09-01", None, None, None]]}
    plan = bring_in(ledger(rows=rows))

    assert counts(plan)[MEMBERS] == (1, 0, 6)
    times = Membership.objects.filter(person__name="孙立").order_by("joined_on")
    assert list(times.values_list("role", "left_on")) == [("member", date(2026, 3, 1)), ("core", None)]
    assert bring_in(ledger(rows=rows)).touched == []


def test_one_staff_number_in_two_studios_is_one_person_with_the_same_words():
    also = [
        7,
        "赵国强工匠创新工作室",
        "王芳",
        "0000103",
        "女",
        None,
        "高中",
        *[None] * 3,
        "铸造工",
        None,
        "顾问",
    ]
    rows = dict(ROWS) | {MEMBERS: [*ROWS[MEMBERS], [*also, *[None] * 6]]}
    bring_in(ledger(rows=rows))

    person = Person.objects.get(name="王芳")
    assert (person.memberships.count(), person.trade, person.education) == (2, "焊工", "本科")
    assert bring_in(ledger(rows=rows)).touched == []


def test_a_person_without_staff_number_is_known_by_name_and_may_get_one():
    bring_in(ledger())
    plan = bring_in(ledger({(MEMBERS, 8, "工号"): "0000202"}))

    assert changes(plan) == [(MEMBERS, "钱多 · 赵国强工匠创新工作室", "工号", "", "0000202")]
    assert Person.objects.filter(name="钱多").count() == 1
    assert bring_in(ledger()).touched == []


def test_numbers_of_other_studios_and_people_are_errors(cast):
    Topic.objects.create(studio=cast.studio_two, no="KT-1", title="别的课题")
    Person.objects.create(name="李四", staff_no="0000203")
    rows = dict(ROWS) | {name: [] for name in (ITEMS, ACHIEVEMENTS)}
    renamed = {
        sheet: [
            [cell if cell != "赵国强工匠创新工作室" else "孙工匠创新工作室" for cell in row]
            for row in rows[sheet]
        ]
        for sheet in rows
    }
    plan = plan_import(read(ledger(rows=renamed), **known()))

    assert [
        (fault.sheet, fault.row, fault.column, fault.message) for fault in plan.faults if fault.is_error
    ] == [
        (TOPICS, 4, "编号", "编号KT-1已被其他工作室使用。"),
        (MEMBERS, 9, "工号", "工号0000203属于李四。"),
        (MEMBERS, 4, "工作室角色", "本工作室现由陈立新领衔，请在花名册中列出原领衔人及退出日期。"),
    ]


def test_who_imported_is_kept(cast):
    rows = dict(ROWS) | {MEMBERS: [], STUDIOS: [row for row in ROWS[STUDIOS] if "陈立新" in row[1]]}
    apply(plan_import(read(ledger(rows=rows), **known())), by=cast.li, at=NOW)

    assert ProgressEntry.objects.values_list("by", flat=True).distinct().get() == cast.li.pk
    assert PlanItem.history.values_list("history_user", flat=True).distinct().get() == cast.li.pk


def test_planning_an_import_takes_the_same_number_of_queries_for_more_rows(django_assert_num_queries):
    bring_in(ledger())
    small, large = read(ledger(rows=dict(ROWS) | {ITEMS: ROWS[ITEMS][:1]})), read(ledger())

    for content in (small, large):
        with django_assert_num_queries(12):
            plan_import(content)


def test_where_it_is_known_by_name_who_came_the_numbers_of_a_ledger_do_not_overrule_it(cast):
    meeting = Activity.objects.create(
        studio=cast.studio_one,
        no="HD-9",
        subject="观摩会",
        kind="visit",
        kind_word="观摩",
        held_on=date(2026, 3, 3),
    )
    people = [cast.chen.person_id, cast.lin.person_id, cast.wang.person_id]
    attending.record(meeting, {pk: Mark("present", 0) for pk in people}, on=date(2026, 3, 3))
    exported = write(collect(), group="青川机械集团", on=date(2026, 11, 22))
    seen = Attendance.objects.get(person=cast.wang.person).version
    attending.record(meeting, {cast.wang.person_id: Mark("absent", seen)}, on=date(2026, 3, 3))

    plan = bring_in(exported)

    meeting.refresh_from_db()
    assert (meeting.expected, meeting.present, meeting.absent) == (3, 2, 1)
    assert (meeting.kind, meeting.kind_word) == ("visit", "观摩")
    assert [fault.message for fault in plan.faults] == [
        "该活动已按人员登记考勤，人数以登记为准，不按台账修改。"
    ]


def test_who_came_and_what_members_carry_leave_in_their_columns_and_come_back_unchanged(cast):
    meeting = Activity.objects.create(studio=cast.studio_one, subject="例会", held_on=date(2026, 3, 3))
    marks = {"chen": "late", "lin": "absent", "wang": "on_leave"}
    chosen = {getattr(cast, name).person_id: Mark(status, 0) for name, status in marks.items()}
    attending.record(meeting, chosen, on=date(2026, 3, 3))
    Membership.objects.filter(person=cast.wang.person).update(indicator_text="试验组数由0到8组")
    exported = write(collect(), group="青川机械集团", on=date(2026, 11, 22))

    found = read(exported, **known())

    (row,) = found.activities
    assert (row.expected, row.present, row.on_leave, row.absent) == (3, 1, 1, 1)
    assert [each.indicator for each in found.members if each.name == "王芳"] == ["试验组数由0到8组"]
    assert bring_in(exported).touched == []


def test_a_tolerated_topic_leaves_as_terminated_and_stays_tolerated(cast):
    """The ledger has no other word for it."""
    topic = Topic.objects.create(
        studio=cast.studio_one,
        no="KT-9",
        title="离心浓密机替代",
        starts_on=date(2026, 1, 5),
        state="tolerated",
    )
    exported = write(collect(), group="青川机械集团", on=date(2026, 11, 22))

    found = read(exported, **known())

    assert [row.state for row in found.topics] == ["terminated"]
    assert bring_in(exported).touched == []
    topic.refresh_from_db()
    assert topic.state == "tolerated"
