"""The yearly review of members: the lead says, the union confirms, each member reads his own."""

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest
import time_machine

from core.workdays import Workdays
from members.models import Person
from notifications.models import Notice
from projects import review_facts
from projects.models import Indicator, Plan, PlanItem
from projects.progress import report
from projects.reminders import due_on
from studios.models import Activity, Attendance, MemberReview, Membership

NOW = datetime(2026, 12, 21, 4, tzinfo=UTC)


@pytest.fixture
def december():
    """It is Monday, 21 December 2026."""
    with time_machine.travel(NOW, tick=False):
        yield


def member(cast, who):
    return cast.studio_one.memberships.get(person=who.person, left_on=None)


def address(cast, who):
    return f"/memberships/{member(cast, who).pk}/review/2026/"


def page_of(cast):
    return f"/studios/{cast.studio_one.pk}/reviews/2026/"


def said(verdict="keep", remark="", **typed):
    return {"verdict": verdict, "remark": remark, "first": "True", "version": "1"} | typed


def review(cast, who, *, verdict="keep", remark="", **fields):
    return MemberReview.objects.create(
        membership=member(cast, who),
        year=2026,
        verdict=verdict,
        remark=remark,
        reviewed_by=cast.chen,
        reviewed_on=date(2026, 12, 20),
        **fields,
    )


def seen(*reviews):
    return {f"seen-{each.pk}": each.version for each in reviews}


def test_the_lead_reviews_one_after_the_other_and_the_union_is_told_at_the_end(cast, sign_in, december):
    page = sign_in(cast.chen)

    first = page.post(address(cast, cast.lin), said())
    last = page.post(address(cast, cast.wang), said("improve", "多参加活动"))

    assert (first.url, last.url) == (address(cast, cast.wang), page_of(cast))
    assert set(MemberReview.objects.values_list("membership__person__name", "verdict", "remark")) == {
        ("林小雨", "keep", ""),
        ("王芳", "improve", "多参加活动"),
    }
    assert [notice.recipient for notice in Notice.objects.filter(kind="member_reviews_done")] == [cast.sun]


def test_whoever_is_to_do_better_is_told_why(cast, sign_in, december):
    answer = sign_in(cast.chen).post(address(cast, cast.wang), said("improve"))

    assert answer.context["form"].errors == {"remark": ["请说明原因。"]}


def test_nobody_reviews_himself_the_lead_or_an_adviser(cast, sign_in, december):
    adviser = Membership.objects.create(
        studio=cast.studio_one,
        person=Person.objects.create(name="秦教授", unit=cast.plant_one),
        role="adviser",
        joined_on=date(2026, 1, 1),
    )
    page = sign_in(cast.lin)

    assert page.get(address(cast, cast.lin)).status_code == 403
    assert page.get(address(cast, cast.chen)).status_code == 404
    assert page.get(f"/memberships/{adviser.pk}/review/2026/").status_code == 404
    assert page.get(f"/memberships/{member(cast, cast.wang).pk}/review/2027/").status_code == 404


def test_of_two_who_review_at_once_the_second_reads_the_first(cast, sign_in, december):
    review(cast, cast.wang, verdict="improve", remark="少参加活动")

    answer = sign_in(cast.lin).post(address(cast, cast.wang), said())

    assert "在此期间已有人评议：改进 少参加活动" in answer.content.decode()
    assert MemberReview.objects.get().verdict == "improve"


def test_the_union_confirms_what_it_has_seen_and_each_member_reads_his_own(cast, sign_in, december):
    mine, other = review(cast, cast.wang, verdict="improve", remark="多参加活动"), review(cast, cast.lin)

    sign_in(cast.sun).post(f"{page_of(cast)}confirm/", seen(mine, other))

    assert set(MemberReview.objects.values_list("confirmed_by", "confirmed_on", "version")) == {
        (cast.sun.pk, date(2026, 12, 21), 2)
    }
    told = Notice.objects.get(recipient=cast.wang)
    assert told.kind == "member_reviewed"
    assert "改进" not in told.sentence
    own = sign_in(cast.wang).get(cast.wang.person.get_absolute_url()).content.decode()
    others = sign_in(cast.wang).get(cast.lin.person.get_absolute_url()).content.decode()
    assert "多参加活动" in own
    assert "年度评议" not in others


def test_a_review_that_is_not_confirmed_is_not_read_by_the_member(cast, sign_in, december):
    review(cast, cast.wang, verdict="leave", remark="长期不参加")

    assert "长期不参加" not in sign_in(cast.wang).get(cast.wang.person.get_absolute_url()).content.decode()


