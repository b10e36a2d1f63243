"""Who came, person by person."""

from django import forms

from core.forms import HouseForm
from studios.attending import Mark
from studios.models import Attendance

Status = Attendance.Status
OFFERED = [Status.PRESENT, Status.LATE, Status.ON_LEAVE, Status.ABSENT, Status.NOT_ASKED]


class AttendanceForm(HouseForm):
    """One choice for everybody of the day, preset as it most likely was."""

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.rows = rows
        for row in rows:
            self.fields[f"came_{row.person_id}"] = forms.ChoiceField(
                label=row.person.name,
                choices=[(status.value, status.label) for status in OFFERED],
                widget=forms.RadioSelect,
                initial=row.status,
            )
            self.fields[f"seen_{row.person_id}"] = forms.IntegerField(
                widget=forms.HiddenInput, initial=row.version, min_value=0
            )

    @property
    def choices(self):
        """(bound choice, bound version) of everybody."""
        return [(self[f"came_{row.person_id}"], self[f"seen_{row.person_id}"]) for row in self.rows]

    @property
    def marks(self) -> dict[int, Mark]:
        typed = self.cleaned_data
        return {
            row.person_id: Mark(typed[f"came_{row.person_id}"], typed[f"seen_{row.person_id}"])
            for row in self.rows
        }
