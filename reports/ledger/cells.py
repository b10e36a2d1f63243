"""What one cell means: text, names, dates, percentages and amounts, in every form in which people write them.

Every function takes a cell as written and returns a value or raises Unreadable with a message for the reader.
Amounts come back without needless zeros, rounded to what is kept of them.
"""

from __future__ import annotations

import calendar
import re
import unicodedata
from collections.abc import Collection
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from django.utils.translation import gettext as _

from core.calendar import QUARTER, YEAR, Period

from .workbook import Cell, CellKind

#: Dates outside of these years are slips: nobody in a ledger is older, nothing is planned later.
_YEARS = range(1930, 2100)
#: Day 0 of the two systems in which workbooks count days (the first has its invented 29 February 1900).
_EPOCH_1900, _EPOCH_1904 = date(1899, 12, 30), date(1904, 1, 1)


class Unreadable(ValueError):
    """The cell does not hold what its column asks for; the message says what is wrong."""


# -- text


def text(cell: Cell) -> str:
    """The text of a cell without spaces around it or control characters; numbers as people read them."""
    if cell.kind is CellKind.TEXT:
        return clean(cell.text)
    if cell.kind is CellKind.NUMBER:
        return plain(_decimal(cell.text))
    if cell.kind is CellKind.PERCENT:
        return plain(_decimal(cell.text) * 100) + "%"
    if cell.kind is CellKind.DATE:
        return day(cell, epoch_1904=False).isoformat()
    return {"1": "TRUE", "0": "FALSE"}.get(cell.text, cell.text)


@lru_cache(maxsize=4096)
def clean(raw: str) -> str:
    """A text without spaces around it, without control characters and with plain line breaks."""
    kept = (
        char
        for char in raw.replace("\r\n", "\n")
        if char in "\n\t" or unicodedata.category(char) not in {"Cc", "Cs"}
    )
    return "".join(kept).strip().strip("\ufeff\u200b").strip()


@lru_cache(maxsize=4096)
def squeezed(raw: str) -> str:
    """The text in half-width characters without any spaces: so codes, choices and headers are compared."""
    return re.sub(r"[\s\u200b\ufeff]+", "", unicodedata.normalize("NFKC", raw))


def code(cell: Cell) -> str:
    """A number that is a text: 01-N03, 0022176, a telephone number."""
    return squeezed(text(cell))


def without_spaces(name: str) -> str:
    """A name as it is compared and kept: 张　三 and 张 三 are 张三."""
    return "".join(name.split())


# -- people

_BETWEEN_PEOPLE = re.compile(r"[、,，;；/|\n]")


def people(cell: Cell, known: Collection[str] = frozenset()) -> tuple[str, ...]:
    """The people named in a cell, separated by 、 , ; or spaces. ``known`` holds the names of the roster.

    A space may stand between two people or inside of a name (张 三): the roster decides, and where it cannot,
    a single character belongs to the word beside it.
    """
    found: list[str] = []
    for part in _BETWEEN_PEOPLE.split(text(cell)):
        words = part.split()
        if words:
            found += _of_roster(words, known) or _by_length(words)
    return tuple(dict.fromkeys(found))


def _of_roster(words: list[str], known: Collection[str]) -> list[str] | None:
    """The words joined to names that are all on the roster, or None."""
    ways: list[list[str] | None] = [[]]
    for end in range(1, len(words) + 1):
        way = None
        for start in range(max(0, end - 4), end):
            before, name = ways[start], "".join(words[start:end])
            if before is not None and name in known:
                way = [*before, name]
                break
        ways.append(way)
    return ways[-1]


def _by_length(words: list[str]) -> list[str]:
    names: list[str] = []
    for word in words:
        if names and len(names[-1]) == 1:
            names[-1] += word
        else:
            names.append(word)
    if len(names) > 1 and len(names[-1]) == 1:
        last = names.pop()
        names[-1] += last
    return names


# -- numbers


def plain(number: Decimal) -> str:
    """A number as people write it: 45, 0.16, never 4.5E+1."""
    return format(number.normalize() + 0, "f")


def _decimal(raw: str) -> Decimal:
    """A stored number at the 15 digits that a spreadsheet shows, so that 0.57 is not 0.56999999999999995."""
    try:
        number = Decimal(format(float(raw), ".15g"))
    except (ValueError, InvalidOperation):
        raise Unreadable(_("“%(text)s” is not a number.") % {"text": raw}) from None
    if not number.is_finite():
        raise Unreadable(_("“%(text)s” is not a number.") % {"text": raw})
    return number


