"""Forms about achievements, offering them, and using them."""

from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from achievements import achievement_kinds, contributing
from achievements.adopting import NEEDS_REASON, State, can_be_offered, resembling
from achievements.models import Achievement, Adoption
from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from projects.models.numbers import plain
from studios.forms.parts import NotLaterMixin
from studios.models import Studio

SUGGESTED = 6
"""So many studios of a like speciality are named first."""


class AchievementForm(NotLaterMixin, VersionedFormMixin, HouseModelForm):
    """An achievement of a studio. What is verified is asked of the union alone."""

    class Meta:
        model = Achievement
        fields = [
            "name",
            "kind",
            "authors",
            "achieved_on",
            "topic",
            "summary",
            "benefit_claimed",
            "benefit_verified",
            "used_by",
            "certificate_no",
            "no",
            "is_shown_to_all",
        ]
        labels = {"authors": _("people, by contribution")}
        help_texts = {
            "authors": _("The greatest contribution first, for example 王芳、陈立新."),
            "summary": _("What it does, how it works, and what another studio needs in order to use it."),
            "is_shown_to_all": _("Every studio can read it and say that it uses it."),
        }

    def __init__(self, *args, verifies, **kwargs):
        """``verifies``: whether the person may verify the benefit."""
        super().__init__(*args, **kwargs)
        record = self.instance
        kinds = achievement_kinds.choices(record.kind)
        self.fields["kind"] = forms.ChoiceField(
            label=_("kind"), choices=[("", _("— none —")), *kinds], required=False
        )
        self.fields["topic"].queryset = record.studio.topics.all()
        for name in ("benefit_claimed", "benefit_verified"):
            self.initial[name] = plain(getattr(record, name))
        if not verifies:
            del self.fields["benefit_verified"]
        if record.pk and not record.authors:
            self.initial["authors"] = "、".join(person.name for person in record.people.order_by("pk"))

    def clean_no(self):
        return self.cleaned_data["no"] or None

    def clean_achieved_on(self):
        return self.not_later("achieved_on")

    def save(self, commit=True):
        saved = super().save(commit)
        if commit:
            contributing.link(saved)
        return saved


class OfferForm(HouseForm):
    """To whom an achievement is offered, and what is said to them."""

    studios = forms.ModelMultipleChoiceField(
        queryset=Studio.objects.none(),
        widget=forms.CheckboxSelectMultiple,
        label=_("Studios"),
        error_messages={"required": _("Please choose at least one studio.")},
    )
    text = forms.CharField(
        label=_("What you say to them"),
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )

    def __init__(self, *args, achievement, **kwargs):
        super().__init__(*args, **kwargs)
        self.achievement = achievement
        offered = can_be_offered(achievement).select_related("unit")
        self.fields["studios"].queryset = offered.order_by("unit__path", "position", "pk")

        self._offered: list[Studio] | None = None

    @property
    def _known(self) -> list[Studio]:
        if self._offered is None:
            self._offered = list(self.fields["studios"].queryset)
        return self._offered

    @property
    def _ticked(self) -> set[str]:
        return set(map(str, self["studios"].value() or ()))

    def _rows(self, studios):
        return [(studio, str(studio.pk) in self._ticked) for studio in studios]

    @property
    def like(self) -> list[tuple[Studio, bool]]:
        """(studio, ticked) of those that resemble its own, the closest first."""
        return self._rows(resembling(self.achievement, self._known)[:SUGGESTED])

    @property
    def units(self) -> list[tuple]:
        """(unit, its rows) of all the others."""
        like = {studio for studio, _on in self.like}
        rest = [studio for studio in self._known if studio not in like]
        return [(unit, self._rows(some)) for unit, some in groupby(rest, lambda studio: studio.unit)]

    @property
    def is_open(self) -> bool:
        """Whether the others are shown at once: where nothing comes before them, or some are ticked."""
        return not self.like or any(on for _unit, rows in self.units for _studio, on in rows)


class UseForm(HouseForm):
    """What a studio says to an achievement of another one.

    ``act`` is the button that was pressed, ``seen`` the version of the adoption that was on the screen.
    """

    ACTS = (State.IN_USE, State.TRYING, State.DECLINED, State.ENDED)

    studio = forms.ModelChoiceField(queryset=Studio.objects.none(), widget=forms.HiddenInput)
    act = forms.ChoiceField(choices=[(state.value, state.label) for state in ACTS], widget=forms.HiddenInput)
    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)
    reason = forms.CharField(label=_("Reason"), max_length=500, required=False)
    since_on = forms.DateField(label=_("Used since"), required=False)
    place = forms.CharField(
        label=_("Used where"),
        max_length=200,
        required=False,
        help_text=_("For example the machine, the line or the post."),
    )
    people_count = forms.IntegerField(label=_("People who use it"), min_value=0, required=False)
    saved = forms.DecimalField(
        label=_("Saved per year (10,000 yuan)"),
        min_value=0,
        max_digits=14,
        decimal_places=4,
        required=False,
    )
    note = forms.CharField(label=_("Note"), max_length=500, required=False)

    #: What is told of the use itself.
    DETAILS = ("since_on", "place", "people_count", "saved", "note")

    def __init__(self, *args, studios, on, **kwargs):
        """``studios``: those for which the person may speak; ``on`` is today."""
        super().__init__(*args, **kwargs)
        self.on = on
        self.fields["studio"].queryset = studios

    def clean_since_on(self):
        day = self.cleaned_data["since_on"]
        if day and day > self.on:
            raise forms.ValidationError(_("This day has not come yet."))
        return day

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") in NEEDS_REASON and not cleaned.get("reason", "").strip():
            self.add_error("reason", _("Please say why."))
        return cleaned

    @property
    def said(self) -> dict:
        """What the verb is told beside the studio and the state."""
        return {name: self.cleaned_data[name] for name in ("seen", "reason", *self.DETAILS)}


class AdoptionForm(NotLaterMixin, VersionedFormMixin, HouseModelForm):
    """How an achievement of another studio is used. What changes after it was verified is verified anew."""

    class Meta:
        model = Adoption
        fields = list(UseForm.DETAILS)
        help_texts = {"place": _("For example the machine, the line or the post.")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["saved"] = plain(self.instance.saved)

    def clean_since_on(self):
        day = self.not_later("since_on")
        if day is None and self.instance.is_in_use:
            raise forms.ValidationError(_("Please say since when it is used."))
        return day

    def save(self, commit=True):
        if self.instance.state == State.VERIFIED and self.has_changed():
            self.instance.state = State.IN_USE
            self.instance.verified_by = self.instance.verified_at = None
        return super().save(commit)
