"""What the lead says of a member's year."""

from django import forms
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from core.forms import HouseModelForm
from core.versions import ChangedMeanwhile, VersionedFormMixin
from studios.models import MemberReview


class MemberReviewForm(VersionedFormMixin, HouseModelForm):
    """The verdict, and why where it asks for something."""

    #: Opened when nobody had said anything yet: what another said meanwhile is not overwritten unseen.
    first = forms.BooleanField(widget=forms.HiddenInput, required=False)

    class Meta:
        model = MemberReview
        fields = ["verdict", "remark"]
        widgets = {"verdict": forms.RadioSelect, "remark": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "remark": _("Needed unless the member stays. The member reads it once it is confirmed.")
        }

    def __init__(self, *args, by, on, **kwargs):
        super().__init__(*args, **kwargs)
        self.by, self.on = by, on
        self.fields["verdict"].choices = MemberReview.Verdict.choices
        self.fields["first"].initial = not self.instance.pk

    def clean(self):
        cleaned = super().clean()
        if self.instance.confirmed_on:
            self.add_error(None, _("The union has confirmed this review; it can open it again."))
        if self.instance.pk and cleaned.get("first"):
            said = {"verdict": self.instance.get_verdict_display(), "remark": self.instance.remark}
            self.add_error(None, _("Meanwhile somebody has said: %(verdict)s %(remark)s") % said)
            self.data = self.data.copy()
            self.data["first"] = ""
        if cleaned.get("verdict") not in (None, MemberReview.Verdict.KEEP) and not cleaned.get("remark"):
            self.add_error("remark", _("Please say why."))
        return cleaned

    def save(self, commit=True):
        self.instance.reviewed_by, self.instance.reviewed_on = self.by, self.on
        try:
            with transaction.atomic():
                return super().save(commit)
        except IntegrityError:
            raise ChangedMeanwhile from None
