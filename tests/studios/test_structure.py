"""The structure of a team: shares, and what is said where it is lopsided."""

from datetime import date

import pytest

from members.models import Person, Unit
from studios.models import Membership
from studios.structure import Category, Facts, retires_on, structure

ON = date(2026, 11, 22)


def one(born="1990-05", **known):
    born_on = date.fromisoformat(f"{born}-01") if born else None
    usual = {"sex": "male", "education": "大专", "title": "", "skill_grade": "高级工", "post": "操作工"}
    facts = {"leads": False, "born_on": born_on, **usual, "trade": "焊接", "workshop": "", **known}
    return Facts(**facts)


#: Of five: two young, three workers, two trades, two workshops.
TEAM = [
    one("1978-03", leads=True, workshop="一车间", skill_grade="高级技师", education="本科"),
    one("1995-01", workshop="二车间", trade="装配"),
    one("1998-07", workshop="一车间"),
    one("1985-02", workshop="一车间", skill_grade="", title="工程师", education="本科"),
    one("1988-11", workshop="二车间", skill_grade="", post="技术员", trade="装配"),
]


def test_a_team_in_order_has_shares_and_no_warning():
    found = structure(TEAM, on=ON)

    assert (found.members, found.front_line, found.young, found.average_age) == (5, 60, 40, 37)
    assert found.warnings == []
    charts = {
        chart.title: [(str(row.label), row.count, row.percent) for row in chart.shares]
        for chart in found.charts
    }
    assert charts["年龄"] == [("35岁以下", 2, 40), ("35～44岁", 2, 40), ("45～54岁", 1, 20)]
    assert charts["学历"] == [("大专", 3, 60), ("本科", 2, 40)]
    assert charts["一线占比"] == [("一线职工", 3, 60), ("技术员", 1, 20), ("工程师", 1, 20)]
    assert charts["工种"] == [("焊接", 3, 60), ("装配", 2, 40)]


def test_what_is_not_on_record_is_counted_apart():
    found = structure([*TEAM, one("", skill_grade="", post="")], on=ON)

    ages, front_line = found.charts[0], found.charts[2]
    assert (ages.unknown, front_line.unknown) == (1, 1)
    assert ages.sentence == "最多：35岁以下，5人中2人。另有1人未登记。"
    assert found.front_line == 60


def changed(**known):
    return [each._replace(**known) for each in TEAM]


@pytest.mark.parametrize(
    ("people", "warning"),
    [
        (changed(born_on=date(1980, 1, 1)), "没有35岁以下的成员。"),
        (changed(born_on=date(1970, 1, 1)), "50岁及以上的成员超过60%。"),
        (changed(workshop="一车间"), "全部来自同一车间：一车间。"),
        (changed(trade="焊接"), "全部是同一工种：焊接。"),
        (changed(skill_grade="", title="工程师"), "一线职工只占0%，应不低于33%。"),
    ],
)
def test_a_lopsided_team_is_told_in_what(people, warning):
    assert warning in structure(people, on=ON).warnings


def test_a_team_of_four_is_too_small_to_be_lopsided():
    assert structure(changed(trade="焊接")[:4], on=ON).warnings == []


@pytest.mark.parametrize(
    ("born", "known", "day"),
    [
        ("1964-12", {}, date(2024, 12, 1)),
        ("1965-01", {}, date(2025, 2, 1)),
        ("1965-05", {}, date(2025, 7, 1)),
        ("1976-09", {}, date(2039, 9, 1)),
        ("1970-01", {"sex": "female", "skill_grade": "", "title": "工程师"}, date(2025, 2, 1)),
        ("1975-03", {"sex": "female"}, date(2025, 5, 1)),
        ("1984-11", {"sex": "female"}, date(2039, 11, 1)),
        ("1970-01", {"sex": ""}, None),
        ("", {}, None),
    ],
)
def test_the_age_of_retirement_follows_the_law(born, known, day):
    assert retires_on(one(born, **known)) == day


@pytest.mark.parametrize(
    ("born", "warnings"),
    [
        ("1967-04", ["领衔人还有12个月到达退休年龄。"]),
        ("1967-05", []),
        ("1960-01", ["领衔人已到退休年龄。"]),
    ],
)
def test_a_lead_about_to_retire_is_told_a_year_before(born, warnings):
    assert structure([one(born, leads=True)], on=ON).warnings == warnings


def test_the_page_shows_who_the_team_is_made_of(cast, sign_in):
    workshop = Unit.objects.create(parent=cast.plant_one, kind=Unit.Kind.WORKSHOP, name="焊接车间")
    Person.objects.filter(memberships__studio=cast.studio_one).update(
        unit=workshop, skill_grade="技师", born_on=date(1980, 1, 1)
    )

    page = sign_in(cast.wang).get(f"/studios/{cast.studio_one.pk}/structure/")

    assert page.context["structure"].front_line == 100
    assert "技师" in page.content.decode()


def test_somebody_of_the_other_plant_finds_no_such_page(cast, sign_in):
    assert sign_in(cast.qian).get(f"/studios/{cast.studio_one.pk}/structure/").status_code == 404


@pytest.mark.parametrize("members", [1, 3])
def test_the_page_asks_the_same_whatever_the_number_of_members(
    cast, sign_in, members, django_assert_num_queries
):
    for number in range(members):
        person = Person.objects.create(name=f"员工{number}", unit=cast.plant_one)
        Membership.objects.create(studio=cast.studio_one, person=person, joined_on=date(2026, 1, 1))
    page = sign_in(cast.wang)

    page.get(f"/studios/{cast.studio_one.pk}/structure/")

    with django_assert_num_queries(12):
        page.get(f"/studios/{cast.studio_one.pk}/structure/")


def test_the_kind_of_work_is_read_from_what_is_on_record():
    assert [one(skill_grade=grade, title=title, post=post).category for grade, title, post in RECORDS] == [
        Category.WORKER,
        Category.TECHNICIAN,
        Category.TECHNICIAN,
        Category.ENGINEER,
        Category.UNKNOWN,
    ]


RECORDS = [
    ("技师", "工程师", "班长"),
    ("", "助理工程师", ""),
    ("", "", "技术员"),
    ("", "高级工程师", "主任工程师"),
    ("", "", "班长"),
]
