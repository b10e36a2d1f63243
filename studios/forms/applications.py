"""The application form (申报表): savable half-finished, its team and its topics as tables of rows."""

from dataclasses import replace

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from core.forms import HouseForm, HouseMixin, HouseModelForm
from core.versions import VersionedFormMixin
from members.models import Unit, without_spaces
from studios.criteria import COMPULSORY
from studios.forms.members import roles_but_lead
from studios.models import Application

MOST_ROWS = 60


class Row(HouseMixin, forms.Form):
    """One line of a table, whose head says the labels. ``stored()`` is what is kept of it."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper.form_show_labels = False
        for field in self.fields.values():
            if isinstance(field.widget, forms.Select):
                field.widget.attrs["aria-label"] = field.label
                continue
            # As narrow as the table wants to have it; the cell is filled anyway.
            field.widget.attrs |= {"aria-label": field.label, "placeholder": field.label, "size": 6}

    def stored(self):
        return {name: str(value) for name, value in self.cleaned_data.items() if name != "DELETE" and value}


class Teammate(Row):
    name = forms.CharField(label=_("Full name"), max_length=60)
    staff_no = forms.CharField(label=_("Staff number"), max_length=30, required=False)
    role = forms.ChoiceField(label=_("Role in the studio"), choices=roles_but_lead, initial="member")
    duty = forms.CharField(label=_("Division of work"), max_length=200, required=False)

    def clean_name(self):
        return without_spaces(self.cleaned_data["name"])

    def clean_staff_no(self):
        return without_spaces(self.cleaned_data["staff_no"])


class PlannedTopic(Row):
    title = forms.CharField(label=_("Topic"), max_length=200)
    target = forms.CharField(label=_("Target"), max_length=60, required=False)
    unit_of_measure = forms.CharField(label=_("Unit of measure"), max_length=30, required=False)
    due_on = forms.DateField(label=_("Planned end"), required=False)


def table_of(row, *, blank):
    """The table of such rows, with some blank ones at its end."""
    return forms.formset_factory(row, extra=blank, can_delete=True, max_num=MOST_ROWS, absolute_max=MOST_ROWS)


class TableInput(forms.Widget):
    """Reads a whole table out of a form; the page draws it."""

    def __init__(self, row):
        super().__init__()
        self.row = row

    def value_from_datadict(self, data, files, name):
        return table_of(self.row, blank=0)(data, prefix=name)

    def value_omitted_from_data(self, data, files, name):
        return f"{name}-TOTAL_FORMS" not in data


class TableField(forms.Field):
    """A list of rows. Empty rows and those marked for removal are left out."""

    def __init__(self, row, **kwargs):
        super().__init__(widget=TableInput(row), required=False, **kwargs)
        self.row = row

    def clean(self, table):
        if not table.is_valid():
            raise forms.ValidationError(_("Please look at the marked rows."))
        return [row.stored() for row in table if row.has_changed() and row not in table.deleted_forms]


class ApplicationForm(VersionedFormMixin, HouseModelForm):
    """All that is asked; nothing is compulsory yet, so that it can be written in several sittings."""

    team = TableField(Teammate, label=_("Studio team"))
    topics = TableField(PlannedTopic, label=_("Topics of this year and next"))

    #: The parts of the form as they stand on the page.
    PARTS = [
        (_("The studio"), ["name", "type", "unit", "trade", "founded_on", "address", "area", "phone"]),
        (
            _("Who leads it"),
            ["lead_name", "lead_staff_no", "lead_honours", "lead_post", "lead_title", "lead_skill_grade"],
        ),
        (_("Studio team"), ["team"]),
        (_("Topics of this year and next"), ["topics"]),
        (_("Place, rules and funds"), ["equipment", "rules", "annual_funds", "funds_source"]),
        (_("What was achieved"), ["achievements", "training", "deeds"]),
    ]
    #: Where on the page each part stands.
    PLACES = [f"part-{number}" for number, _part in enumerate(PARTS)]
    TABLES = {"team": Teammate, "topics": PlannedTopic}

    class Meta:
        model = Application
        fields = [
            "name",
            "type",
            "unit",
            "trade",
            "founded_on",
            "address",
            "area",
            "phone",
            "lead_name",
            "lead_staff_no",
            "lead_honours",
            "lead_post",
            "lead_title",
            "lead_skill_grade",
            "team",
            "topics",
            "equipment",
            "rules",
            "annual_funds",
            "funds_source",
            "achievements",
            "training",
            "deeds",
        ]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.order_by("path")
        self.fields["deeds"].help_text = _("At most 2,000 characters.")
        self.fields["trade"].help_text = _("For example welding, casting, instruments.")

    def tables(self):
        """The tables as they are drawn: what was typed, or what is stored and some blank rows."""
        return {
            name: table_of(row, blank=0)(self.data, prefix=name)
            if self.is_bound
            else table_of(row, blank=3 if self.initial.get(name) else 4)(
                initial=self.initial.get(name), prefix=name
            )
            for name, row in self.TABLES.items()
        }

    def parts(self):
        """(title, its place, that of the next one or "", its fields): a field is (bound field, its table or
        None, whether it came back for correction)."""
        tables, returned = self.tables(), set(self.instance.returned_fields)
        fields = [
            [(self[name], tables.get(name), name in returned) for name in names]
            for _title, names in self.PARTS
        ]
        titles = [title for title, _names in self.PARTS]
        return list(zip(titles, self.PLACES, [*self.PLACES[1:], ""], fields, strict=True))

    def steps(self):
        """The parts as steps, each leading to its place: filled in, or with what it needs."""
        steps, begun = [], False
        for place, (title, names) in zip(self.PLACES, self.PARTS, strict=True):
            needed = sum(name in COMPULSORY and not getattr(self.instance, name) for name in names)
            if needed:
                state, begun = "next" if begun else "now", True
                note = ngettext("%(count)d field to fill in", "%(count)d fields to fill in", needed)
                note %= {"count": needed}
            else:
                filled = any(getattr(self.instance, name) for name in names)
                state, note = ("done", _("filled in")) if filled else ("next", _("if there is any"))
            steps.append((title, state, note, f"#{place}"))
        return steps

    def _merge(self, cleaned, seen):
        super()._merge(cleaned, seen)
        self.clashes = [
            replace(
                clash,
                before=readable(clash.before),
                theirs=readable(clash.theirs),
                mine=readable(clash.mine),
            )
            for clash in self.clashes
        ]


def readable(value):
    """A table as one line, for choosing between two of them."""
    if not isinstance(value, list):
        return value
    return "; ".join(row.get("name") or row.get("title", "") for row in value)


class OpinionForm(HouseForm):
    """What is said about an application as it was in version ``seen``, and what should be corrected."""

    opinion = forms.CharField(label=_("Opinion"), required=False, max_length=2000, widget=forms.Textarea)
    doc_no = forms.CharField(
        label=_("Naming document"),
        required=False,
        max_length=60,
        help_text=_("Only when agreeing, if there is one."),
    )
    fields_to_correct = forms.MultipleChoiceField(
        label=_("What is to be corrected"), required=False, widget=forms.CheckboxSelectMultiple
    )
    act = forms.ChoiceField(
        choices=[("agree", "agree"), ("return", "return"), ("refuse", "refuse")], widget=forms.HiddenInput
    )
    seen = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args, deciding, seen=None, **kwargs):
        super().__init__(*args, initial={"seen": seen}, **kwargs)
        labels = ApplicationForm.base_fields
        self.fields["fields_to_correct"].choices = [
            (title, [(name, labels[name].label) for name in names]) if len(names) > 1 else (names[0], title)
            for title, names in ApplicationForm.PARTS
        ]
        if not deciding:
            del self.fields["doc_no"]

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("act") in ("return", "refuse") and not cleaned.get("opinion", "").strip():
            self.add_error("opinion", _("Please write an opinion; the applicant has to know why."))
        return cleaned


class FileForm(HouseForm):
    file = forms.FileField(
        label=_("File"), help_text=_("Photo, PDF, Word, Excel or PowerPoint file, at most 20 MB.")
    )
