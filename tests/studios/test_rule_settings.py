"""What the software keeps of the five questions: settings by version and day, templates, who has read."""

import uuid
from datetime import date
from decimal import Decimal

import pytest

from studios import changes
from studios.house_rules import Activities, Appraisal, Coordination, Leave, Reward, kept, of
from studios.models import Rule, RuleReading, RuleTemplate, RuleVersion


def at(studio, tail=""):
    return f"/studios/{studio.pk}/rules/{tail}"


def form(**said):
    return {"title": "制度", "text": "条文", "effective_on": "2026-01-01", "once": str(uuid.uuid4())} | {
        f"kept-{name}": value for name, value in said.items()
    }


def rule_of(studio, kind, *versions):
    """A rule with (day, settings) versions."""
    rule = Rule.objects.create(studio=studio, kind=kind, title="制度")
    for number, (day, settings) in enumerate(versions, 1):
        RuleVersion.objects.create(
            rule=rule, number=number, text="条文", effective_on=day, settings=kept(settings)
        )
    return rule


@pytest.mark.parametrize(
    ("settings", "sentences"),
    [
        (Activities(2), ["每月至少活动 2 次。"]),
        (Leave("lead", 24), ["活动开始前 24 小时请假，由领衔人批准。"]),
        (
            Coordination(equipment="unit_contact", money="person:7"),
            ["需要经费时，由李雪出面协调。", "需要设备时，由基层工会联系人出面协调。"],
        ),
        (
            Appraisal(Decimal(2), Decimal(5), Decimal("0.5"), Decimal(10)),
            [
                "月度计划每有一项未完成，扣 2 分。",
                "季度计划每有一项未完成，扣 5 分。",
                "每逾期一个工作日，扣 0.5 分。",
                "一个月或一个季度最多扣 10 分。",
            ],
        ),
        (
            Reward(year_item=Decimal(20), money=Decimal(2000), honour="创新能手"),
            ["年度目标每实现一项，加 20 分。", "年度目标或课题实现，奖励 2000 元。", "荣誉：创新能手。"],
        ),
    ],
)
def test_settings_read_as_sentences_and_come_back_as_they_were_stored(settings, sentences):
    assert settings.sentences({7: "李雪"}) == sentences
    assert of(settings.kind, kept(settings)) == settings


def test_a_past_day_is_judged_by_the_version_in_force_on_it(cast):
    rule_of(
        cast.studio_one,
        "activities",
        (date(2026, 1, 1), Activities(1)),
        (date(2026, 6, 1), Activities(2)),
        (date(2027, 1, 1), Activities(3)),
    )

    found = [
        version.kept.a_month if version else None
        for day in (date(2025, 12, 31), date(2026, 5, 31), date(2026, 6, 1), date(2026, 12, 31))
        for version in [RuleVersion.objects.settling("activities", on=day).first()]
    ]

    assert found == [None, 1, 2, 2]


def test_a_version_of_words_alone_takes_the_settings_out_of_force(cast):
    rule_of(cast.studio_one, "activities", (date(2026, 1, 1), Activities(1)), (date(2026, 6, 1), None))

    assert not RuleVersion.objects.settling("activities", on=date(2026, 7, 1)).exists()


def test_the_lead_settles_a_question_by_a_sentence(cast, sign_in):
    page = sign_in(cast.chen)

    page.post(at(cast.studio_one, "new/?kind=appraisal"), form(month_item="2", late_day="0.5", cap="10"))

    version = RuleVersion.objects.get()
    assert version.rule.kind == "appraisal"
    assert version.kept == Appraisal(Decimal(2), Decimal(0), Decimal("0.5"), Decimal(10))
    assert "月度计划每有一项未完成，扣 2 分。" in page.get(at(cast.studio_one)).content.decode()


def test_a_wrong_number_is_said_and_nothing_typed_is_lost(cast, sign_in):
    answer = sign_in(cast.chen).post(
        at(cast.studio_one, "new/?kind=activities"), form(a_month="99") | {"text": "每月两次例会"}
    )

    assert list(answer.context["settings"].errors) == ["a_month"]
    assert "每月两次例会" in answer.content.decode()
    assert Rule.objects.count() == 0