def test_what_the_lead_changed_meanwhile_is_not_confirmed_unseen(cast, sign_in, december):
    shown = seen(review(cast, cast.wang))
    sign_in(cast.chen).post(address(cast, cast.wang), said("leave", "调离", first=""))

    sign_in(cast.sun).post(f"{page_of(cast)}confirm/", shown)

    assert MemberReview.objects.get().confirmed_on is None


def test_a_confirmed_review_is_changed_only_after_the_union_opens_it_again(cast, sign_in, december):
    done = review(cast, cast.wang, confirmed_by=cast.sun, confirmed_on=date(2026, 12, 20))
    change = said("leave", "调离", first="")

    refused = sign_in(cast.chen).post(address(cast, cast.wang), change)
    sign_in(cast.sun).post(f"/reviews/{done.pk}/reopen/")
    sign_in(cast.chen).post(address(cast, cast.wang), change | {"version": "2"})

    assert "工会已确认这项评议" in refused.content.decode()
    done.refresh_from_db()
    assert (done.verdict, done.confirmed_on, done.version) == ("leave", None, 3)


def test_who_is_to_leave_is_led_to_the_leaving_once_it_is_confirmed(cast, sign_in, december):
    confirmed = {"confirmed_by": cast.sun, "confirmed_on": date(2026, 12, 20)}
    review(cast, cast.wang, verdict="leave", remark="调离", **confirmed)
    leaving = f'href="/memberships/{member(cast, cast.wang).pk}/end/"'

    assert leaving in sign_in(cast.sun).get(page_of(cast)).content.decode()
    assert leaving not in sign_in(cast.chen).get(page_of(cast)).content.decode()


def test_the_year_on_record_stands_beside_the_verdict(cast, december):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-09")
    owned = {"plan": plan, "owner": cast.wang.person, "due_on": date(2026, 9, 20)}
    done = {"state": "done", "done_on": date(2026, 9, 20)}
    PlanItem.objects.create(content="甲", **owned, **done)
    PlanItem.objects.create(content="乙", **owned, **(done | {"done_on": date(2026, 9, 21)}))
    item = PlanItem.objects.create(content="丙", **owned)
    PlanItem.objects.create(content="丁", **owned, state="cancelled", reason="不做")
    for target in (1, 2):
        indicator = Indicator.objects.create(
            item=item, person=cast.wang.person, name="组数", start=0, target=target
        )
        report(item, by=cast.chen, at=NOW, indicator=indicator, value=Decimal(1))
    for day, status in (("2026-03-01", "present"), ("2026-04-01", "absent")):
        held = Activity.objects.create(
            studio=cast.studio_one, subject="学习", held_on=day, state="held", hours=Decimal("1.5")
        )
        Attendance.objects.create(activity=held, person=cast.wang.person, status=status)

    facts = review_facts.of_year(cast.studio_one, 2026)[cast.wang.person_id]

    assert facts == review_facts.Facts("50", Decimal("1.5"), 3, 2, 1, 2, 1, "0")


@pytest.mark.parametrize(
    ("day", "told"), [(date(2026, 12, 1), 1), (date(2026, 12, 25), 1), (date(2026, 12, 2), 0)]
)
def test_december_reminds_who_steers_twice_of_those_without_a_review(cast, day, told):
    MemberReview.objects.all().delete()
    review(cast, cast.lin)

    reminders = [each for each in due_on(day, Workdays()) if each.kind == "member_reviews_due"]

    of_ours = [each for each in reminders if each.about == cast.studio_one]
    assert len(of_ours) == told
    assert [(set(each.recipients), each.params["count"]) for each in of_ours] == [
        ({cast.chen, cast.lin}, 1)
    ] * told


@pytest.mark.parametrize("members", [1, 3])
def test_the_page_asks_the_same_however_many_are_reviewed(
    cast, sign_in, december, members, django_assert_num_queries
):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-12")
    for number in range(members):
        person = Person.objects.create(name=f"员工{number}", unit=cast.plant_one)
        row = Membership.objects.create(studio=cast.studio_one, person=person, joined_on=date(2026, 1, 1))
        MemberReview.objects.create(
            membership=row, year=2026, verdict="keep", reviewed_by=cast.chen, reviewed_on=date(2026, 12, 1)
        )
        item = PlanItem.objects.create(plan=plan, content="项", owner=person)
        Indicator.objects.create(item=item, person=person, name="指标", start=0, target=1)
    page = sign_in(cast.sun)
    page.get(page_of(cast))

    with django_assert_num_queries(19):
        page.get(page_of(cast))
