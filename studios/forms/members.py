"""Members come, change and go; the lead is handed over."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.forms import HouseModelForm
from core.versions import VersionedFormMixin
from studios import changes
from studios.forms.parts import NotLaterMixin, SomebodyMixin
from studios.models import Membership


def roles_but_lead():
    """The roles that are given freely; the lead is only ever handed over."""
    return [choice for choice in Membership.Role.choices if choice[0] != Membership.Role.LEAD]


class MembershipNewForm(NotLaterMixin, SomebodyMixin, HouseModelForm):
    """A new member: somebody known or unknown, and what he does here."""

    field_order = [
        "name",
        "staff_no",
        "is_new",
        "role",
        "joined_on",
        "join_reason",
        "recommender",
        "strengths",
        "duty",
        "indicator_text",
    ]

    class Meta:
        model = Membership
        fields = [
            "role",
            "joined_on",
            "join_reason",
            "recommender",
            "strengths",
            "duty",
            "indicator_text",
        ]
        help_texts = {"strengths": _("What this person is good at and brings along.")}

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["role"].choices = roles_but_lead()
        self.fields["joined_on"].required = True
        self.fields["join_reason"].required = True

    def clean_joined_on(self):
        return self.not_later("joined_on")

    def clean(self):
        cleaned = super().clean()
        studio = self.instance.studio
        person = self.look_up(studio=studio, by=self.by)
        if person and person.pk and studio.memberships.filter(person=person, left_on=None).exists():
            self.add_error(None, _("%s belongs to the studio already.") % person)
        self.person = person
        return cleaned

    @transaction.atomic
    def save(self, commit=True):
        if not self.person.pk:
            self.person.save()
        self.instance.person = self.person
        return super().save(commit)


_KEPT = ["joined_on", "join_reason", "recommender", "strengths", "duty", "indicator_text"]


class MembershipForm(VersionedFormMixin, NotLaterMixin, HouseModelForm):
    """What a member does. Another role ends this membership and begins one from today on."""

    new_role = forms.ChoiceField(
        label=_("Role in the studio"),
        help_text=_("Another role counts from today; the time in the former one stays in the roster."),
    )
    field_order = ["new_role", *_KEPT]

    class Meta:
        model = Membership
        fields = _KEPT

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        if self.instance.role == Membership.Role.LEAD or self.instance.left_on:
            del self.fields["new_role"]
        else:
            self.fields["new_role"].choices = roles_but_lead()
            self.fields["new_role"].initial = self.instance.role

    def clean_joined_on(self):
        day = self.not_later("joined_on")
        if day and self.instance.left_on and day > self.instance.left_on:
            raise forms.ValidationError(_("The day of leaving lies before the day of joining."))
        return day

    @transaction.atomic
    def save(self, commit=True):
        membership = super().save(commit)
        role = self.cleaned_data.get("new_role", membership.role)
        return changes.change_role(membership, role, on=self.on) if role != membership.role else membership
