"""Forms about topics, items and indicators."""

from django import forms
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseModelForm
from core.versions import VersionedFormMixin
from members.models import Person
from projects.models import Indicator, Milestone, PlanItem, Topic
from projects.models.numbers import plain


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

    def clean_no(self):
        return self.cleaned_data["no"] or None


class ItemCellForm(VersionedFormMixin, HouseModelForm):
    """One cell of the list of items: the due day, the person responsible or the weight, changed in place."""

    #: The columns of the list that can be changed in place, and their fields.
    FIELDS = {"due": "due_on", "owner": "owner", "weight": "weight"}

    class Meta:
        model = PlanItem
        fields = ["due_on", "owner", "weight"]

    def __init__(self, *args, name, on, **kwargs):
        super().__init__(*args, **kwargs)
        for other in {*self.FIELDS.values()} - {self.FIELDS[name]}:
            del self.fields[other]
        item = self.instance
        if name == "owner":
            self.fields["owner"].queryset = people_of(item.plan.studio, on=on, also=[item.owner_id])
        if name == "weight":
            self.initial["weight"] = plain(item.weight)
        for field in self.fields.values():
            if not field.widget.is_hidden:
                field.widget.attrs["aria-label"] = field.label

    def clean_due_on(self):
        due, start = self.cleaned_data["due_on"], self.instance.starts_on
        if due and start and due < start:
            raise forms.ValidationError(_("The due day lies before the start."))
        return due

    def clean_weight(self):
        weight = self.cleaned_data["weight"]
        if weight is not None and weight <= 0:
            raise forms.ValidationError(_("A weight must be more than nothing."))
        return weight


class ItemForm(VersionedFormMixin, HouseModelForm):
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
        super().__init__(*args, **kwargs)
        item = self.instance
        studio, span = item.plan.studio, item.plan.span
        if quick:
            for name in self.NOT_QUICK:
                del self.fields[name]
        else:
            self.fields["topic"].queryset = studio.topics.filter(
                Q(state__in=Topic.RUNNING) | Q(pk=item.topic_id)
            )
            self.initial["weight"] = plain(item.weight)
            helping = item.helpers.values_list("pk", flat=True) if item.pk else ()
            self.fields["helpers"].queryset = people_of(studio, on=on, also=helping)
        self.fields["owner"].queryset = people_of(studio, on=on, also=[item.owner_id])
        if span.parent is None:
            del self.fields["parent"]
        else:
            above = PlanItem.objects.filter(plan__studio=studio, plan__period=span.parent.key)
            self.fields["parent"].queryset = above
            self.fields["parent"].label = (
                _("Serves the quarter item") if span.kind == "month" else _("Serves the year item")
            )
            self.fields["parent"].empty_label = _("— counts in its own period alone —")
        if not item.pk:
            self.initial.setdefault("due_on", item.plan.ends_on)

    def clean_weight(self):
        weight = self.cleaned_data["weight"]
        if weight is not None and weight <= 0:
            raise forms.ValidationError(_("A weight must be more than nothing."))
        return weight


class IndicatorForm(VersionedFormMixin, HouseModelForm):
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
        indicator = self.instance
        studio = indicator.item.studio
        self.fields["person"].queryset = people_of(studio, on=on, also=[indicator.person_id])
        for name in ("start", "target", "weight"):
            self.initial[name] = plain(getattr(indicator, name))
        if indicator.pk:
            self.initial["steps"] = "\n".join(row.title for row in indicator.milestones.all())
            # What was reported was reported in this kind; another kind is another indicator.
            self.fields["kind"].disabled = indicator.journal.exists()

    def clean(self):
        cleaned = super().clean()
        kind = cleaned.get("kind")
        if kind == Indicator.Kind.NUMBER:
            for name in ("start", "target"):
                if cleaned.get(name) is None and name not in self.errors:
                    self.add_error(name, _("A number needs a start and a target that differ."))
        elif kind == Indicator.Kind.MILESTONES and not self._steps(cleaned):
            self.add_error("steps", _("Write at least one milestone."))
        return cleaned

    @staticmethod
    def _steps(cleaned) -> list[str]:
        lines = [line.strip()[:150] for line in (cleaned.get("steps") or "").splitlines()]
        return list(dict.fromkeys(line for line in lines if line))

    def save(self, commit=True):
        indicator = super().save(commit)
        if indicator.kind == Indicator.Kind.MILESTONES:
            self._save_milestones(indicator)
        return indicator

    def _save_milestones(self, indicator):
        """Those that keep their words stay reached."""
        steps = self._steps(self.cleaned_data)
        reached = {row.title: row.reached_on for row in indicator.milestones.all()}
        if list(reached) == steps:
            return
        indicator.milestones.all().delete()
        Milestone.objects.bulk_create(
            Milestone(indicator=indicator, title=title, reached_on=reached.get(title)) for title in steps
        )
