"""Days are read as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core import shown
from core.typed_days import read

#: A Sunday in the week from 16 to 22 November.
ON = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("2026-10-09", "2026-10-09"),
        ("2026/10/9", "2026-10-09"),
        ("2026.10.9", "2026-10-09"),
        ("20261009", "2026-10-09"),
        ("2026年10月9日", "2026-10-09"),
        ("２０２６－１０－９", "2026-10-09"),
        (" 10-9 ", "2026-10-09"),
        ("10.9", "2026-10-09"),
        ("10。9", "2026-10-09"),
        ("10/9", "2026-10-09"),
        ("10月9日", "2026-10-09"),
        ("10 月 9 号", "2026-10-09"),
        ("1-5", "2027-01-05"),
        ("今天", "2026-11-22"),
        ("明天", "2026-11-23"),
        ("后天", "2026-11-24"),
        ("昨天", "2026-11-21"),
        ("Tomorrow", "2026-11-23"),
        ("下周五", "2026-11-27"),
        ("本周五", "2026-11-20"),
        ("下下周一", "2026-11-30"),
        ("上周日", "2026-11-15"),
        ("下星期天", "2026-11-29"),
        ("周五", "2026-11-27"),
        ("周日", "2026-11-22"),
        ("next Friday", "2026-11-27"),
        ("Fri", "2026-11-27"),
        ("30日", "2026-11-30"),
        ("下个月5号", "2026-12-05"),
        ("月底", "2026-11-30"),
        ("下月底", "2026-12-31"),
        ("年底", "2026-12-31"),
        ("+3", "2026-11-25"),
        ("10天后", "2026-12-02"),
        ("in 3 days", "2026-11-25"),
    ],
)
def test_what_people_type_is_a_day(typed, day):
    assert read(typed, on=ON).isoformat() == day


@pytest.mark.parametrize(
    "typed", ["", "5", "一", "31-2", "2026-02-30", "13-1", "下", "周八", "soon", "+", "10-9-8"]
)
def test_what_is_no_day_is_refused(typed):
    with pytest.raises(ValueError, match=r"^"):
        read(typed, on=ON)


DAYS = st.dates(date(2000, 1, 1), date(2100, 1, 1))


@given(day=DAYS, on=DAYS)
def test_a_day_written_out_is_itself_whatever_day_it_is(day, on):
    for form in ("%Y-%m-%d", "%Y%m%d", "%Y.%m.%d", "%Y年%m月%d日"):
        assert read(day.strftime(form), on=on) == day
    assert read(shown.day(day).split("（")[0], on=on) == day


@given(on=DAYS, steps=st.integers(-182, 182))
def test_without_a_year_it_is_the_nearest(on, steps):
    day = on + timedelta(days=steps)

    for typed in (f"{day.month}-{day.day}", f"{day.month}月{day.day}日", f"{day.month}.{day.day}"):
        assert read(typed, on=on) == day or (day.month, day.day) == (2, 29)


@given(on=DAYS)
def test_the_days_of_next_week_lie_in_it_and_a_day_of_the_week_alone_is_ahead(on):
    monday = on - timedelta(days=on.weekday()) + timedelta(days=7)

    assert [read(f"下周{each}", on=on) for each in "一二三四五六日"] == [
        monday + timedelta(days=number) for number in range(7)
    ]
    assert {(read(f"周{each}", on=on) - on).days for each in "一二三四五六日"} == set(range(7))
