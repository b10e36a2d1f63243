"""Coming in and going out: signing in, the password, the language, and the demo's open door."""

from axes.utils import reset as forget_failures
from django.conf import settings
from django.contrib.auth import login, logout, update_session_auth_hash, views
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.tokens import default_token_generator
from django.http import Http404, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse_lazy
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import check_for_language
from django.views.decorators.http import require_POST, require_safe
from django.views.i18n import set_language

from core.access import open_to_all_signed_in
from core.requests import number_of, read_or_write
from members import forms
from members.models import User
from members.sessions import client_address

MODEL_BACKEND = "django.contrib.auth.backends.ModelBackend"


class SignIn(views.LoginView):
    """The way in; where the site is only tried out, with the people whose part one may play."""

    authentication_form = forms.SignInForm
    http_method_names = ["get", "head", "post"]

    def get_context_data(self, **kwargs):
        return super().get_context_data(demo_people=demo_people(), **kwargs)

    def form_valid(self, form):
        return speaking(self.request, super().form_valid(form))


def demo_people():
    """Those whose part one may play; nobody unless the site is only tried out."""
    if not settings.DEBUG:
        return []
    people = User.objects.filter(is_demo=True, is_active=True).select_related("person")
    people = people.prefetch_related("grants__unit", "person__memberships__studio")
    return [{"pk": user.pk, "name": str(user), "sub": _part(user)} for user in people]


def _part(user):
    parts = [str(grant) for grant in user.grants.all()]
    if user.person:
        current = (membership for membership in user.person.memberships.all() if membership.left_on is None)
        parts += [f"{membership.get_role_display()} · {membership.studio}" for membership in current]
    return "; ".join(parts)


@login_not_required
@require_POST
def demo_sign_in(request):
    """Sign in as one of the demo's invented people. With DEBUG off there is no such page."""
    if not settings.DEBUG:
        raise Http404
    user = get_object_or_404(
        User, pk=number_of(request.POST.get("person")), is_demo=True, is_active=True, is_superuser=False
    )
    login(request, user, backend=MODEL_BACKEND)
    to = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(to, {request.get_host()}, require_https=request.is_secure())
    return speaking(request, HttpResponseRedirect(to if safe else resolve_url(settings.LOGIN_REDIRECT_URL)))


@login_not_required
@require_POST
def sign_out(request):
    """Nothing personal stays on the device: kept pages, values not sent, copies of what was typed."""
    logout(request)
    response = redirect("signed-out")
    response["Clear-Site-Data"] = '"storage"'
    return response


@login_not_required
@require_safe
def signed_out(request):
    """Said after signing out, and after a session that ended."""
    return render(request, "registration/logged_out.html")


@login_not_required
@require_POST
def language(request):
    """Choose a language; whoever is signed in finds it again on every other computer, and in his mail."""
    response = set_language(request)
    code = request.POST.get("language", "")
    if request.user.is_authenticated and code in dict(settings.LANGUAGES) and check_for_language(code):
        User.objects.filter(pk=request.user.pk).update(language=code)
    return response


def speaking(request, response):
    """The response to a sign-in, with the language the person chose once; a choice just made is stored."""
    user = request.user
    chosen = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME, "")
    if user.language:
        response.set_cookie(
            settings.LANGUAGE_COOKIE_NAME,
            user.language,
            max_age=settings.LANGUAGE_COOKIE_AGE,
            samesite="Lax",
            secure=settings.SESSION_COOKIE_SECURE,
        )
    elif chosen in dict(settings.LANGUAGES):
        User.objects.filter(pk=user.pk).update(language=chosen)
    return response


@read_or_write
@open_to_all_signed_in
def password_change(request):
    """A new password; whoever knows the old one has not been guessing."""
    form = forms.PasswordForm(request.user, request.POST or None, request=request)
    if request.method == "POST" and form.is_valid():
        update_session_auth_hash(request, form.save())
        forget_failures(username=request.user.get_username(), ip=client_address(request))
        return redirect("password-change-done")
    return render(request, "registration/password_change_form.html", {"form": form})


@require_safe
@open_to_all_signed_in
def password_change_done(request):
    """The new password holds."""
    return render(request, "registration/password_change_done.html")


class PasswordReset(views.PasswordResetView):
    """A link by mail for whoever has forgotten the password."""

    form_class = forms.ResetForm
    template_name = "registration/password_reset_form.html"
    email_template_name = "registration/password_reset_email.txt"
    subject_template_name = "registration/password_reset_subject.txt"
    success_url = reverse_lazy("password-reset-done")
    http_method_names = ["get", "head", "post"]


class PasswordResetConfirm(views.PasswordResetConfirmView):
    """Where the link leads: a new password."""

    form_class = forms.NewPasswordForm
    success_url = reverse_lazy("password-reset-complete")
    http_method_names = ["get", "head", "post"]
    token_generator = default_token_generator

    def form_valid(self, form):
        # Who proved to own the mailbox has not been guessing.
        forget_failures(username=self.user.get_username())
        return super().form_valid(form)


class PasswordResetDone(views.PasswordResetDoneView):
    """The same answer whether or not there is such a login."""

    http_method_names = ["get", "head"]


class PasswordResetComplete(views.PasswordResetCompleteView):
    """The new password holds."""

    http_method_names = ["get", "head"]
