"""House rules: what one is about, and each of its wordings."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.forms import HouseModelForm
from core.uploads import accept
from core.versions import VersionedFormMixin
from studios import changes
from studios.house_rules import kept
from studios.models import Rule, RuleTemplate, RuleVersion


class RuleVersionForm(HouseModelForm):
    """The next wording of a rule."""

    #: The version it was written over.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = RuleVersion
        fields = ["text", "effective_on", "file"]
        widgets = {"text": forms.Textarea(attrs={"rows": 12}), "file": forms.FileInput}

    def __init__(self, *args, rule=None, **kwargs):
        super().__init__(*args, **kwargs)
        self.rule = rule
        self.latest = rule.versions.first() if rule else None
        self.fields["seen"].initial = self.latest.number if self.latest else None

    def clean_file(self):
        file = self.cleaned_data["file"]
        return accept(file) if file else file

    def clean(self):
        cleaned = super().clean()
        latest = self.latest.number if self.latest else None
        if latest and cleaned.get("seen") != latest:
            self.add_error(
                None,
                _("Meanwhile version %d was written; it stands below. Save again to write the next one.")
                % latest,
            )
            self.data = self.data.copy()
            self.data["seen"] = latest
            self.overtaken_by = self.latest
        return cleaned

    def revise(self, rule, *, by, settings=None):
        """Write the version. Raises NotAllowedNow if somebody else did so this very moment."""
        typed = self.cleaned_data
        return changes.revise(
            rule,
            text=typed["text"],
            effective_on=typed["effective_on"],
            file=typed["file"],
            by=by,
            settings=kept(settings),
        )


class RuleForm(HouseModelForm):
    """What a rule is about."""

    class Meta:
        model = Rule
        fields = ["kind", "title"]

    def __init__(self, *args, kind="", **kwargs):
        super().__init__(*args, **kwargs)
        if kind:  # the question is settled by the link that leads here
            del self.fields["kind"]
            self.instance.kind = kind

    def is_multipart(self):
        return True  # it is sent together with the wording, which may carry a file

    def clean_title(self):
        title = self.cleaned_data["title"]
        if self.instance.studio.rules.filter(title=title).exists():
            raise forms.ValidationError(_("The studio has a rule of this title."))
        return title


class RuleTemplateForm(VersionedFormMixin, HouseModelForm):
    """What the group offers as a beginning."""

    class Meta:
        model = RuleTemplate
        fields = ["title", "text"]
        widgets = {"text": forms.Textarea(attrs={"rows": 8})}
