"""Members come, change and go; the lead is handed over."""

from django import forms
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseModelForm
from core.versions import VersionedFormMixin
from studios import changes
from studios.forms.parts import NotLaterMixin, SomebodyMixin
from studios.models import Membership


def roles_but_lead():
    """The roles that are given freely; the lead is only ever handed over."""
    return [choice for choice in Membership.Role.choices if choice[0] != Membership.Role.LEAD]


class MembershipNewForm(NotLaterMixin, SomebodyMixin, HouseModelForm):
    """A new member: somebody known or unknown, and what he does here."""

    field_order = ["name", "staff_no", "is_new", "role", "joined_on", "duty", "indicator_text"]

    class Meta:
        model = Membership
        fields = ["role", "joined_on", "duty", "indicator_text"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["role"].choices = roles_but_lead()
        self.fields["joined_on"].required = True

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


class MembershipForm(VersionedFormMixin, NotLaterMixin, HouseModelForm):
    """What a member does. Another role ends this membership and begins one from today on."""

    new_role = forms.ChoiceField(
        label=_("Role in the studio"),
        help_text=_("Another role counts from today; the time in the former one stays in the roster."),
    )
    field_order = ["new_role", "joined_on", "duty", "indicator_text"]

    class Meta:
        model = Membership
        fields = ["joined_on", "duty", "indicator_text"]

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


class MembershipEndForm(NotLaterMixin, HouseForm):
    """When somebody left, and why."""

    left_on = forms.DateField(label=_("Left on"))
    reason = forms.CharField(label=_("Reason for leaving"), max_length=200)

    def clean_left_on(self):
        return self.not_later("left_on")


class LeadForm(NotLaterMixin, SomebodyMixin, HouseForm):
    """The next lead: one of the members, or somebody else."""

    member = forms.ModelChoiceField(
        label=_("One of the members"), queryset=Membership.objects.none(), required=False
    )
    day = forms.DateField(label=_("From"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    stays = forms.ChoiceField(
        label=_("The former lead"),
        choices=[
            ("", _("leaves the studio")),
            (Membership.Role.CORE, _("stays as a core member")),
            (Membership.Role.MEMBER, _("stays as a member")),
            (Membership.Role.ADVISER, _("stays as an adviser")),
        ],
        required=False,
    )
    #: The lead whom the form was opened under: two changes at once must not follow each other unseen.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["member", "name", "staff_no", "is_new", "day", "reason", "stays"]

    def __init__(self, *args, studio, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.studio, self.by = studio, by
        self.lead = studio.lead
        current = studio.memberships.current(on=self.on).exclude(role=Membership.Role.LEAD)
        self.fields["member"].queryset = current.select_related("person")
        self.fields["seen"].initial = self.lead.pk if self.lead else None
        self.fields["name"].label = _("Or somebody else: name")
        if not self.lead:
            del self.fields["stays"]

    def clean_day(self):
        return self.not_later("day")

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("seen") != (self.lead.pk if self.lead else None):
            self.add_error(None, _("Meanwhile %s has become the lead. Is another change meant?") % self.lead)
            self.data = self.data.copy()
            self.data["seen"] = self.lead.pk if self.lead else ""
        member = cleaned.get("member")
        self.person = member.person if member else self.look_up(studio=self.studio, by=self.by)
        return cleaned

    @transaction.atomic
    def save(self):
        if not self.person.pk:
            self.person.save()
        return changes.change_lead(
            self.studio,
            self.person,
            on=self.cleaned_data["day"],
            by=self.by,
            reason=self.cleaned_data["reason"],
            stays=self.cleaned_data.get("stays") or None,
        )
