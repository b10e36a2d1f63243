"""How many working days after its end a month is still reported on: read and set by the group."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from core import workdays
from core.access import permitted_globally
from core.forms import HouseModelForm
from core.requests import read_or_write
from projects.models import GraceDays


class GraceForm(HouseModelForm):
    """The days of grace from a day on; what ended before keeps what it had."""

    class Meta:
        model = GraceDays
        fields = ["days", "effective_on"]

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on

    def clean_effective_on(self):
        day = self.cleaned_data["effective_on"]
        if day < self.on:
            self.add_error("effective_on", _("What has ended keeps the days it had: choose today or later."))
        return day


@read_or_write
@permitted_globally("projects.set_grace_days")
def grace_days(request):
    """What holds now, what was set when and by whom, and the form for another number."""
    on = timezone.localdate()
    row = GraceDays(by=request.user, at=timezone.now())
    data = request.POST if request.method == "POST" else None
    form = GraceForm(data, instance=row, on=on, initial={"effective_on": on})
    if data is not None and form.is_valid():
        form.save()
        messages.success(request, _("Saved."))
        return redirect("grace-days")
    context = {
        "form": form,
        "now": GraceDays.of(on, workdays.load()),
        "kept": GraceDays.objects.select_related("by__person"),
    }
    return render(request, "projects/grace_days.html", context, status=422 if data is not None else 200)
