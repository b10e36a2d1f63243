"""One form for a yearly item: a row for each of its quarters and months, as far as the year still runs."""

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _

from core.calendar import MONTH, QUARTER, Period
from core.forms import HouseForm
from projects.breakdown import Share
from projects.forms import people_of
from projects.models import PlanItem


class RowForm(HouseForm):
    """One quarter or month. A row without content is left out."""

    content = forms.CharField(label=_("content"), max_length=300, required=False)
    owner = forms.ModelChoiceField(label=_("person responsible"), queryset=None, required=False)
    due_on = forms.DateField(label=_("due"), required=False)
    weight = forms.DecimalField(label=_("weight"), max_digits=12, decimal_places=6, required=False)

    def __init__(self, *args, period: Period, people, **kwargs):
        self.period = period
        super().__init__(*args, prefix=period.key, **kwargs)
        self.fields["owner"].queryset = people

    def clean_weight(self):
        weight = self.cleaned_data["weight"]
        if weight is not None and weight <= 0:
            raise forms.ValidationError(_("A weight must be more than nothing."))
        return weight or Decimal(1)

    @property
    def share(self) -> Share | None:
        typed = self.cleaned_data
        content = typed.get("content", "").strip()
        if not content:
            return None
        return Share(self.period, content, typed.get("owner"), typed.get("due_on"), typed["weight"])


@dataclass
class Row:
    """A row of the page: the form, and what hangs there already."""

    form: RowForm
    present: list[PlanItem]

    @property
    def is_month(self) -> bool:
        return self.form.period.kind == MONTH

    @property
    def label(self) -> str:
        return str(self.form.period)


class BreakdownForm:
    """All rows together. Quarters from ``on`` to the item's due day are offered filled in."""

    def __init__(self, item: PlanItem, data=None, *, on: date):
        self.item = item
        present: dict[str, list[PlanItem]] = {}
        for below in item.below.select_related("plan"):
            present.setdefault(below.plan.period, []).append(below)
            for month_item in below.below.select_related("plan"):
                present.setdefault(month_item.plan.period, []).append(month_item)
        people = list(people_of(item.plan.studio, on=on, also=[item.owner_id]).values_list("pk", flat=True))
        self.rows = []
        for quarter in item.plan.span.split():
            for period in (quarter, *quarter.split()):
                there = present.get(period.key, [])
                form = RowForm(
                    data,
                    period=period,
                    people=people_of(item.plan.studio, on=on, also=people),
                    initial=self._filled_in(period, there, on),
                )
                self.rows.append(Row(form, there))
        self.errors: list[str] = []

    def _filled_in(self, period: Period, present, on: date) -> dict:
        last = self.item.due_on or period.ends_on
        needed = period.ends_on >= on and period.starts_on <= last and not present
        offered = period.kind == QUARTER and needed
        return {
            "content": self.item.content if offered else "",
            "owner": self.item.owner_id,
            "due_on": min(period.ends_on, last) if period.starts_on <= last else period.ends_on,
            "weight": "1",
        }

    def is_valid(self) -> bool:
        wrong = [row for row in self.rows if not row.form.is_valid()]
        quarters = {row.form.period.key for row in self.rows if not row.is_month and self._used(row)}
        for row in self.rows:
            if row.is_month and row.form.is_valid() and row.form.share:
                above = row.form.period.parent.key
                if above not in quarters:
                    row.form.add_error(
                        "content", _("Its quarter has no item yet: fill in the quarter as well.")
                    )
                    wrong.append(row)
        return not wrong

    def _used(self, row: Row) -> bool:
        return bool(row.present or (row.form.is_valid() and row.form.share))

    @property
    def shares(self) -> list[Share]:
        return [row.form.share for row in self.rows if row.form.share]
