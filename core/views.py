"""Pages without a business word: the theme, the style guide, what is said when something went wrong."""

from datetime import date, datetime, timedelta

from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core import lists, themes, undo
from core.access import permitted
from core.as_of import AsOf, Change, Seal
from core.forms import HouseForm
from core.gathering import Group, Total
from core.htmx import came_from
from core.models import Undo


@login_not_required
@require_POST
def theme(request):
    """Light, dark, or as the device says; remembered in a cookie."""
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return themes.remember(HttpResponseRedirect(to if safe else "/"), request.POST.get("theme"))


@require_POST
@permitted("core.undo", Undo)
def take_back(request, kept):
    """Bring back what one has just changed, if nobody touched it since."""
    undo.take_back(kept, by=request.user, at=timezone.now())
    messages.success(request, _("Undone."))
    return redirect(came_from(request))


class SampleForm(HouseForm):
    """What every kind of field looks like."""

    name = forms.CharField(label="Name", help_text="As it stands on the plaque.")
    due = forms.DateField(label="Due")
    kind = forms.ChoiceField(label="Kind", choices=[("a", "Research"), ("b", "Learning")])
    weight = forms.DecimalField(label="Weight", min_value=0)
    came = forms.ChoiceField(
        label="王芳", choices=[("p", "Present"), ("a", "Absent")], widget=forms.RadioSelect, initial="p"
    )
    text = forms.CharField(label="Text", widget=forms.Textarea, required=False)
    agreed = forms.BooleanField(label="I have read the rules", required=False)


SAMPLE_LIST = lists.HouseList(
    "studios", (lists.Column("name", "Name", fixed=True), lists.Column("state", "State"))
)
DAYS = [{"number": number, "works": number % 7 not in (5, 6)} for number in range(1, 15)]
DAYS[0] = {"number": 1, "works": False, "mark": "off", "why": "国庆节"}
DAYS[9] = {"number": 10, "works": True, "mark": "work", "is_today": True, "href": "#"}
DAYS[10] = {"number": 11, "works": False, "mark": "off", "is_ours": True, "href": "#"}

TONES = ["plain", "accent", "good", "warn", "bad", "info"]


@login_not_required
@require_safe
def styleguide(request):
    """Every component in every tone, only while developing."""
    if not settings.DEBUG:
        raise Http404
    wrong = SampleForm({"name": "", "due": "", "weight": "-1"})
    now = timezone.make_aware(datetime(2026, 11, 20, 15, 4))
    pages = Paginator(range(212), 20)
    sample = {
        "tones": TONES,
        "look": lists.Look(SAMPLE_LIST, ["name", "state"], may_share=True),
        "group": Group([], "铜冶炼厂", 12),
        "totals": [Total("Studios", "212", "#"), Total("Members", "1,204")],
        "breadcrumbs": [("Home", "/"), ("Style guide", "")],
        "form": SampleForm(prefix="search"),
        "wrong": wrong,
        "page": pages.get_page(request.GET.get("page", 3)),
        "now": now,
        "on": date(2026, 10, 9),
        "percents": [("63", 70), ("<1", 20), ("100", 100), (None, None), (38.5, None)],
        "signs": [("Overdue", "bad"), ("carried over", "info")],
        "five": [
            ("people", True, ""),
            ("place", True, ""),
            ("topics", True, ""),
            ("funds", False, "No budget for 2026 yet"),
            ("rules", False, "No house rules are in force"),
        ],
        "steps": [
            ("Draft", "done", "3.11."),
            ("Submitted", "done", "5.11."),
            ("Unit check", "now", "since 2 days"),
            ("Decision", "next", ""),
        ],
        "tabs": [
            ("Overview", "#", True, None),
            ("Members", "#a", False, 14),
            ("Topics", "#b", False, 0),
        ],
        "chips": [("铜冶炼厂", "?a"), ("behind", "?b")],
        "options": [("October", "#", False), ("November", "#", True), ("December", "#", False)],
        "weeks": [DAYS[:7], DAYS[7:], [None] * 7],
        "remarks": [("1", "国庆节", DAYS[0]), ("10", "make-up working day", DAYS[9])],
        "previous": ("October", "#"),
        "next": ("December", "#"),
        "holds": [
            AsOf(now, Change(now - timedelta(days=1), "王建国", "陈立新工作室", "#"), stored_at=now),
            AsOf(now, Change(now, "王建国")),
            AsOf(now, seal=Seal(now, "李明")),
        ],
        "entries": [
            {
                "when": now,
                "who": "李明",
                "where": "in the browser",
                "changes": [("Due", "2026-10-09", "2026-11-20"), ("Owner", None, "王芳")],
            }
        ],
        "clashes": [
            {
                "name": "due",
                "choice": "take_theirs_due",
                "label": "Due",
                "before": "2026-10-09",
                "theirs": "2026-10-20",
                "mine": "2026-11-01",
            }
        ],
    }
    return render(request, "core/styleguide.html", sample)
