"""Activities and who came."""

from django.utils.translation import gettext_lazy as _

from core.forms import HouseModelForm
from core.versions import VersionedFormMixin
from studios.models import Activity


class ActivityForm(VersionedFormMixin, HouseModelForm):
    """An activity with its attendance in numbers."""

    class Meta:
        model = Activity
        fields = [
            "subject",
            "kind",
            "held_on",
            "place",
            "host",
            "expected",
            "present",
            "on_leave",
            "absent",
            "summary",
        ]

    def clean(self):
        cleaned = super().clean()
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
