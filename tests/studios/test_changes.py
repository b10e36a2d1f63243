"""What changes more than one row: the lead, a role, the level, the state, the name."""

from datetime import date

import pytest

from core.errors import NotAllowedNow
from core.models import Job, Undo
from members.models import Person
from studios import changes
from studios.models import Membership, Studio, StudioEvent

DAY = date(2026, 11, 20)


def roster(studio):
    rows = studio.memberships.order_by("pk").values_list("person__name", "role", "left_on", "leave_reason")
    return list(rows)


def told(studio):
    return list(studio.events.values_list("kind", "before", "after", "reason", "by__username"))


def test_a_member_becomes_the_lead_and_the_former_lead_stays(cast):
    changes.change_lead(
        cast.studio_one, cast.wang.person, on=DAY, by=cast.li, reason="退休交接", stays="adviser"
    )

    assert roster(cast.studio_one) == [
        ("陈立新", "lead", DAY, "退休交接"),
        ("林小雨", "liaison", None, ""),
        ("王芳", "member", DAY, "担任领衔人"),
        ("陈立新", "adviser", None, ""),
        ("王芳", "lead", None, ""),
    ]
    assert told(cast.studio_one) == [("lead_changed", "陈立新", "王芳", "退休交接", "li")]


def test_the_former_lead_may_go_altogether(cast):
    newcomer = Person.objects.create(name="新人")

    changes.change_lead(cast.studio_one, newcomer, on=DAY, by=cast.li, reason="调离")

    leading = cast.studio_one.memberships.filter(left_on=None).values_list("person__name", "role")
    assert set(leading) == {("林小雨", "liaison"), ("王芳", "member"), ("新人", "lead")}


def test_there_is_exactly_one_lead_whatever_happens(cast):
    stale = Studio.objects.get(pk=cast.studio_one.pk)
    changes.change_lead(cast.studio_one, cast.wang.person, on=DAY, by=cast.li, reason="交接")

    with pytest.raises(NotAllowedNow):
        changes.change_lead(stale, cast.lin.person, on=DAY, by=cast.zhou, reason="交接")

    leads = cast.studio_one.memberships.filter(role="lead", left_on=None)
    assert [lead.person.name for lead in leads] == ["王芳"]
    assert cast.studio_one.events.count() == 1


def test_who_leads_already_cannot_become_the_lead(cast):
    with pytest.raises(NotAllowedNow, match="陈立新"):
        changes.change_lead(cast.studio_one, cast.chen.person, on=DAY, by=cast.li, reason="误")

    assert cast.studio_one.events.count() == 0
    assert Studio.objects.get(pk=cast.studio_one.pk).version == 1


def test_a_change_before_somebody_came_is_refused_whole(cast):
    with pytest.raises(NotAllowedNow, match="2023-03-01"):
        changes.change_lead(cast.studio_one, cast.wang.person, on=date(2020, 1, 1), by=cast.li, reason="误")

    assert cast.studio_one.memberships.filter(left_on=None).count() == 3


def test_the_lead_never_just_leaves(cast):
    lead = cast.studio_one.memberships.get(role="lead")

    with pytest.raises(NotAllowedNow, match="更换领衔人"):
        changes.end_membership(lead, on=DAY, reason="退休")


def test_nobody_leaves_twice(cast):
    member = cast.studio_one.memberships.get(role="member")
    again = Membership.objects.get(pk=member.pk)
    changes.end_membership(member, on=DAY, reason="调离")

    for stale in (member, again):
        with pytest.raises(NotAllowedNow):
            changes.end_membership(stale, on=DAY, reason="调离")


def test_another_role_ends_one_membership_and_begins_another(cast):
    member = cast.studio_one.memberships.get(role="member")

    changes.change_role(member, "core", on=DAY)

    assert [row for row in roster(cast.studio_one) if row[0] == "王芳"] == [
        ("王芳", "member", DAY, "角色变动"),
        ("王芳", "core", None, ""),
    ]


def test_a_slip_on_the_first_day_is_corrected_in_place(cast):
    member = cast.studio_one.memberships.get(role="member")
    Membership.objects.filter(pk=member.pk).update(joined_on=DAY)
    member.refresh_from_db()

    changes.change_role(member, "core", on=DAY)

    assert [row for row in roster(cast.studio_one) if row[0] == "王芳"] == [("王芳", "core", None, "")]


def test_a_higher_level_joins_the_history_of_levels(cast):
    studio = cast.studio_one
    Studio.objects.filter(pk=studio.pk).update(naming_doc_no="青工〔2023〕1号", named_on=date(2023, 3, 1))
    studio.refresh_from_db()

    changes.raise_level(studio, "provincial", on=DAY, by=cast.li, doc_no="省工〔2026〕9号")

    assert list(studio.level_grants.values_list("level", "doc_no", "granted_on")) == [
        ("company", "青工〔2023〕1号", date(2023, 3, 1)),
        ("provincial", "省工〔2026〕9号", DAY),
    ]
    assert told(studio) == [("level_raised", "company", "provincial", "省工〔2026〕9号", "li")]
    assert str(StudioEvent.objects.get()) == "晋升级别: 公司级 → 省级"


def test_a_level_is_never_raised_downwards(cast):
    changes.raise_level(cast.studio_one, "municipal", on=DAY, by=cast.li)

    for level in ("company", "municipal"):
        with pytest.raises(NotAllowedNow):
            changes.raise_level(cast.studio_one, level, on=DAY, by=cast.li)


def test_a_change_of_state_moves_the_figures_of_the_units(cast):
    changes.change_state(cast.studio_one, "suspended", on=DAY, by=cast.li, reason="场地改造")

    assert told(cast.studio_one) == [("state_changed", "active", "suspended", "场地改造", "li")]
    assert Job.objects.filter(key="portfolio:2026", state="wanted").count() == 1
    with pytest.raises(NotAllowedNow):
        changes.change_state(cast.studio_one, "suspended", on=DAY, by=cast.li, reason="再次")


def test_an_edit_of_a_studio_is_taken_back_and_its_old_name_is_told_again(cast, sign_in):
    client = sign_in(cast.li)
    address = f"/studios/{cast.studio_one.pk}/edit/"
    form = client.get(address).context["form"]
    typed = {name: form[name].value() for name in form.fields if form[name].value() is not None}
    client.post(address, {**typed, "name": "新名工作室", "trade": "数控"})

    client.post(f"/undo/{Undo.objects.get().pk}/")

    cast.studio_one.refresh_from_db()
    assert (cast.studio_one.name, cast.studio_one.trade) == ("陈立新劳模创新工作室", "焊接")
    told = cast.studio_one.events.filter(kind="renamed").order_by("pk").values_list("before", "after")
    assert list(told) == [("陈立新劳模创新工作室", "新名工作室"), ("新名工作室", "陈立新劳模创新工作室")]