def test_a_revision_begins_with_the_settings_as_they_are(cast, sign_in):
    rule = rule_of(cast.studio_one, "coordination", (date(2026, 1, 1), Coordination(money="group_staff")))
    page = sign_in(cast.chen)

    shown = page.get(f"/rules/{rule.pk}/revise/").context["settings"]
    page.post(
        f"/rules/{rule.pk}/revise/",
        form(money="group_staff", people=f"person:{cast.lin.person_id}") | {"seen": 1},
    )

    assert shown["money"].value() == "group_staff"
    latest = rule.versions.first()
    assert latest.kept == Coordination(money="group_staff", people=f"person:{cast.lin.person_id}")
    assert "需要人手时，由林小雨出面协调。" in page.get(at(cast.studio_one)).content.decode()


def test_nobody_outside_is_named_a_coordinator(cast, sign_in):
    answer = sign_in(cast.chen).post(
        at(cast.studio_one, "new/?kind=coordination"), form(money=f"person:{cast.zhao.person_id}")
    )

    assert list(answer.context["settings"].errors) == ["money"]


def test_staff_keeps_a_template_and_a_studio_starts_from_it_with_one_click(cast, sign_in):
    staff = sign_in(cast.li)
    staff.post(
        "/rules/templates/leave/",
        {
            "title": "请假制度",
            "text": "提前请假",
            "version": 1,
            "kept-hours_before": "24",
            "kept-approver": "lead",
        },
    )
    own = rule_of(cast.studio_one, "activities", (date(2026, 1, 1), Activities(4)))
    RuleTemplate.objects.create(
        kind="activities", title="活动", text="每月一次", settings=kept(Activities(1))
    )
    page = sign_in(cast.chen)

    assert page.get(at(cast.studio_one)).context["offered"] == 1
    for _twice in range(2):
        page.post(at(cast.studio_one, "start/"))

    assert sorted(cast.studio_one.rules.values_list("kind", "title")) == [
        ("activities", "制度"),
        ("leave", "请假制度"),
    ]
    begun = cast.studio_one.rules.get(kind="leave").versions.get()
    assert (begun.kept, begun.by) == (Leave("lead", 24), cast.chen)
    assert own.versions.get().kept == Activities(4)


def test_a_template_may_be_written_again(cast, sign_in):
    page = sign_in(cast.li)
    typed = {"title": "活动", "text": "每月一次", "version": 1, "kept-a_month": "1"}
    page.post("/rules/templates/activities/", typed)
    page.post("/rules/templates/activities/", typed | {"version": 2, "kept-a_month": "2"})

    assert RuleTemplate.objects.get().kept == Activities(2)
    assert "每月至少活动 2 次。" in page.get("/rules/templates/").content.decode()


def test_a_title_already_taken_does_not_hinder_the_start(cast):
    Rule.objects.create(studio=cast.studio_one, kind="other", title="活动")
    RuleTemplate.objects.create(kind="activities", title="活动", text="每月一次")

    [begun] = changes.start_from_templates(cast.studio_one, on=date(2026, 1, 1), by=cast.chen)

    assert begun.title == "活动 (每月活动次数)"


def test_each_version_is_read_by_each_member(cast, sign_in):
    rule = rule_of(cast.studio_one, "leave", (date(2026, 1, 1), Leave()))
    version = rule.versions.get()
    page = sign_in(cast.wang)

    for _twice in range(2):
        page.post(f"/rules/versions/{version.pk}/read/")

    [shown] = page.get(at(cast.studio_one)).context["rules"]
    assert RuleReading.objects.count() == 1
    assert (shown.read_count, shown.member_count) == (1, 3)
    assert {person.name for person in shown.not_read} == {"陈立新", "林小雨"}
    changes.revise(rule, text="新", effective_on=date(2026, 2, 1), file=None, by=cast.chen)
    [shown] = page.get(at(cast.studio_one)).context["rules"]
    assert shown.read_count == 0


@pytest.mark.parametrize("more", [1, 4])
def test_the_page_asks_a_fixed_number_of_queries(cast, sign_in, more, django_assert_num_queries):
    for number in range(more):
        rule = Rule.objects.create(studio=cast.studio_one, kind="other", title=f"制度{number}")
        changes.revise(rule, text="条文", effective_on=date(2026, 1, 1), file=None, by=cast.chen)
    page = sign_in(cast.wang)
    page.get(at(cast.studio_one))

    with django_assert_num_queries(QUERIES):
        page.get(at(cast.studio_one))


QUERIES = 17
