"""The working calendar: everybody reads it, administrators enter exceptions, one by one or many at once."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from core.models import WorkdayOverride
from core.workdays import Workdays
from members.calendar_lines import Line, read
from members.year_calendar import months

TODAY = datetime(2026, 11, 22, 2, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _november(time_machine):
    time_machine.move_to(TODAY, tick=False)


def drawn(year, exceptions=(), language="zh-hans"):
    year_shown = months(year, exceptions, language=language, today=date(2026, 11, 22))
    return {day.date: day for month in year_shown for week in month.weeks for day in week if day is not None}


@pytest.mark.parametrize(
    ("day", "mark", "why"),
    [
        (date(2026, 10, 1), "休", "国庆节"),
        (date(2026, 10, 10), "班", "调休上班"),
        (date(2026, 10, 17), "", ""),  # a Saturday like any other
        (date(2026, 11, 23), "", ""),
    ],
)
def test_a_holiday_has_its_name_and_a_make_up_day_its_mark(day, mark, why):
    shown = drawn(2026)[day]

    assert (shown.mark, shown.why) == (mark, why)


def test_holidays_are_named_in_the_reader_s_language():
    assert drawn(2026, language="en")[date(2026, 10, 1)].why == "National Day"


def test_the_calendar_on_the_wall_and_the_one_reminders_count_by_are_the_same():
    ours = {date(2026, 11, 28): True, date(2026, 11, 30): False}
    rows = [WorkdayOverride(day=day, works=works) for day, works in ours.items()]
    counted = Workdays(ours)

    shown = drawn(2026, rows)

    assert len(shown) == 365
    assert [day for day, square in shown.items() if square.works != counted.is_workday(day)] == []
    assert [day for day, square in shown.items() if square.is_ours] == list(ours)


def test_days_of_one_cause_are_named_once_below_the_month():
    october = months(2026, [], language="zh-hans", today=date(2026, 11, 22))[9]

    assert [(days, why) for days, why, _day in october.remarks][:2] == [
        ("1–3日", "国庆节"),
        ("5日", "国庆节（补假）"),
    ]


# --- Reading


@pytest.mark.django_db
def test_everybody_who_is_signed_in_reads_it_and_nobody_else(cast, sign_in, client):
    assert client.get(reverse("workdays")).status_code == 302
    for user in (cast.wang, cast.zheng, cast.xu):
        page = sign_in(user).get(reverse("workdays", args=[2026]))
        assert page.status_code == 200
        assert "新增例外" not in page.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("year", [1000, 2009, 2100, 99999])
def test_a_year_without_a_calendar_does_not_exist(cast, sign_in, year):
    assert sign_in(cast.zhou).get(f"/workdays/{year}/").status_code == 404


@pytest.mark.django_db
def test_a_coming_year_without_make_up_days_is_warned_of_until_some_are_entered(cast, sign_in):
    page = sign_in(cast.wang)

    assert page.get(reverse("workdays", args=[2026])).context["not_published"] == [2027]
    assert page.get(reverse("workdays", args=[2028])).context["not_published"] == [2027, 2028]

    WorkdayOverride.objects.create(day=date(2027, 2, 14), works=True)
    assert page.get(reverse("workdays", args=[2027])).context["not_published"] == []


@pytest.mark.django_db
def test_the_calendar_asks_the_same_questions_for_one_exception_and_for_many(cast, sign_in):
    page = sign_in(cast.zhou)
    WorkdayOverride.objects.create(day=date(2026, 3, 1), works=True)
    page.get(reverse("workdays"))
    with CaptureQueriesContext(connection) as one:
        page.get(reverse("workdays"))
    for number in range(1, 30):
        WorkdayOverride.objects.create(day=date(2026, 3, 1) + timedelta(number), works=False)
    with CaptureQueriesContext(connection) as many:
        page.get(reverse("workdays"))

    assert len(one) == len(many) > 0


# --- Entering


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["zhou", "feng"])
def test_administrators_add_change_and_remove_an_exception(cast, sign_in, username):
    page = sign_in(getattr(cast, username))

    page.post(reverse("workday-new"), {"day": "2027-02-14", "works": "True", "note": "春节调休"})
    row = WorkdayOverride.objects.get()
    assert (row.day, row.works, row.note) == (date(2027, 2, 14), True, "春节调休")

    typed = {"day": "2027-02-20", "works": "False", "note": "厂庆", "version": "1"}
    answer = page.post(reverse("workday-edit", args=[row.pk]), typed)
    assert answer.url == reverse("workdays", args=[2027])
    row.refresh_from_db()
    assert (row.day, row.works, row.note) == (date(2027, 2, 20), False, "厂庆")
    assert row.history.first().history_user == getattr(cast, username)

    page.post(reverse("workday-remove", args=[row.pk]))
    assert not WorkdayOverride.objects.exists()


@pytest.mark.django_db
@pytest.mark.parametrize("username", ["li", "sun", "zheng", "chen", "wang", "xu"])
def test_nobody_else_may(cast, sign_in, username):
    page = sign_in(getattr(cast, username))
    row = WorkdayOverride.objects.create(day=date(2027, 2, 14), works=True)

    answers = [
        page.get(reverse("workday-new")),
        page.post(reverse("workday-new"), {"day": "2027-02-20", "works": "True"}),
        page.post(reverse("workdays-paste", args=[2027]), {"lines": "2027-02-20 上班"}),
        page.post(reverse("workday-edit", args=[row.pk]), {"day": "2027-02-14", "works": "False"}),
        page.post(reverse("workday-remove", args=[row.pk])),
    ]

    assert [answer.status_code for answer in answers] == [403] * 5
    assert list(WorkdayOverride.objects.values_list("day", "works")) == [(date(2027, 2, 14), True)]


@pytest.mark.django_db
def test_a_day_that_is_pointed_at_is_offered_the_other_way_round(cast, sign_in):
    page = sign_in(cast.zhou)

    assert page.get(reverse("workday-new") + "?day=2027-02-20").context["form"]["works"].value() is True
    assert page.get(reverse("workday-new") + "?day=2027-02-22").context["form"]["works"].value() is False


@pytest.mark.django_db
def test_a_day_that_has_an_exception_leads_to_it_and_cannot_get_a_second(cast, sign_in):
    page = sign_in(cast.zhou)
    row = WorkdayOverride.objects.create(day=date(2027, 2, 14), works=True)

    assert page.get(reverse("workday-new") + "?day=2027-02-14").url == reverse("workday-edit", args=[row.pk])
    answer = page.post(reverse("workday-new"), {"day": "2027-02-14", "works": "False"})
    assert answer.context["form"].errors["day"] == ["这一天已有例外。"]


@pytest.mark.django_db
def test_of_two_who_change_one_exception_the_second_is_asked(cast, sign_in):
    row = WorkdayOverride.objects.create(day=date(2027, 2, 14), works=True, note="调休")
    page, address = sign_in(cast.zhou), reverse("workday-edit", args=[row.pk])
    same = {"day": "2027-02-14", "works": "True", "version": "1"}

    page.post(address, {**same, "note": "春节调休"})
    clash = page.post(address, {**same, "note": "厂庆"})

    assert [(row.theirs, row.mine) for row in clash.context["form"].clashes] == [("春节调休", "厂庆")]
    row.refresh_from_db()
    assert row.note == "春节调休"


# --- Pasting


@pytest.mark.parametrize(
    ("typed", "line"),
    [
        ("2027-02-06 上班 春节调休", Line(date(2027, 2, 6), True, "春节调休")),
        ("2027/2/6\t休息", Line(date(2027, 2, 6), False, "")),
        ("2027年2月6日（星期六）上班", Line(date(2027, 2, 6), True, "")),
        ("2月6日上班，春节调休", Line(date(2027, 2, 6), True, "春节调休")),
        ("２０２７－０２－０６　放假　厂庆", Line(date(2027, 2, 6), False, "厂庆")),
        ("2027-02-06 works Spring Festival", Line(date(2027, 2, 6), True, "Spring Festival")),
        ("2028-02-06, Off, half the plant", Line(date(2028, 2, 6), False, "half the plant")),
    ],
)
def test_a_line_is_read_as_people_write_it(typed, line):
    assert read(typed, year=2027) == ([line], [])


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("春节调休", "第1行“春节调休”：行首应为日期，如 2027-02-06。"),
        ("2027-02-30 上班", "第1行“2027-02-30 上班”：没有这一天。"),
        ("3027-02-03 上班", "第1行“3027-02-03 上班”：年份超出范围。"),
        ("2027-02-03", "第1行“2027-02-03”：日期后面请写“上班”或“休息”。"),
        ("2027-02-03 也许", "第1行“2027-02-03 也许”：日期后面请写“上班”或“休息”。"),
        ("\n2027-02-03 上班\n2月3日 休息", "第3行“2月3日 休息”：这一天在前面已经出现过。"),
    ],
)
def test_a_line_that_cannot_be_read_is_named(typed, fault):
    assert read(typed, year=2027)[1] == [fault]


def test_a_note_is_as_long_as_it_may_be():
    assert read("2027-02-03 上班 " + "长" * 100, year=2027)[1] == []
    assert "说明超过100个字" in read("2027-02-03 上班 " + "长" * 101, year=2027)[1][0]


@pytest.mark.django_db
def test_many_lines_are_stored_at_once_and_known_days_get_the_new_word(cast, sign_in):
    WorkdayOverride.objects.create(day=date(2027, 2, 6), works=False)
    WorkdayOverride.objects.create(day=date(2027, 2, 20), works=True, note="调休")
    page = sign_in(cast.zhou)

    text = "2027-02-06 上班 春节调休\n\n2027-02-20 上班 调休\n2027-05-08 上班\n"
    answer = page.post(reverse("workdays-paste", args=[2027]), {"lines": text}, follow=True)

    assert list(WorkdayOverride.objects.values_list("day", "works", "note", "version")) == [
        (date(2027, 2, 6), True, "春节调休", 2),
        (date(2027, 2, 20), True, "调休", 1),
        (date(2027, 5, 8), True, "", 1),
    ]
    assert "新增1条例外 · 修改1条 · 1条未变" in answer.content.decode()


@pytest.mark.django_db
def test_one_wrong_line_stores_none_and_loses_nothing(cast, sign_in):
    text = "2027-02-06 上班 春节调休\n2027-02-31 上班\n随便"
    answer = sign_in(cast.zhou).post(reverse("workdays-paste", args=[2027]), {"lines": text})

    assert not WorkdayOverride.objects.exists()
    assert len(answer.context["form"].errors["lines"]) == 2
    assert answer.context["form"]["lines"].value() == text
    assert "第2行“2027-02-31 上班”：没有这一天。" in answer.content.decode()


@pytest.mark.django_db
def test_nothing_pasted_is_said_to_be_nothing(cast, sign_in):
    answer = sign_in(cast.zhou).post(reverse("workdays-paste", args=[2027]), {"lines": " \n "})

    assert answer.context["form"].errors["lines"]
