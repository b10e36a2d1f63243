"""How values are written for people: percentages, money, days. Pure; the language is the active one."""

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal

from django.utils import timezone, translation
from django.utils.dateformat import format as format_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

DASH = "—"


def is_chinese():
    return (translation.get_language() or "").startswith("zh")


def percent_shown(value):
    """A percentage as text: `63%`, `<1%`, or "not planned" for None.

    `value` is a number 0..100 or the text stored beside it ("63", "<1"). A number is rounded down,
    so that 100% means everything, and anything above nothing shows at least as `<1%`.
    """
    if value is None or value == "":
        return _("not planned")
    if isinstance(value, str):
        return f"{value.rstrip('%')}%"
    return "<1%" if 0 < value < 1 else f"{int(value)}%"


def percent_width(value):
    """The same value as a width 0..100 for a bar; None where there is none. `<1` stays visible."""
    if value is None or value == "":
        return None
    if isinstance(value, str):
        value = 1 if value.startswith("<") else Decimal(value.rstrip("%"))
    return min(max(float(value), 1.0 if value > 0 else 0.0), 100.0)


def dash(value):
    """The value, or a dash where there is none. Zero is a value."""
    return DASH if value is None or value == "" else value


def wan(value):
    """An amount in 万元, rounded to two decimals, without trailing zeros, grouped by thousands."""
    if value is None or value == "":
        return DASH
    amount = Decimal(str(value)).quantize(Decimal("0.01"), ROUND_HALF_UP)
    whole, _point, cents = f"{amount:,}".partition(".")
    return ".".join(filter(None, [whole, cents.rstrip("0")]))


def yuan(value):
    """An amount in yuan with its cents, grouped by thousands: `1,234.50`; a dash for None."""
    return DASH if value is None or value == "" else f"{value:,.2f}"


def number(value):
    """A whole number, grouped by thousands: `12,345`; a dash for None."""
    return DASH if value is None else f"{value:,}"


def day(value):
    """A day with its weekday: `2026年10月9日（周五）` or `Fri 9 Oct 2026`; a dash for None."""
    if not value:
        return DASH
    value = _local(value)
    if is_chinese():
        return f"{value.year}年{value.month}月{value.day}日（周{'一二三四五六日'[value.weekday()]}）"
    return format_date(value, "D j M Y")


def moment(value):
    """A day, and the time if there is one; the year only when it is not the present one."""
    if not value:
        return DASH
    value = _local(value)
    this_year = value.year == timezone.localdate().year
    if is_chinese():
        text = f"{value.month}月{value.day}日" if this_year else f"{value.year}年{value.month}月{value.day}日"
        separator = " "
    else:
        text = format_date(value, "j M" if this_year else "j M Y")
        separator = ", "
    return f"{text}{separator}{value:%H:%M}" if isinstance(value, datetime) else text


def exactly(value):
    """A moment to the second with its day and weekday, for whoever points at a shorter one."""
    if not isinstance(value, datetime):
        return day(value)
    return f"{day(value)} {_local(value):%H:%M:%S}"


#: Deadlines farther away than this many days are known by their date alone.
FAR = 92


def working_days_away(value, *, on: date, calendar):
    """How far a deadline is: `in 3 working days`, `today`, `2 working days ago`; "" for none or a far one."""
    if value is None or abs((value - on).days) > FAR:
        return ""
    if value == on:
        return _("today")
    away = calendar.count_between(on, value)
    if value > on:
        return ngettext("in %(count)d working day", "in %(count)d working days", away) % {"count": away}
    return ngettext("%(count)d working day ago", "%(count)d working days ago", -away) % {"count": -away}


def working_days_from_now(value, *, calendar):
    """How far a deadline is from the present day."""
    return working_days_away(value, on=timezone.localdate(), calendar=calendar)


def _local(value: date) -> date:
    aware = isinstance(value, datetime) and timezone.is_aware(value)
    return timezone.localtime(value) if aware else value
