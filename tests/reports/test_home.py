"""The first screen is another one for each role."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from members.models import Person, Role, User
from projects.confirming import submit
from projects.models import Plan, PlanItem
from reports.demo import group
from reports.demo.studio import SILENT
from studios.models import Activity, Membership, Spending, Studio
from tests.conftest import grant, make_user

TODAY = date(2026, 9, 18)

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel(datetime(2026, 9, 18, 12, tzinfo=ZoneInfo("Asia/Shanghai")), tick=False):
        yield


@pytest.fixture
def demo():
    group.make(studios=52, seed=2026, on=TODAY)


@pytest.mark.parametrize(
    ("who", "to"),
    [
        ("chen", "/studios/{studio_one.pk}/month/2026-09/"),
        ("lin", "/studios/{studio_one.pk}/month/2026-09/"),
        ("wang", "/mine/"),
        ("zheng", "/leader/"),
        ("feng", "/users/"),
    ],
)
def test_home_leads_to_what_a_role_comes_for(cast, sign_in, who, to):
    response = sign_in(getattr(cast, who)).get("/")

    assert response["Location"] == to.format(**vars(cast))


@pytest.mark.parametrize(("who", "unit"), [("zhou", "青川机械集团"), ("li", "青川机械集团"), ("he", "二厂")])
def test_an_officer_has_a_desk_for_his_units(cast, sign_in, who, unit):
    page = sign_in(getattr(cast, who)).get("/")

    assert page.context["unit"].name == unit
    assert "本月催办" in page.text


def test_who_leads_several_studios_chooses(cast, sign_in):
    Membership.objects.create(studio=cast.studio_two, person=cast.chen.person, role=Membership.Role.LIAISON)

    page = sign_in(cast.chen).get("/")

    assert {studio.name for studio, _to in page.context["choice"]} == {
        "陈立新劳模创新工作室",
        "赵国强工匠创新工作室",
    }


def test_who_has_no_part_is_told_what_to_do(cast, sign_in):
    assert "申报工作室" in sign_in(cast.xu).get("/").text


def test_a_superuser_of_an_empty_site_is_shown_where_to_begin(db, client):
    client.force_login(
        User.objects.create_superuser("root"), backend="django.contrib.auth.backends.ModelBackend"
    )

    page = client.get("/").text

    assert "请先导入工会台账" in page
    assert f'href="{reverse("ledger")}"' in page.partition("<main")[2]
    assert client.get(reverse("overview-now")).url == "/"
    for name in ("chasing-now", "studios", "applications", "units"):
        assert client.get(reverse(name), follow=True).status_code == 200


def test_who_reads_two_units_chooses_by_a_tab(cast, sign_in):
    both = make_user("lu", Person.objects.create(name="陆平"))
    for unit in (cast.plant_one, cast.plant_two):
        grant(both, Role.UNIT_CONTACT, unit)

    page = sign_in(both).get("/", {"unit": cast.plant_two.pk})

    assert page.context["unit"] == cast.plant_two
    assert [tab[0] for tab in page.context["tabs"]] == ["一厂", "二厂"]
    assert sign_in(cast.he).get("/", {"unit": cast.plant_one.pk}).status_code == 404


def test_each_number_of_the_desk_is_the_total_of_the_list_it_opens(demo, sign_in):
    client = sign_in(User.objects.get(username="group-staff"))
    desk = client.get("/").context
    shown = [
        (desk[name].href, desk[name].studios) for name in ("unplanned", "behind", "silent", "incomplete")
    ]
    shown += [(href, count) for _unit, count, href in desk["late_units"][:3]]

    found = [(href, client.get(href).context["page"].paginator.count) for href, _count in shown]

    assert found == shown
    assert {href: count for href, count in shown if count == 0} == {}


def test_the_silent_studio_is_to_be_chased(demo, sign_in):
    desk = sign_in(User.objects.get(username="group-admin")).get("/").context

    silent = next(row for row in desk["chased"] if row.studio.position == SILENT)
    assert silent.reported_on <= date(2026, 7, 6)
    assert desk["attention"][0].title == silent.studio.name
    assert [application.state for application in desk["waiting"]] == ["unit_checked"]


def test_a_leader_sees_the_units_by_their_on_time_rate_and_the_best_achievements(demo, sign_in):
    page = sign_in(User.objects.get(username="company-leader")).get(reverse("leader"))

    rates = [one["row"].figure.on_time_rate for one in page.context["units"]]
    assert rates == sorted(rates, reverse=True)
    assert len(rates) == 20
    assert page.context["studio_count"] == 52
    best = [one.benefit_verified for one in page.context["best"]]
    assert best == sorted(best, reverse=True)
    assert sum(one["verified"] or 0 for one in page.context["units"]) == page.context["verified"]


def test_a_leader_of_one_plant_sees_that_plant_alone(cast, sign_in):
    page = sign_in(cast.qiu).get(reverse("leader"))

    assert page.context["unit"] == cast.plant_two
    assert page.context["studio_count"] == 1


def test_who_reads_no_unit_has_no_leaders_page(cast, sign_in):
    assert sign_in(cast.chen).get(reverse("leader")).status_code == 403


@pytest.mark.parametrize("more", [0, 20])
def test_the_desk_takes_the_same_number_of_queries_for_a_large_unit(
    cast, sign_in, more, django_assert_num_queries
):
    studios = [Studio(name=f"第{number}工作室", unit=cast.plant_one) for number in range(more)]
    Plan.lay_out(Studio.objects.bulk_create(studios), 2026)
    client = sign_in(cast.zhou)
    client.get("/")

    with django_assert_num_queries(47):
        client.get("/")


def test_what_weighs_most_stands_first_and_a_fourth_of_a_kind_is_folded(cast, sign_in):
    for month in ("2026-09", "2026-10", "2026-11", "2026-12"):
        plan = Plan.objects.get(studio=cast.studio_one, period=month)
        PlanItem.objects.create(plan=plan, content="焊接工艺试验")
        submit(plan, by=cast.chen, at=timezone.now())
    for number in range(4):
        asked = {"asked_by": cast.chen, "asked_at": timezone.now(), "handler": cast.wang.person}
        Spending.objects.create(
            studio=cast.studio_one, on=TODAY, amount=100, purpose=f"刀具第{number}批", **asked
        )

    page = sign_in(cast.sun).get("/")

    plans, spendings = (kind for kind in page.context["waits"] if len(kind.lines) == 4)
    assert [line.sub for line in plans.shown] == ["2026年9月", "2026年10月", "2026年11月"]
    assert [line.sub for line in plans.folded] == ["2026年12月"]
    assert [line.sign for line in spendings.lines] == ["100.00元"] * 4
    assert page.text.count("另有 1 项") == 2
    assert page.text.index("2026年12月") < page.text.index("刀具第0批")


def test_who_leads_several_studios_records_todays_activity_from_the_first_screen(cast, sign_in):
    Membership.objects.filter(studio=cast.studio_two, role="lead").update(left_on=date(2026, 1, 1))
    Membership.objects.create(
        studio=cast.studio_two, person=cast.chen.person, role="lead", joined_on=date(2026, 1, 2)
    )
    today = Activity.objects.create(studio=cast.studio_two, subject="例会", held_on=TODAY, state="planned")

    page = sign_in(cast.chen).get("/")

    assert f"/activities/{today.pk}/attendance/" in page.text


def test_a_plan_that_was_handed_in_waits_on_the_desk_of_whoever_may_confirm_it(cast, sign_in):
    plan = Plan.objects.get(studio=cast.studio_one, period="2026-12")
    PlanItem.objects.create(plan=plan, content="完成验收评审")
    submit(plan, by=cast.chen, at=timezone.now())
    decide = reverse("plan-decide", args=[cast.studio_one.pk, "2026-12"])

    for user in (cast.sun, cast.li, cast.zhou):
        page = sign_in(user).get("/")
        assert page.context["plans"] == [plan]
        assert decide in page.content.decode()
    assert sign_in(cast.he).get("/").context["plans"] == []
    cast.studio_one.memberships.create(person=cast.sun.person, role="liaison")
    assert not Plan.objects.waiting_for(User.objects.get(pk=cast.sun.pk)).exists()