_NUMBER = re.compile(r"([+-]?(?:\d{1,3}(?:,\d{3})+|\d+)(?:\.\d*)?|[+-]?\.\d+)(.*)", re.DOTALL)
_UNITS_OF_FUNDS = {
    "": Decimal(1),
    "万": Decimal(1),
    "万元": Decimal(1),
    "万元/年": Decimal(1),
    "元": Decimal("0.0001"),
    "千元": Decimal("0.1"),
    "亿": Decimal(10000),
    "亿元": Decimal(10000),
}
_UNITS_OF_AREA = {unit: Decimal(1) for unit in ("", "m2", "平方米", "平米", "平方", "平")}
_UNITS_OF_COUNT = {unit: Decimal(1) for unit in ("", "人", "人次", "名", "位", "次")}
_UNITS_OF_PERCENT = {"": Decimal(1), "%": Decimal(1)}


def _number(cell: Cell, units: dict[str, Decimal], *, places: int) -> Decimal:
    if cell.kind is CellKind.NUMBER:
        return _rounded(_decimal(cell.text), places)
    raw = squeezed(text(cell))
    match = _NUMBER.fullmatch(raw) if cell.kind is CellKind.TEXT else None
    if not match:
        raise Unreadable(_("“%(text)s” is not a number.") % {"text": text(cell)})
    if match[2].lower() not in units:
        raise Unreadable(_("“%(text)s” has a unit that does not belong here.") % {"text": text(cell)})
    return _rounded(Decimal(match[1].replace(",", "")) * units[match[2].lower()], places)


def _rounded(number: Decimal, places: int) -> Decimal:
    if abs(number) >= 10**7:
        raise Unreadable(_("“%(text)s” is too large.") % {"text": plain(number)})
    return Decimal(plain(round(number, places)))


def _not_negative(number: Decimal) -> Decimal:
    if number < 0:
        raise Unreadable(_("%(number)s is below zero.") % {"number": plain(number)})
    return number


def funds(cell: Cell) -> Decimal:
    """An amount in 10,000 yuan: 3.5, 3.5万, 35000元."""
    return _not_negative(_number(cell, _UNITS_OF_FUNDS, places=4))


def area(cell: Cell) -> Decimal:
    """Square metres, more than none: 45, 45㎡, 28.5平方米."""
    number = _number(cell, _UNITS_OF_AREA, places=2)
    if number <= 0:
        raise Unreadable(_("An area must be above 0, not %(number)s.") % {"number": plain(number)})
    return number


def count(cell: Cell) -> int:
    """A whole number of people: 7, 7人."""
    number = _not_negative(_number(cell, _UNITS_OF_COUNT, places=4))
    if number != number.to_integral_value():
        raise Unreadable(_("%(number)s is not a whole number.") % {"number": plain(number)})
    if number > 1_000_000:
        raise Unreadable(_("“%(text)s” is too large.") % {"text": plain(number)})
    return int(number)


def _percentage(cell: Cell, *, places: int = 6) -> Decimal:
    """80, 80%, 80.0, and 0.8 only where the cell shows it as 80 %."""
    if cell.kind is CellKind.PERCENT:
        return _rounded(_decimal(cell.text) * 100, places)
    return _number(cell, _UNITS_OF_PERCENT, places=places)


def percent(cell: Cell) -> Decimal:
    """A percentage between 0 and 100."""
    number = _percentage(cell)
    if not 0 <= number <= 100:
        raise Unreadable(_("%(number)s does not lie between 0 and 100.") % {"number": plain(number)})
    return number


def weight(cell: Cell) -> Decimal:
    """A weight above 0, of any scale; the rest of a carried item has twelve places."""
    number = _percentage(cell, places=12)
    if number <= 0:
        raise Unreadable(_("A weight must be above 0, not %(number)s.") % {"number": plain(number)})
    if number > 100_000:
        raise Unreadable(_("“%(text)s” is too large.") % {"text": plain(number)})
    return number


# -- dates and periods

_TIME = (
    r"T?\(?(?:(?:周|星期)[一二三四五六日天])?\)?(?:上午|下午|中午|晚上)?"
    r"(?:\d{1,2}[:时点](?:\d{1,2}分?)?(?::\d{2}(?:\.\d+)?)?)?Z?"
)
_FULL_DATE = re.compile(r"(\d{4})([-./年])(\d{1,2})[-./月](\d{1,2})[日号]?" + _TIME)
_SPACED_TIME = re.compile(r"(\d)\s+(\d{1,2}[:时点])")
_MONTH_ONLY = re.compile(r"(\d{4})(?:[-./]|年)(\d{1,2})(?:月份?)?")


