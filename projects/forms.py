"""Forms about topics, items and indicators."""

from datetime import date
from decimal import Decimal

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core import shown
from core.forms import HouseModelForm
from core.versions import VersionedFormMixin
from members.models import Person
from projects.models import Indicator, PlanItem, Topic
from projects.models.numbers import plain
from projects.revising import set_steps, steps_of

NO_WAY = _("A number needs a start and a target that differ.")


def people_of(studio, *, on, also=()):
    """Who belongs to the studio on a day, and those who stand in the record already."""
    current = studio.memberships.current(on=on).values("person")
    return Person.objects.filter(Q(pk__in=current) | Q(pk__in=[pk for pk in also if pk]))


class TopicForm(VersionedFormMixin, HouseModelForm):
    """A topic of a studio; the people are those of the studio."""

    class Meta:
        model = Topic
        fields = [
            "title",
            "source",
            "kind",
            "horizon",
            "state",
            "baseline",
            "target",
            "unit_of_measure",
            "starts_on",
            "due_on",
            "owner",
            "helpers",
            "other_helpers",
            "budget",
            "no",
            "note",
        ]
        help_texts = {
            "baseline": _("How it stands today, e.g. 16.2."),
            "target": _("What is to be reached, e.g. 14.0."),
        }
        widgets = {"helpers": forms.CheckboxSelectMultiple}

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        topic = self.instance
        helping = topic.helpers.values_list("pk", flat=True) if topic.pk else ()
        people = people_of(topic.studio, on=on, also=[topic.owner_id, *helping])
        self.fields["owner"].queryset = self.fields["helpers"].queryset = people
        self.initial["budget"] = plain(topic.budget)
        # That a topic is tolerated is confirmed by the union, with its lesson.
        ended = topic.state == Topic.State.TOLERATED
        self.fields["state"].choices = [
            choice for choice in Topic.State.choices if ended or choice[0] != Topic.State.TOLERATED
        ]

    def clean_no(self):
        return self.cleaned_data["no"] or None


class BindingFormMixin(VersionedFormMixin):
    """A form about a record of a plan: what its confirmation binds stays as it is, and stands in ``asked``.

    ``asked`` holds what was typed by the name of the field. What is free is saved as ever.
    """

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.asked: dict = {}

    def clean(self):
        cleaned = super().clean()
        if self.instance.pk and self.plan.is_bound:
            self.asked = self.wanted(cleaned)
            cleaned |= {name: self.stands(name) for name in self.asked}
        return cleaned

    @property
    def plan(self):
        return getattr(self.instance, "item", self.instance).plan

    def stands(self, name):
        """What is stored in a field, as the form would give it."""
        field = self.instance._meta.get_field(name)
        was = self._theirs[name]
        return self._related(field, was) if field.is_relation else was

    def wanted(self, cleaned) -> dict:
        """What was typed into bound fields that differs from what is stored."""
        return {
            name: cleaned[name]
            for name in self._meta.model.BOUND
            if name in self._theirs and name in cleaned and self._typed(cleaned[name]) != self._theirs[name]
        }


class BoundItemForm(BindingFormMixin, HouseModelForm):
    """What the confirmation of a plan binds of an item."""

    class Meta:
        model = PlanItem
        fields = list(PlanItem.BOUND)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        item, given = self.instance, kwargs.get("initial") or {}
        if "owner" in self.fields:
            self.fields["owner"].queryset = people_of(item.plan.studio, on=on, also=[item.owner_id])
        if "weight" in self.fields and "weight" not in given:
            self.initial["weight"] = plain(item.weight)
        if "parent" in self.fields:
            offer_above(self, item.plan)

    def clean_due_on(self):
        due = self.cleaned_data["due_on"]
        start = self.cleaned_data.get("starts_on", self.instance.starts_on)
        if due and start and due < start:
            raise forms.ValidationError(_("The due day lies before the start."))
        return due

    def clean_weight(self):
        weight = self.cleaned_data["weight"]
        if weight is not None and weight <= 0:
            raise forms.ValidationError(_("A weight must be more than nothing."))
        return weight


def offer_above(form, plan) -> None:
    """Offer the items of the period above that an item may serve; of a year there are none."""
    span = plan.span
    if span.parent is None:
        del form.fields["parent"]
        return
    field = form.fields["parent"]
    field.queryset = PlanItem.objects.filter(plan__studio=plan.studio, plan__period=span.parent.key)
    field.label = _("Serves the quarter item") if span.kind == "month" else _("Serves the year item")
    field.empty_label = _("— counts in its own period alone —")


class ItemCellForm(BoundItemForm):
    """One cell of the list of items: the due day, the person responsible or the weight, changed in place."""

    #: The columns of the list that can be changed in place, and their fields.
    FIELDS = {"due": "due_on", "owner": "owner", "weight": "weight"}

    def __init__(self, *args, name, **kwargs):
        super().__init__(*args, **kwargs)
        for other in {*self.fields} - {self.FIELDS[name], "version"}:
            del self.fields[other]
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label


