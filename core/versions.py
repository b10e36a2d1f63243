"""Two people, one record: nothing saved is overwritten unseen, nothing typed is lost.

Every record that people edit carries a version. Saving is one conditional UPDATE on it; whoever comes second
keeps the fields that do not clash and chooses, field by field, where both changed the same one.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db import models, transaction
from django.utils.translation import gettext_lazy as _


class ChangedMeanwhile(Exception):
    """Somebody else saved the record after it was read."""


class Versioned(models.Model):
    version = models.PositiveIntegerField(_("version"), default=1, editable=False)

    #: Fields that follow from others and are saved with them.
    DERIVED: tuple[str, ...] = ()

    class Meta:
        abstract = True

    @transaction.atomic
    def save_if_unchanged(self, *, seen: int, fields: Collection[str]) -> None:
        """Save the fields if the record still has the version that was seen, else raise ChangedMeanwhile.

        Only these fields are written: what others move without raising the version (reports, sums) stays.
        """
        untouched = type(self)._default_manager.filter(pk=self.pk, version=seen)
        if not untouched.update(version=seen + 1):
            raise ChangedMeanwhile
        self.version = seen + 1
        self.save(update_fields=[*fields, *self.DERIVED, "version"])


@dataclass(frozen=True)
class Clash:
    """A field that both changed, with its values as people read them.

    ``choice`` is the name of the input that says whose value is kept: ``keep_mine`` or ``keep_theirs``. Both
    name the version they were chosen against, so that a third person's change is asked about again.
    """

    name: str
    label: str
    before: Any
    theirs: Any
    mine: Any
    version: int

    @property
    def choice(self) -> str:
        return f"keep_{self.name}"

    @property
    def keep_mine(self) -> str:
        return f"mine:{self.version}"

    @property
    def keep_theirs(self) -> str:
        return f"theirs:{self.version}"


class VersionedFormMixin(forms.ModelForm):
    """A model form that merges with what others saved since it was opened.

    ``clashes`` lists the fields to choose (the form is then invalid and shows them), ``merged`` names what
    somebody else changed and was kept. The model needs ``version`` and a history (``history``) with it.
    """

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.clashes: list[Clash] = []
        self.merged: list[str] = []
        self.last_change = None
        self._stored_version = self.instance.version
        self._theirs = {name: self._stored(self.instance, name) for name in self._compared}
        self.initial["version"] = self.instance.version

    @property
    def _compared(self):
        columns = {field.name for field in self._meta.model._meta.concrete_fields}
        return [name for name in self.fields if name in columns and name != "version"]

    @staticmethod
    def _stored(record, name):
        return getattr(record, record._meta.get_field(name).attname)

    @staticmethod
    def _typed(value):
        return value.pk if isinstance(value, models.Model) else value

    def clean(self):
        cleaned = super().clean()
        seen = cleaned.get("version") or self._stored_version
        if self.instance.pk and seen != self._stored_version:
            self._merge(cleaned, seen)
        return cleaned

    def _merge(self, cleaned, seen):
        before = self.instance.history.filter(version=seen).order_by("-history_date").first()
        self.last_change = self.instance.history.order_by("-history_date", "-history_id").first()
        for name in self._compared:
            if name not in cleaned:
                continue
            mine, theirs = self._typed(cleaned[name]), self._theirs[name]
            was = self._stored(before, name) if before else None
            if mine == theirs or (before and theirs == was):
                continue
            label = str(self.fields[name].label or name)
            readable = (self._readable(name, value) for value in (was, theirs, mine))
            was_read, theirs_read, mine_read = readable
            clash = Clash(name, label, was_read, theirs_read, mine_read, self._stored_version)
            choice = self.data.get(self.add_prefix(clash.choice))
            if (before and mine == was) or choice == clash.keep_theirs:
                field = self.instance._meta.get_field(name)
                cleaned[name] = self._related(field, theirs) if field.is_relation else theirs
                self.merged.append(label)
            elif choice != clash.keep_mine:
                self.clashes.append(clash)
        if self.clashes:
            self.add_error(None, _("Somebody else changed the same fields. Choose whose text to keep."))

    def _readable(self, name, value):
        """A stored value as people know it: the word of a choice, the name of what is referred to."""
        field = self.instance._meta.get_field(name)
        if field.is_relation:
            return self._related(field, value)
        return dict(field.flatchoices).get(value, value) if field.choices else value

    @staticmethod
    def _related(field, pk):
        return field.related_model._default_manager.filter(pk=pk).first() if pk else None

    def replaced(self) -> tuple[dict, dict]:
        """The values that saving has replaced, by field, and the ids that were in lists of others."""
        fields = {name: was for name, was in self._theirs.items() if was != self._stored(self.instance, name)}
        lists = {field.name for field in self._meta.model._meta.many_to_many} & {*self.changed_data}
        return fields, {name: [each.pk for each in self.initial.get(name, ())] for name in lists}

    def save(self, commit=True):
        """Save with the version check; raises ChangedMeanwhile if somebody saved this very moment."""
        if not self.instance.pk or not commit:
            return super().save(commit)
        with transaction.atomic():
            self.instance.save_if_unchanged(seen=self._stored_version, fields=self._compared)
            self._save_m2m()
        return self.instance


def save_form(make_form):
    """Make, check and save a versioned form: ``(form, saved)``. Made anew if somebody was a moment faster."""
    while True:
        form = make_form()
        if not form.is_valid():
            return form, False
        try:
            form.save()
        except ChangedMeanwhile:
            continue
        return form, True