def day(cell: Cell, *, epoch_1904: bool, last: bool = False) -> date:
    """The date in a cell. A month alone is its first day, or its last where ``last`` is set."""
    if cell.kind is CellKind.DATE and _is_serial(cell.text):
        return _of_serial(float(cell.text), epoch_1904=epoch_1904)
    if cell.kind is CellKind.NUMBER:
        number = _decimal(cell.text)
        if not 1900 <= number < 2101:
            return _of_digits(plain(number), epoch_1904=epoch_1904)
        return _of_text(plain(number), epoch_1904=epoch_1904, last=last)
    if cell.kind in {CellKind.TEXT, CellKind.DATE}:
        return _of_text(
            text(cell) if cell.kind is CellKind.TEXT else cell.text, epoch_1904=epoch_1904, last=last
        )
    raise Unreadable(_("“%(text)s” is not a date.") % {"text": text(cell)})


def _is_serial(raw: str) -> bool:
    try:
        float(raw)
    except ValueError:
        return False
    return True


@lru_cache(maxsize=4096)
def _of_text(raw: str, *, epoch_1904: bool, last: bool) -> date:
    # a space between the day and the hour is the only one that means something
    compact = squeezed(_SPACED_TIME.sub(r"\1日\2", unicodedata.normalize("NFKC", raw)))
    if match := _FULL_DATE.fullmatch(compact):
        return _checked(int(match[1]), int(match[3]), int(match[4]), raw)
    if match := _MONTH_ONLY.fullmatch(compact):
        return _checked(int(match[1]), int(match[2]), None, raw, last=last)
    if re.fullmatch(r"\d{5,8}(\.\d+)?", compact):
        return _of_digits(compact, epoch_1904=epoch_1904, last=last)
    raise Unreadable(_("“%(text)s” is not a date.") % {"text": raw})


def _of_digits(raw: str, *, epoch_1904: bool, last: bool = False) -> date:
    """20240315, 202403 or a day's number as spreadsheets count."""
    if len(raw) == 8 and raw.isdecimal():
        return _checked(int(raw[:4]), int(raw[4:6]), int(raw[6:]), raw)
    if len(raw) == 6 and raw.isdecimal():
        return _checked(int(raw[:4]), int(raw[4:]), None, raw, last=last)
    return _of_serial(float(raw), epoch_1904=epoch_1904)


def _of_serial(serial: float, *, epoch_1904: bool) -> date:
    try:
        found = (_EPOCH_1904 if epoch_1904 else _EPOCH_1900) + timedelta(days=int(serial))
    except (OverflowError, ValueError):
        raise Unreadable(_("“%(text)s” is not a date.") % {"text": serial}) from None
    return _checked(found.year, found.month, found.day, f"{serial:g}")


def _checked(year: int, month: int, day_: int | None, raw: str, *, last: bool = False) -> date:
    try:
        if day_ is None:
            day_ = calendar.monthrange(year, month)[1] if last else 1
        found = date(year, month, day_)
    except ValueError:
        raise Unreadable(_("There is no such date: %(text)s.") % {"text": raw}) from None
    if found.year not in _YEARS:
        raise Unreadable(_("%(text)s is not a year of this ledger.") % {"text": raw})
    return found


_QUARTERS = {"一": 1, "二": 2, "三": 3, "四": 4, "1": 1, "2": 2, "3": 3, "4": 4}
_YEAR = re.compile(r"(\d{4})(?:年度?)?")
_QUARTER = re.compile(r"(\d{4})(?:年度?|[-./])?(?:Q([1-4])|第?([一二三四1-4])季度?)", re.IGNORECASE)
_MONTH = re.compile(r"(\d{4})(?:年|[-./])(\d{1,2})(?:月份?)?")


def period(cell: Cell, *, epoch_1904: bool = False) -> str:
    """The key of the period in a cell: 2026年 is "2026", 2026年第3季度 "2026-Q3", 2026年9月 "2026-09"."""
    if cell.kind is CellKind.DATE:  # what a spreadsheet makes of 2026年9月
        return Period.containing(day(cell, epoch_1904=epoch_1904)).key
    raw = squeezed(text(cell))
    if match := _YEAR.fullmatch(raw):
        found = Period.of_year(int(match[1]))
    elif match := _QUARTER.fullmatch(raw):
        found = Period.of_quarter(int(match[1]), _QUARTERS[match[2] or match[3]])
    elif (match := _MONTH.fullmatch(raw)) and 1 <= int(match[2]) <= 12:
        found = Period.of_month(int(match[1]), int(match[2]))
    else:
        raise Unreadable(_("“%(text)s” is not a year, a quarter or a month.") % {"text": text(cell)})
    if found.year not in _YEARS:
        raise Unreadable(_("%(text)s is not a year of this ledger.") % {"text": text(cell)})
    return found.key


def period_words(key: str) -> str:
    """The ledger's words for a period: 2026年第3季度."""
    found = Period.parse(key)
    if found.kind == YEAR:
        return f"{found.year}年"
    if found.kind == QUARTER:
        return f"{found.year}年第{found.number}季度"
    return f"{found.year}年{found.number}月"