class ItemForm(BoundItemForm):
    """A line of a plan. ``quick`` asks only for what a clear item needs."""

    class Meta:
        model = PlanItem
        fields = [
            "content",
            "kind",
            "topic",
            "done_when",
            "owner",
            "helpers",
            "starts_on",
            "due_on",
            "weight",
            "parent",
        ]
        widgets = {"helpers": forms.CheckboxSelectMultiple, "content": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "content": _(
                "Not “push the topic forward”, but “finish 3 groups of single-factor tests, residual anode "
                "rate ≤ 15.0 %, by 20 June, with the test sheets”."
            ),
            "done_when": _("By what everybody sees that it is done: a number, a document, a photo."),
            "weight": _("Counts against the other items of the same plan; 1 is usual, 2 counts twice."),
        }

    NOT_QUICK = ("topic", "helpers", "starts_on", "weight")

    def __init__(self, *args, on, quick=False, **kwargs):
        super().__init__(*args, on=on, **kwargs)
        item = self.instance
        studio = item.plan.studio
        if quick:
            for name in self.NOT_QUICK:
                del self.fields[name]
        else:
            self.fields["topic"].queryset = studio.topics.filter(
                Q(state__in=Topic.RUNNING) | Q(pk=item.topic_id)
            )
            helping = item.helpers.values_list("pk", flat=True) if item.pk else ()
            self.fields["helpers"].queryset = people_of(studio, on=on, also=helping)
        if not item.pk:
            self.initial.setdefault("due_on", item.plan.ends_on)


class IndicatorForm(BindingFormMixin, HouseModelForm):
    """What one member is measured by. Milestones are written one on a line."""

    steps = forms.CharField(
        label=_("Milestones"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("For milestones only: one on each line, in their order."),
    )

    class Meta:
        model = Indicator
        fields = ["name", "person", "kind", "start", "target", "unit_of_measure", "weight"]
        widgets = {"kind": forms.RadioSelect}
        help_texts = {
            "start": _("For a number: where it stands at the beginning."),
            "target": _("For a number: where it should come to; lower than the start if it is to fall."),
            "weight": _("Counts against the other indicators of the same item."),
        }

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        indicator, given = self.instance, kwargs.get("initial") or {}
        studio = indicator.item.studio
        self.fields["person"].queryset = people_of(studio, on=on, also=[indicator.person_id])
        for name in {"start", "target", "weight"} - {*given}:
            self.initial[name] = plain(getattr(indicator, name))
        if indicator.pk:
            self.initial.setdefault("steps", steps_of(indicator))
            # What was reported or confirmed was so in this kind; another kind is another indicator.
            self.fields["kind"].disabled = self.plan.is_bound or indicator.journal.exists()

    def clean(self):
        cleaned = super().clean()
        typed = cleaned | self.asked
        if typed.get("kind") == Indicator.Kind.NUMBER:
            for name in ("start", "target"):
                if typed.get(name) is None and name not in self.errors:
                    self.add_error(name, NO_WAY)
            if self.asked and typed.get("target") is not None and typed.get("start") == typed["target"]:
                self.add_error("target", NO_WAY)
        elif typed.get("kind") == Indicator.Kind.MILESTONES and not self._steps(typed):
            self.add_error("steps", _("Write at least one milestone."))
        return cleaned

    def wanted(self, cleaned) -> dict:
        found = super().wanted(cleaned)
        if self.instance.kind == Indicator.Kind.MILESTONES and "steps" in cleaned:
            steps = "\n".join(self._steps(cleaned))
            if steps != steps_of(self.instance):
                found["steps"] = steps
        return found

    def stands(self, name):
        return steps_of(self.instance) if name == "steps" else super().stands(name)

    @staticmethod
    def _steps(cleaned) -> list[str]:
        lines = [line.strip()[:150] for line in (cleaned.get("steps") or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def save(self, commit=True):
        indicator = super().save(commit)
        if indicator.kind == Indicator.Kind.MILESTONES:
            set_steps(indicator, self._steps(self.cleaned_data))
        return indicator


class ReasonedFormMixin(BindingFormMixin):
    """The form of a change request: what is bound alone, each with what stands now, and why."""

    reason = forms.CharField(
        label=_("Why"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Others read it."),
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {*self.fields} & {*self._meta.model.BOUND}:
            self.fields[name].help_text = _("It stands at: %(value)s") % {
                "value": readable(self.stands(name))
            }

    def clean(self):
        cleaned = super().clean()
        if not self.asked and not self.errors:
            self.add_error(None, _("Nothing differs from what stands yet."))
        return cleaned


def readable(value) -> str:
    """A value of a field as people read it."""
    if isinstance(value, date):
        return shown.day(value)
    return (plain(value) if isinstance(value, Decimal) else str(value or "")) or "—"


class ItemChangeForm(ReasonedFormMixin, BoundItemForm):
    """What is asked of an item of a confirmed plan."""


class IndicatorChangeForm(ReasonedFormMixin, IndicatorForm):
    """What is asked of an indicator of a confirmed plan."""

    #: What can be asked of an indicator of each kind, beside who carries it and its weight.
    ASKED = {Indicator.Kind.NUMBER: {"start", "target"}, Indicator.Kind.MILESTONES: {"steps"}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        kind = self.instance.kind
        asked = {"person", "weight", "kind", "version", "reason"} | self.ASKED.get(kind, set())
        for name in {*self.fields} - asked:
            del self.fields[name]
        self.fields["kind"].widget = forms.HiddenInput()
