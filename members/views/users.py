"""Logins and roles: who may sign in, and as what."""

from copy import copy

from django.contrib import messages
from django.contrib.auth.forms import PasswordResetForm
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.crypto import get_random_string
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from core.access import permitted, permitted_globally
from core.requests import number_of, read_or_write
from members import granting
from members.forms import GrantForm, NewUserForm, UserForm, UserSearch
from members.models import Person, RoleGrant, User

PAGE = 50


@require_safe
@permitted_globally("members.manage_users")
def users(request):
    """Every login one looks after, searched."""
    search = UserSearch(request.GET)
    found = search.apply(User.objects.visible_to(request.user))
    found = found.select_related("person__unit").prefetch_related("grants__unit").order_by("username")
    page = Paginator(found, PAGE).get_page(request.GET.get("page"))
    return render(request, "members/users.html", {"page": page, "search": search})


@read_or_write
@permitted_globally("members.manage_users")
def user_new(request):
    """A login for a person, with a first password or a link by mail."""
    form = NewUserForm(request.POST or None, by=request.user, once=True)
    if wanted := _without_account(request):
        form.begin_with(wanted)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if not form.claim():
                return redirect("users")
            user = form.save(commit=False)
            password = form.cleaned_data["password"]
            # Without a first password nobody knows this one; a link by mail replaces it.
            user.set_password(password or get_random_string(40))
            user.save()
        if not password:
            _send_link(request, user)
        messages.success(request, _("%s may sign in now. Next: the role.") % user)
        return redirect(user)
    breadcrumbs = [(_("Users"), reverse("users"))]
    return render(request, "members/user_form.html", {"form": form, "breadcrumbs": breadcrumbs})


def _without_account(request):
    """The person of the address, among those whom one may give an account and who have none."""
    if not request.GET.get("person"):
        return None
    people = Person.objects.filter(user=None)
    if not request.user.keeps_all_logins:
        people = people & Person.objects.visible_to(request.user)
    return people.filter(pk=number_of(request.GET["person"])).first()


def _send_link(request, user):
    form = PasswordResetForm({"email": user.email})
    if form.is_valid():
        form.save(
            request=request,
            use_https=request.is_secure(),
            email_template_name="registration/password_reset_email.txt",
            subject_template_name="registration/password_reset_subject.txt",
        )


@read_or_write
@permitted("members.manage_users", User)
def user_edit(request, user):
    """The login, its roles and whether it is open; what one may not change is shown only."""
    may_change = request.user.has_perm("members.change_user", user)
    # A copy, so that a refused name does not stand in the page's title.
    form = UserForm(request.POST or None, instance=copy(user), by=request.user) if may_change else None
    if request.method == "POST":
        if form is None:
            raise PermissionDenied("members.change_user")
        if form.is_valid():
            form.save()
            messages.success(request, _("Saved."))
            return redirect(user)
    context = {
        "person": user,
        "form": form,
        "grants": user.grants.select_related("unit").order_by("-starts_on"),
        "today": timezone.localdate(),
        "breadcrumbs": [(_("Users"), reverse("users"))],
    }
    return render(request, "members/user_edit.html", context)


@require_POST
@permitted("members.lock_user", User)
def user_lock(request, user):
    """Nobody signs in as this user any more."""
    granting.lock(user, by=request.user, on=timezone.localdate())
    messages.success(request, _("%s cannot sign in any more and was signed out everywhere.") % user)
    return redirect(user)


@require_POST
@permitted("members.lock_user", User)
def user_unlock(request, user):
    """He may sign in again."""
    granting.unlock(user, by=request.user)
    messages.success(request, _("%s may sign in again.") % user)
    return redirect(user)


@read_or_write
@permitted("members.grant_roles", User)
def grant_new(request, user):
    """Give a role over a unit, between two dates."""
    form = GrantForm(
        request.POST or None, by=request.user, initial={"starts_on": timezone.localdate()}, once=True
    )
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            if form.claim():
                asked = {name: form.cleaned_data[name] for name in ("role", "unit", "starts_on", "ends_on")}
                granting.grant(user, **asked, by=request.user)
        messages.success(request, _("The role is given."))
        return redirect(user)
    breadcrumbs = [(_("Users"), reverse("users")), (str(user), user.get_absolute_url())]
    context = {"person": user, "form": form, "breadcrumbs": breadcrumbs}
    return render(request, "members/grant_form.html", context)


@require_POST
@permitted("members.manage_users", RoleGrant)
def grant_end(request, grant):
    """Take a role away."""
    granting.end(grant, by=request.user, on=timezone.localdate())
    messages.success(request, _("The role is taken away; it ended with yesterday."))
    return redirect(grant.user)
