"""Leaving, going to another studio, the change of lead: with what is handed over."""

from django import forms
from django.utils.translation import gettext_lazy as _

from core.errors import NotAllowedNow
from core.forms import HouseForm
from projects import handing_over
from studios.forms.members import roles_but_lead
from studios.forms.parts import NotLaterMixin, SomebodyMixin
from studios.models import Membership, Studio
from studios.rules import STAFF


class CarriedMixin(forms.Form):
    """Everything that a person carries in a studio, ticked: what is left unticked stays as it is.

    ``handed_over`` are the lines chosen, once the form is valid.
    """

    lines = forms.MultipleChoiceField(
        label=_("What he carries, and hands over"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Untick what is to stay as it is."),
    )
    #: What was listed when the form was opened: nothing that came meanwhile is left behind unseen.
    listed = forms.CharField(widget=forms.HiddenInput, required=False)

    def list_carried(self, studio, person):
        """Called by the form when it is made; ``person`` may be nobody."""
        self.carried = handing_over.carried(studio, person) if person else []
        keys = [line.key for line in self.carried]
        if not keys:
            del self.fields["lines"]
            self.fields["listed"].initial = ""
            return
        self.fields["lines"].choices = [(line.key, line.said) for line in self.carried]
        self.fields["lines"].initial = keys
        self.fields["listed"].initial = " ".join(keys)

    def clean(self):
        cleaned = super().clean()
        listed = (cleaned.get("listed") or "").split()
        try:
            chosen = cleaned.get("lines") or ()
            self.handed_over = handing_over.chosen_of(self.carried, seen=listed, chosen=chosen)
        except NotAllowedNow as changed:
            self.handed_over = []
            self.add_error(None, str(changed))
            self.data = self.data.copy()
            self.data["listed"] = self.fields["listed"].initial
        return cleaned


class SuccessorMixin(CarriedMixin):
    """What is handed over goes to one of the members of the studio."""

    to = forms.ModelChoiceField(
        label=_("Who takes it over"), queryset=Membership.objects.none(), required=False
    )

    def __init__(self, *args, membership, **kwargs):
        super().__init__(*args, **kwargs)
        self.list_carried(membership.studio, membership.person)
        if not self.carried:
            del self.fields["to"]
            return
        others = membership.studio.memberships.current(on=self.on).exclude(person=membership.person)
        self.fields["to"].queryset = others.select_related("person")

    def clean(self):
        cleaned = super().clean()
        if self.handed_over and not cleaned.get("to") and "to" not in self.errors:
            self.add_error("to", _("Choose who takes it over, or untick what is to stay as it is."))
        return cleaned

    @property
    def successor(self):
        chosen = self.cleaned_data.get("to")
        return chosen.person if chosen else None


class LeavingForm(NotLaterMixin, SuccessorMixin, HouseForm):
    """When somebody left, why, and who goes on with his work."""

    left_on = forms.DateField(label=_("Left on"))
    reason = forms.CharField(label=_("Reason for leaving"), max_length=200)
    field_order = ["left_on", "reason", "lines", "to"]

    def clean_left_on(self):
        return self.not_later("left_on")


class TransferForm(NotLaterMixin, SuccessorMixin, HouseForm):
    """To which studio somebody goes, from when, and who goes on with his work in this one."""

    studio = forms.ModelChoiceField(label=_("Studio that takes him in"), queryset=Studio.objects.none())
    role = forms.ChoiceField(label=_("Role there"), initial=Membership.Role.MEMBER)
    day = forms.DateField(label=_("From"))
    reason = forms.CharField(label=_("Reason"), max_length=200)
    field_order = ["studio", "role", "day", "reason", "lines", "to"]

    def __init__(self, *args, membership, by, **kwargs):
        super().__init__(*args, membership=membership, **kwargs)
        others = Studio.objects.active().looked_after_by(by, STAFF).exclude(pk=membership.studio_id)
        self.fields["studio"].queryset = others.exclude(
            memberships__person=membership.person, memberships__left_on=None
        )
        self.fields["role"].choices = roles_but_lead()

    def clean_day(self):
        return self.not_later("day")


def _with_account(membership) -> str:
    """A member to choose as the lead; it is said before who could not sign in."""
    name = str(membership)
    return name if membership.person.has_account else _("%(name)s (no account yet)") % {"name": name}


class LeadForm(NotLaterMixin, SomebodyMixin, CarriedMixin, HouseForm):
    """The next lead: one of the members, or somebody else; he takes over what the former one carries."""

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
    rename = forms.BooleanField(required=False)
    #: The lead whom the form was opened under: two changes at once must not follow each other unseen.
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)
    field_order = ["member", "name", "staff_no", "is_new", "day", "reason", "stays", "lines", "rename"]

    def __init__(self, *args, studio, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.studio, self.by = studio, by
        self.lead = studio.lead
        current = studio.memberships.current(on=self.on).exclude(role=Membership.Role.LEAD)
        self.fields["member"].queryset = current.select_related("person__user")
        self.fields["member"].label_from_instance = _with_account
        self.fields["seen"].initial = self.lead.pk if self.lead else None
        self.fields["name"].label = _("Or somebody else: name")
        self.list_carried(studio, self.lead)
        if not self.lead:
            del self.fields["stays"]
        if not self.lead or self.lead.name not in studio.name:
            del self.fields["rename"]
        else:
            said = {"name": studio.name}
            self.fields["rename"].label = _("Name it after the new lead (now %(name)s)") % said

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
