"""What stands beside a day while it is typed: which day it is, and whether it is worked."""

from django.http import JsonResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from core import shown, typed_days, workdays
from core.access import open_to_all_signed_in

#: More fields no form has.
MOST = 30


@require_safe
@open_to_all_signed_in
def days(request):
    """Each text of the address as the day it means."""
    on, calendar = timezone.localdate(), workdays.load()
    asked = request.GET.getlist("q")[:MOST]
    return JsonResponse({"days": [_said(text[:40], on, calendar) for text in asked]})


def _said(text, on, calendar):
    try:
        day = typed_days.read(text, on=on)
    except ValueError:
        return {"day": "", "text": _("Which day is that? Write for example 2026-10-9, 10-9 or tomorrow.")}
    works = calendar.is_workday(day)
    remark = ""
    if not works:
        name = workdays.holiday_names(day.year, translation.get_language()).get(day)
        remark = _("day of rest: %(name)s") % {"name": name} if name else _("day of rest")
    elif day.weekday() >= 5:
        remark = _("make-up working day")
    return {
        "day": day.isoformat(),
        "text": " · ".join(filter(None, [shown.day(day), remark])),
        "rests": not works,
    }
