"""Forms by which progress is told: one for what was done, one for how an item ends."""

import uuid
from decimal import Decimal

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import FilesField, HouseForm
from projects.binding import crosses, must_ask
from projects.models import Indicator, PlanItem
from projects.models.numbers import plain
from projects.rules import states_open_to

State = PlanItem.State
Kind = Indicator.Kind

#: What is done by choosing a state, said as an act.
ACTS = {
    State.DONE: pgettext_lazy("act", "done"),
    State.UNDONE: pgettext_lazy("act", "not done"),
    State.CARRIED: pgettext_lazy("act", "carry the rest over"),
    State.CANCELLED: pgettext_lazy("act", "cancel"),
    State.IN_PROGRESS: pgettext_lazy("act", "take it up again"),
}
#: The same where the plan is confirmed and the union's yes is needed.
ASKED = {
    State.CARRIED: pgettext_lazy("act", "ask to carry the rest over"),
    State.CANCELLED: pgettext_lazy("act", "ask to cancel"),
}


def made_of_others(item: PlanItem) -> bool:
    """Whether it takes its figure from items below it; lists have asked already."""
    known = getattr(item, "has_below", None)
    return item.below.exists() if known is None else known


class ReportForm(HouseForm):
    """How far an item has come: its percentage, or the indicators that this person may report on."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    percent = forms.DecimalField(
        label=_("Done so far"), min_value=0, max_value=100, max_digits=9, decimal_places=6, required=False
    )
    note = forms.CharField(
        label=_("In a sentence"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    files = FilesField(label=_("Photos or files"), required=False)

    field_order = ["token", "percent"]

    def __init__(self, *args, item, user, **kwargs):
        kwargs.setdefault("auto_id", f"report_{item.pk}_%s")
        super().__init__(*args, **kwargs)
        self.item = item
        self.initial.setdefault("token", uuid.uuid4)
        indicators = list(item.indicators.all())
        self.mine = [row for row in indicators if user.has_perm("projects.report_indicator", row)]
        if indicators or not user.has_perm("projects.report_item", item):
            del self.fields["percent"]
        else:
            self.initial["percent"] = plain(item.percent) or "0"
        for indicator in self.mine:
            self.fields[f"indicator_{indicator.pk}"] = _field_of(indicator)
        self.order_fields(["token", "percent", *(f"indicator_{row.pk}" for row in self.mine)])

    @classmethod
    def for_item(cls, item, user, data=None, files=None):
        """The form, or None where this person has nothing to report on the item as it stands."""
        if item.state in (State.CARRIED, State.CANCELLED, State.TOLERATED) or made_of_others(item):
            return None
        if item.plan.is_closed:
            return None
        if not user.has_perm("projects.report_progress", item):
            return None
        form = cls(data, files, item=item, user=user)
        return form if form.mine or "percent" in form.fields else None

    @property
    def measures(self):
        """(bound field, drawn with a range?) of what is measured."""
        judged = {f"indicator_{row.pk}" for row in self.mine if row.kind == Kind.JUDGED}
        return [
            (bound, bound.name == "percent" or bound.name in judged)
            for bound in self
            if bound.name == "percent" or bound.name.startswith("indicator_")
        ]

    @property
    def values(self) -> dict:
        """The indicators that moved: a number, or the ids of the milestones reached."""
        moved = {}
        for indicator in self.mine:
            typed = self.cleaned_data[f"indicator_{indicator.pk}"]
            if indicator.kind == Kind.MILESTONES:
                typed = [int(pk) for pk in typed]
                before = [row.pk for row in indicator.milestones.all() if row.reached_on]
                changed = set(typed) != set(before)
            else:
                typed = Decimal(typed) if typed is not None else None
                changed = typed is not None and typed != indicator.value
                if indicator.kind == Kind.YES_NO and not typed and indicator.value is None:
                    changed = False
            if changed:
                moved[indicator] = typed
        return moved


def _field_of(indicator: Indicator) -> forms.Field:
    label = f"{indicator.name} · {indicator.person.name}"
    if indicator.kind == Kind.YES_NO:
        return forms.BooleanField(label=label, required=False, initial=bool(indicator.value))
    if indicator.kind == Kind.MILESTONES:
        steps = list(indicator.milestones.all())
        return forms.MultipleChoiceField(
            label=label,
            required=False,
            choices=[(str(row.pk), row.title) for row in steps],
            initial=[str(row.pk) for row in steps if row.reached_on],
            widget=forms.CheckboxSelectMultiple,
        )
    if indicator.kind == Kind.JUDGED:
        return forms.DecimalField(
            label=label,
            required=False,
            min_value=0,
            max_value=100,
            initial=plain(indicator.value) or "0",
            widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
        )
    return forms.DecimalField(
        label=label,
        required=False,
        max_digits=18,
        decimal_places=6,
        initial=plain(indicator.value),
        help_text=_("from %(start)s to %(target)s %(unit)s")
        % {
            "start": plain(indicator.start),
            "target": plain(indicator.target),
            "unit": indicator.unit_of_measure,
        },
        widget=forms.NumberInput(attrs={"inputmode": "decimal"}),
    )


class StateForm(HouseForm):
    """How an item ends, or that it is taken up again, with the reason."""

    token = forms.UUIDField(widget=forms.HiddenInput)
    state = forms.ChoiceField(label=_("What becomes of it"), widget=forms.RadioSelect)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
    due_on = forms.DateField(
        label=_("Due day of the rest"),
        required=False,
        help_text=_("Only when it is carried over; otherwise the end of the next period."),
    )

    def __init__(self, *args, item, user, **kwargs):
        kwargs.setdefault("auto_id", f"state_{item.pk}_%s")
        super().__init__(*args, **kwargs)
        self.initial.setdefault("token", uuid.uuid4)
        states = states_open_to(user, item)
        asked = ASKED if must_ask(item, user) else {}
        if not crosses(item.plan, item.plan.span.next):
            asked = {state: word for state, word in asked.items() if state != State.CARRIED}
        self.fields["state"].choices = [(state, asked.get(state, ACTS[state])) for state in states]
        if State.CARRIED not in states:
            del self.fields["due_on"]

    @classmethod
    def for_item(cls, item, user, data=None):
        """The form, or None where this person cannot bring the item into any other state."""
        if item.plan.is_closed:
            return None
        return cls(data, item=item, user=user) if states_open_to(user, item) else None

    def clean(self):
        cleaned = super().clean()
        state = cleaned.get("state")
        if state and state != State.DONE and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Please say why."))
        return cleaned
