"""What people type in about themselves, about others and about the tree of units."""

from django import forms
from django.contrib.auth import authenticate
from django.contrib.auth import forms as auth
from django.contrib.auth.password_validation import validate_password
from django.core.validators import MaxLengthValidator
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from core.forms import HouseForm, HouseMixin, HouseModelForm
from core.versions import VersionedFormMixin
from members.models import GRANTABLE, Person, Role, RoleGrant, Unit, User, without_spaces


class SignInForm(HouseMixin, auth.AuthenticationForm):
    error_messages = {
        **auth.AuthenticationForm.error_messages,
        # One text for every cause: whether there is such an account is nobody's business.
        "invalid_login": _("The name or the password is not right. Mind capital letters."),
        "inactive": _("The name or the password is not right. Mind capital letters."),
    }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Longer than any name of ours; what is written down about a refused attempt has room for no more.
        self.fields["username"].validators.append(MaxLengthValidator(self.username_field.max_length))


class PasswordForm(HouseMixin, auth.PasswordChangeForm):
    """A new password, by somebody who knows the old one. Guesses at it count as guesses at signing in."""

    def __init__(self, *args, request, **kwargs):
        super().__init__(*args, **kwargs)
        self.request = request

    def clean_old_password(self):
        known = authenticate(
            self.request, username=self.user.get_username(), password=self.cleaned_data["old_password"]
        )
        if known != self.user:
            raise forms.ValidationError(self.error_messages["password_incorrect"], code="password_incorrect")
        return self.cleaned_data["old_password"]


class ResetForm(HouseMixin, auth.PasswordResetForm):
    """Where to send the link for a new password."""


class NewPasswordForm(HouseMixin, auth.SetPasswordForm):
    """A new password, by somebody who came with such a link."""


class OwnPersonForm(VersionedFormMixin, HouseModelForm):
    """What a person may correct about himself."""

    class Meta:
        model = Person
        fields = ["mobile", "sex", "born_on", "education", "title", "skill_grade", "honours"]


class PersonForm(VersionedFormMixin, HouseModelForm):
    """The whole person, kept by the union's staff. Units are those one may see."""

    class Meta:
        model = Person
        fields = [
            "name",
            "staff_no",
            "unit",
            "sex",
            "born_on",
            "education",
            "post",
            "title",
            "skill_grade",
            "trade",
            "team",
            "mobile",
            "honours",
        ]
        labels = {"name": _("Full name")}

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        units = Unit.objects.visible_to(user) | Unit.objects.filter(pk=self.instance.unit_id)
        self.fields["unit"].queryset = units.distinct().order_by("path")


class PersonField(forms.CharField):
    """One person, typed as his staff number, or as his name where only one has it."""

    def prepare_value(self, value):
        person = Person.objects.filter(pk=value).first() if isinstance(value, int) else None
        return (person.staff_no or person.name) if person else value

    def clean(self, value):
        text = without_spaces(super().clean(value))
        if not text:
            return None
        found = Person.objects.filter(staff_no=text)[:1] or Person.objects.filter(name=text)[:2]
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(
            _("Several people have this name; type the staff number.")
            if found
            else _("Nobody on the roster has this staff number or name.")
        )


class UserForm(HouseModelForm):
    """A login, and whose it is."""

    person = PersonField(
        label=_("Person"), required=False, help_text=_("Staff number, or the name if only one person has it.")
    )

    class Meta:
        model = User
        fields = ["username", "email", "person"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["username"].help_text = _("What is typed when signing in, such as a staff number.")

    def begin_with(self, person):
        """Fill in whose account it is to be, where its maker may choose him."""
        self.initial["person"] = person.pk
        self.initial["username"] = person.staff_no or ""

    def clean_person(self):
        """A login has the rights of its person: nobody makes one for somebody outside of his units."""
        person = self.cleaned_data["person"]
        if person is None or self.by.keeps_all_logins or person.pk == self.instance.person_id:
            return person
        if not Person.objects.visible_to(self.by).filter(pk=person.pk).exists():
            raise forms.ValidationError(_("Nobody on the roster has this staff number or name."))
        return person


class NewUserForm(UserForm):
    password = forms.CharField(
        label=_("First password"),
        required=False,
        strip=False,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text=_("Leave it empty to send a link by e-mail, with which one is chosen."),
    )

    def clean_password(self):
        password = self.cleaned_data["password"]
        if password:
            validate_password(password)
        return password

    def clean(self):
        cleaned = super().clean()
        if not cleaned.get("password") and not cleaned.get("email"):
            self.add_error("email", _("Without an e-mail address a first password is needed."))
        return cleaned


class GrantForm(HouseModelForm):
    """A role over a unit, out of those that the granting user holds himself."""

    class Meta:
        model = RoleGrant
        fields = ["role", "unit", "starts_on", "ends_on"]

    def __init__(self, *args, by, **kwargs):
        super().__init__(*args, **kwargs)
        self.by = by
        self.fields["role"].choices = [(r.value, r.label) for r in Role if r in by.grantable_roles]
        reach = Q(pk=None)
        for role, path in by.scopes:
            if role in GRANTABLE:
                reach |= Q(path__startswith=path)
        units = Unit.objects.all() if by.is_superuser else Unit.objects.filter(reach)
        self.fields["unit"].queryset = units.order_by("path")
        self.fields["unit"].help_text = _("With everything below it.")

    def clean(self):
        cleaned = super().clean()
        role, unit = cleaned.get("role"), cleaned.get("unit")
        if role and unit and not self.by.may_grant(role, unit):
            self.add_error("unit", _("You do not hold such a role over this unit yourself."))
        return cleaned


class UnitForm(HouseModelForm):
    """A unit: its name, what it is part of and where it stands among its sisters."""

    class Meta:
        model = Unit
        fields = ["name", "kind", "parent", "position"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        places = Unit.objects.order_by("path")
        if self.instance.pk:
            places = places.exclude(path__startswith=self.instance.path)
        self.fields["parent"].queryset = places
        self.fields["position"].help_text = _("Small numbers stand first.")
        if self.instance.pk and self.instance.parent_id is None:
            del self.fields["parent"], self.fields["kind"]
        else:
            self.fields["parent"].required = True
            self.fields["kind"].choices = [
                choice for choice in Unit.Kind.choices if choice[0] != Unit.Kind.GROUP
            ]


class UserSearch(HouseForm):
    q = forms.CharField(label=_("Full name"), required=False, widget=forms.SearchInput)
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[("", _("All")), *Role.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[("", _("All")), ("open", _("may sign in")), ("locked", _("locked"))],
    )

    def apply(self, users):
        """The users that fit what was asked for; what makes no sense is ignored."""
        self.is_valid()
        asked = self.cleaned_data
        if words := asked.get("q", "").strip():
            found = Person.objects.named(words).values("pk")
            users = users.filter(person__in=found) | users.filter(username__icontains=words)
        if role := asked.get("role"):
            users = users.filter(pk__in=RoleGrant.objects.filter(role=role).values("user"))
        if state := asked.get("state"):
            users = users.filter(is_active=state == "open")
        return users
