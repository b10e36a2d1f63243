"""The page of one studio and the editing of its facts."""

from datetime import date

import pytest

from projects.models import Indicator, Plan, PlanItem, Topic
from studios.models import Activity, Studio


def at(studio, tail=""):
    return f"/studios/{studio.pk}/{tail}"


def typed(page, **changes):
    """What a browser sends back from the form of a page, with some fields typed over."""
    form = page.context["form"]
    return {name: form[name].value() or "" for name in form.fields} | changes


def test_the_page_names_the_members_without_an_indicator(cast, sign_in):
    today = date.today()
    Plan.lay_out([cast.studio_one], today.year)
    plan = cast.studio_one.plans.get(period=str(today.year))
    item = PlanItem.objects.create(plan=plan, content="降耗")
    Indicator.objects.create(item=item, person=cast.wang.person, name="焊条单耗", start=10, target=8)
    cast.studio_one.memberships.filter(person=cast.lin.person).update(indicator_text="台账零差错")

    page = sign_in(cast.li).get(at(cast.studio_one))

    assert [member.person.name for member in page.context["without_indicator"]] == ["陈立新", "林小雨"]
    text = page.content.decode()
    assert "本年度 2 名成员肩上没有指标" in text
    assert "台账零差错" in text


def test_an_adviser_need_not_carry_an_indicator(cast, sign_in):
    cast.studio_one.memberships.filter(role="member").update(role="adviser")

    page = sign_in(cast.li).get(at(cast.studio_one))

    assert [member.person.name for member in page.context["without_indicator"]] == ["陈立新", "林小雨"]


def test_lights_and_fixings_come_from_the_data(cast, sign_in):
    Topic.objects.create(studio=cast.studio_one, title="降低返修率", state="running")
    Studio.objects.filter(pk=cast.studio_one.pk).update(address="一厂三楼", area=45)

    page = sign_in(cast.wang).get(at(cast.studio_one))

    assert [light.lit for light in page.context["five_haves"]] == [True, True, True, False, False]
    assert [fixing.state for fixing in page.context["three_fixings"]] == ["partly", "missing", "missing"]


@pytest.mark.parametrize(
    ("who", "phone"), [("li", "13912345678"), ("chen", "13912345678"), ("wang", "139****5678")]
)
def test_the_phone_is_for_those_who_ring_it(cast, sign_in, who, phone):
    Studio.objects.filter(pk=cast.studio_one.pk).update(phone="13912345678")

    assert phone in sign_in(getattr(cast, who)).get(at(cast.studio_one)).content.decode()


def test_a_foreign_studio_is_not_there(cast, sign_in):
    page = sign_in(cast.he)

    for tail in ("", "edit/", "members/", "rules/", "activities/", "history/", "level/", "state/"):
        assert page.get(at(cast.studio_one, tail)).status_code == 404


def test_a_member_reads_but_does_not_write(cast, sign_in):
    page = sign_in(cast.wang)

    assert [
        page.get(at(cast.studio_one, tail)).status_code for tail in ("", "members/", "rules/", "activities/")
    ] == [200] * 4
    assert [
        page.get(at(cast.studio_one, tail)).status_code
        for tail in ("edit/", "history/", "members/new/", "rules/new/", "activities/new/", "lead/", "state/")
    ] == [403] * 7


def test_the_page_costs_the_same_queries_however_much_happened(cast, sign_in, django_assert_num_queries):
    page = sign_in(cast.zheng)
    page.get(at(cast.studio_one))

    def cost():
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        with CaptureQueriesContext(connection) as seen:
            page.get(at(cast.studio_one))
        return len(seen)

    before = cost()
    for number in range(3):
        Activity.objects.create(studio=cast.studio_one, subject=f"例会{number}", held_on=date(2026, 1, 5))
        Topic.objects.create(studio=cast.studio_one, title=f"课题{number}", owner=cast.wang.person)
    assert cost() == before


def test_a_new_name_is_saved_and_told(cast, sign_in):
    page = sign_in(cast.li)
    form = page.get(at(cast.studio_one, "edit/"))

    response = page.post(at(cast.studio_one, "edit/"), typed(form, name="陈立新 焊接工作室", trade="堆焊"))

    assert response.status_code == 302
    studio = Studio.objects.get(pk=cast.studio_one.pk)
    assert (studio.name, studio.initials, studio.trade) == ("陈立新焊接工作室", "clxhjgzs", "堆焊")
    assert list(studio.events.values_list("kind", "before", "after")) == [
        ("renamed", "陈立新劳模创新工作室", "陈立新焊接工作室")
    ]


def test_two_people_who_change_different_fields_are_merged(cast, sign_in):
    page = sign_in(cast.li)
    form = page.get(at(cast.studio_one, "edit/"))
    hers, his = typed(form, trade="堆焊"), typed(form, address="二号楼")
    page.post(at(cast.studio_one, "edit/"), hers)

    response = page.post(at(cast.studio_one, "edit/"), his, follow=True)

    assert "以下内容在此期间已被他人修改，予以保留：专业方向" in response.content.decode()
    studio = Studio.objects.get(pk=cast.studio_one.pk)
    assert (studio.trade, studio.address) == ("堆焊", "二号楼")


def test_two_people_who_change_the_same_field_choose(cast, sign_in):
    page = sign_in(cast.li)
    form = page.get(at(cast.studio_one, "edit/"))
    hers, his = typed(form, type="craftsman"), typed(form, type="employee", note="新址")
    page.post(at(cast.studio_one, "edit/"), hers)

    asked = page.post(at(cast.studio_one, "edit/"), his)

    [clash] = asked.context["form"].clashes
    assert (clash.before, clash.theirs, clash.mine) == ("劳模创新工作室", "工匠创新工作室", "职工创新工作室")
    assert "新址" in asked.content.decode()
    page.post(at(cast.studio_one, "edit/"), his | {clash.choice: clash.keep_mine})
    studio = Studio.objects.get(pk=cast.studio_one.pk)
    assert (studio.type, studio.note) == ("employee", "新址")


def test_the_history_says_field_old_new_who(cast, sign_in):
    page = sign_in(cast.li)
    page.post(at(cast.studio_one, "edit/"), typed(page.get(at(cast.studio_one, "edit/")), trade="堆焊"))
    member = cast.studio_one.memberships.get(role="member")
    edit = f"/memberships/{member.pk}/edit/"
    page.post(edit, typed(page.get(edit), duty="数据"))

    entries = page.get(at(cast.studio_one, "history/")).context["page"].object_list

    hers = [change for entry in entries if entry.who == "李雪" for change in entry.changes]
    assert hers == [("王芳 · 分工", "", "数据"), ("专业方向", "焊接", "堆焊")]


def test_level_and_state_change_by_their_own_forms(cast, sign_in):
    page = sign_in(cast.zhou)

    page.post(at(cast.studio_one, "level/"), {"level": "municipal", "doc_no": "市工1号", "day": "2026-11-01"})
    page.post(
        at(cast.studio_one, "state/"), {"state": "rectifying", "day": "2026-11-02", "reason": "制度不全"}
    )

    studio = Studio.objects.get(pk=cast.studio_one.pk)
    assert (studio.level, studio.naming_doc_no, studio.state) == ("municipal", "市工1号", "rectifying")
    assert studio.events.count() == 2


def test_a_day_to_come_is_refused_at_the_field(cast, sign_in):
    answer = sign_in(cast.zhou).post(
        at(cast.studio_one, "state/"), {"state": "closed", "day": "2999-01-01", "reason": "误"}
    )

    assert answer.context["form"].errors == {"day": ["日期还没有到。"]}
