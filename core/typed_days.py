"""Days as people type them: `10-9`, `10.9`, `2026年10月9日`, `明天`, `下周五`, "next friday". Pure."""

import re
from datetime import date, timedelta

ONE_DAY = timedelta(days=1)

#: Words for a day, by how far it lies from today.
NEAR = {
    **{
        "大前天": -3,
        "前天": -2,
        "昨天": -1,
        "今天": 0,
        "今日": 0,
        "明天": 1,
        "明日": 1,
        "后天": 2,
        "大后天": 3,
    },
    **{"yesterday": -1, "today": 0, "tomorrow": 1},
}

WEEKDAYS = {word: number for number, word in enumerate("一二三四五六日")} | {"天": 6}
WEEKDAYS |= {
    name[:length]: number
    for number, name in enumerate(
        ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
    )
    for length in (3, len(name))
}

#: Words before a day of the week or a month, by how many weeks or months they go on.
STEPS = {"上上": -2, "上": -1, "last": -1, "本": 0, "这": 0, "this": 0, "下": 1, "next": 1, "下下": 2}

_step = "|".join(sorted(STEPS, key=len, reverse=True))
_weekday = "|".join(sorted(WEEKDAYS, key=len, reverse=True))
WHOLE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})[日号]?|(\d{4})(\d\d)(\d\d)")
WITHOUT_YEAR = re.compile(r"(\d{1,2})[-/.月](\d{1,2})[日号]?")
NUMBER_ALONE = re.compile(rf"(?:({_step})个?月)?(\d{{1,2}})[日号]")
LAST_OF_MONTH = re.compile(rf"({_step})?个?月[底末]")
OF_A_WEEK = re.compile(rf"({_step})?(?:个?(?:周|星期|礼拜))?({_weekday})")
FROM_TODAY = re.compile(r"(?:\+|in)?(\d{1,3})(?:天|日|days?)?[之以]?后?")
_FAR = re.compile(r"\+|in|后")


def read(text: str, *, on: date) -> date:
    """The day that was typed on the day `on`; ValueError if it cannot be told which.

    Without a year it is the nearest such day, before or after. A day of the week alone is the next one, today
    included; with "this", "next" or "last" it lies in that week, which begins on Monday.
    """
    typed = re.sub(r"\s+", "", text.translate(_NARROW)).lower()
    for reading in (_near, _whole, _without_year, _number_alone, _last_of_month, _of_a_week, _from_today):
        if (day := reading(typed, on)) is not None:
            return day
    raise ValueError(text)


#: What a Chinese keyboard writes for figures and marks.
_NARROW = str.maketrans("０１２３４５６７８９－／．＋。、", "0123456789-/.+..")


def _near(typed, on):
    return on + NEAR[typed] * ONE_DAY if typed in NEAR else None


def _whole(typed, on):
    if found := WHOLE.fullmatch(typed):
        return date(*(int(part) for part in found.groups() if part))
    return None


def _without_year(typed, on):
    found = WITHOUT_YEAR.fullmatch(typed)
    if not found:
        return None
    month, number = map(int, found.groups())
    possible = [
        date(year, month, number) for year in range(on.year - 1, on.year + 2) if _is(year, month, number)
    ]
    # Of two equally near the one to come; where there is none (31 June) the last word is that of `date`.
    return (
        min(possible, key=lambda day: (abs(day - on), day < on)) if possible else date(on.year, month, number)
    )


def _is(year, month, number):
    try:
        return bool(date(year, month, number))
    except ValueError:
        return False


def _number_alone(typed, on):
    if found := NUMBER_ALONE.fullmatch(typed):
        return _month(on, STEPS[found[1] or "本"]).replace(day=int(found[2]))
    return None


def _last_of_month(typed, on):
    if typed in ("年底", "年末"):
        return date(on.year, 12, 31)
    if found := LAST_OF_MONTH.fullmatch(typed):
        return _month(on, STEPS[found[1] or "本"] + 1) - ONE_DAY
    return None


def _month(on, steps):
    """The first of the month so many months on."""
    months = on.year * 12 + on.month - 1 + steps
    return date(months // 12, months % 12 + 1, 1)


def _of_a_week(typed, on):
    found = OF_A_WEEK.fullmatch(typed)
    # "一" alone is no day.
    if not found or (not found[1] and typed in "一二三四五六日天"):
        return None
    weekday = WEEKDAYS[found[2]]
    if not found[1]:
        return on + (weekday - on.weekday()) % 7 * ONE_DAY
    return on + (weekday - on.weekday() + 7 * STEPS[found[1]]) * ONE_DAY


def _from_today(typed, on):
    found = FROM_TODAY.fullmatch(typed)
    return on + int(found[1]) * ONE_DAY if found and _FAR.search(typed) else None
