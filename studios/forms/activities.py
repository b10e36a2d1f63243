"""Activities: what they are, what came of them, and their photos and files."""

from crispy_forms.layout import Layout
from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from studios.models import Activity, Gathering
from studios.series import Scope


def scope_field():
    """For which activities of a series a change is meant."""
    return forms.ChoiceField(
        label=_("This change is meant for"), choices=Scope, widget=forms.RadioSelect, initial=Scope.THIS
    )


class ActivityForm(VersionedFormMixin, HouseModelForm):
    """An activity. How many came is asked for only once it was held, and where nobody is recorded by name."""

    class Meta:
        model = Activity
        fields = [
            "subject",
            "kind",
            "kind_word",
            "held_on",
            "starts_at",
            "ends_at",
            "place",
            "host",
            "hours",
            "agenda",
            "expected",
            "present",
            "on_leave",
            "absent",
            "summary",
            "minutes",
            "decisions",
        ]
        help_texts = {
            "kind_word": _("Only where your union has a word of its own for it."),
            "hours": _("What each who took part has learnt for, in hours."),
            "decisions": _("One on each line. The lead can make a plan item of each."),
        }
        widgets = {"minutes": forms.Textarea(attrs={"rows": 8})}

    #: What is known only once it was held.
    AFTERWARDS = ("minutes", "decisions")
    #: Whether what is known only afterwards is asked for with the first words about it.
    AT_ONCE = False

    def __init__(self, *args, by_name=False, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.repeats:
            self.fields["scope"] = scope_field()
        if self.instance.gathering_id:
            for name in {*Gathering.SHARED, "kind_word"} & {*self.fields}:
                del self.fields[name]
        if self.AT_ONCE:
            return
        is_new = self.instance.pk is None
        was_held = not is_new and self.instance.state == Activity.State.HELD
        counts = () if was_held and not by_name else Activity.COUNTS
        for name in (*(self.AFTERWARDS if is_new else ()), *counts):
            del self.fields[name]

    def clean(self):
        cleaned = super().clean()
        starts, ends = cleaned.get("starts_at"), cleaned.get("ends_at")
        if starts and ends and ends <= starts:
            self.add_error("ends_at", _("It ends before it begins."))
        counts = [cleaned.get(name) for name in ("present", "on_leave", "absent")]
        expected = cleaned.get("expected")
        came_or_not = sum(count or 0 for count in counts)
        if expected is not None and came_or_not > expected:
            self.add_error("expected", _("More people are counted below than were expected."))
        elif expected is not None and None not in counts and came_or_not < expected:
            self.add_error(
                "absent", _("Present, on leave and absent make %d, not those expected.") % came_or_not
            )
        return cleaned


class NewActivityForm(ActivityForm):
    """An activity that is put down; of one that was held already, who came and what came of it as well.

    That stands below the other fields, folded, and is taken only for a day that has come.
    """

    AT_ONCE = True
    FOLDED = (*Activity.COUNTS, *ActivityForm.AFTERWARDS)

    def __init__(self, *args, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.on = on
        self.helper.layout = Layout(*(name for name in self.fields if name not in self.FOLDED))

    def clean(self):
        cleaned = super().clean()
        day = cleaned.get("held_on")
        if self.was_held and day and day > self.on:
            self.add_error(
                "held_on", _("How many came and what came of it is entered once the day has come.")
            )
        return cleaned

    @property
    def was_held(self) -> bool:
        """Whether something was typed that is known only afterwards."""
        return any(self.cleaned_data.get(name) not in (None, "") for name in self.FOLDED)

    @property
    def folded(self) -> list:
        return [self[name] for name in self.FOLDED]

    @property
    def unfolds(self) -> bool:
        """Whether what is folded holds something to be read: typed, or refused."""
        return any(bound.errors or bound.value() for bound in self.folded)


class CallOffForm(HouseForm):
    """Why an activity does not take place."""

    reason = forms.CharField(label=_("Why it is called off"), max_length=200)

    def __init__(self, *args, repeats=False, **kwargs):
        super().__init__(*args, **kwargs)
        if repeats:
            self.fields["scope"] = scope_field()
