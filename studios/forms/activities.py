"""Activities: what they are, what came of them, and their photos and files."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import FilesField, HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from studios.models import Activity


class ActivityForm(VersionedFormMixin, HouseModelForm):
    """An activity. The numbers are asked for only where no attendance is recorded by name."""

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

    def __init__(self, *args, by_name=False, **kwargs):
        super().__init__(*args, **kwargs)
        asked_later = self.AFTERWARDS if self.instance.pk is None else ()
        for name in (*asked_later, *(Activity.COUNTS if by_name else ())):
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


class CallOffForm(HouseForm):
    """Why an activity does not take place."""

    reason = forms.CharField(label=_("Why it is called off"), max_length=200)


class ActivityFilesForm(HouseForm):
    """Photos, lists, slides."""

    files = FilesField(
        label=_("Photos or files"),
        help_text=_("Photo, PDF, Word, Excel or PowerPoint file or MP4 video, at most 20 MB each."),
    )
