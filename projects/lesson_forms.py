"""Forms about lessons: the three texts, and the word of the union."""

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from core.forms import HouseForm
from projects.lessons import Texts


def _text(label: str, example: str) -> forms.CharField:
    return forms.CharField(
        label=label, help_text=example, max_length=1000, widget=forms.Textarea(attrs={"rows": 3})
    )


class LessonForm(HouseForm):
    """What was done, what was learnt, what is advised. ``seen`` is the version that was on the screen."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    tried = _text(
        pgettext_lazy("lesson", "What was done"), _("For example: three reagents in 24 groups of tests.")
    )
    learnt = _text(_("What was learnt"), _("For example: two of them can be ruled out below 20 °C."))
    advice = _text(_("Advice"), _("For example: test the third one in summer before anything is bought."))

    def __init__(self, *args, lesson=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.initial["seen"] = lesson.version if lesson else 0
        for name in ("tried", "learnt", "advice") if lesson else ():
            self.initial[name] = getattr(lesson, name)

    @property
    def texts(self) -> Texts:
        return Texts(**{name: self.cleaned_data[name] for name in ("tried", "learnt", "advice")})


class DecisionForm(HouseForm):
    """The version that was read, and what is missing where it is returned."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    remark = forms.CharField(
        label=_("What is missing"), max_length=500, widget=forms.Textarea(attrs={"rows": 2})
    )
