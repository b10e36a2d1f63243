"""How long a sign-in lasts, and from where it came."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.contrib.auth.views import redirect_to_login
from django.utils import timezone
from django.utils.translation import gettext as _

from core.htmx import came_from
from core.meanwhile import BY_ITSELF

BEGAN, SEEN = "began_at", "seen_at"
NOTE_EVERY = 60  # seconds between two writes of "seen", so that not every click writes to the database


class SignInFirst(LoginRequiredMiddleware):
    """Every page needs a sign-in, which leads back to where the person was.

    After a form that is the page on which it stood: what was typed is kept there, and the address it was sent
    to cannot be opened.
    """

    def handle_no_permission(self, request, view_func):
        if request.method in ("GET", "HEAD"):
            return super().handle_no_permission(request, view_func)
        return redirect_to_login(
            came_from(request), self.get_login_url(view_func), self.get_redirect_field_name(view_func)
        )


class SessionLimits:
    """Signs a person out after SESSION_IDLE_MINUTES without a click or SESSION_MAX_HOURS altogether.

    It stands behind the authentication middleware; the request then goes on as a stranger's, so pages that
    need a sign-in ask for one and lead back to where the person was. What is read while signed in is not kept
    by the browser: whoever sits down there next does not come to it by going back.
    """

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        if request.user.is_authenticated:
            self._limit(request, now=int(timezone.now().timestamp()))
        response = self.get_response(request)
        if request.user.is_authenticated and request.method == "GET":
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response

    def _limit(self, request, *, now):
        session = request.session
        began = session.setdefault(BEGAN, now)
        seen = session.setdefault(SEEN, now)
        if now - seen > settings.SESSION_IDLE_MINUTES * 60:
            logout(request)
            messages.info(request, _("You were signed out because nothing happened for a while."))
        elif now - began > settings.SESSION_MAX_HOURS * 3600:
            logout(request)
            messages.info(request, _("You were signed out because the day's sign-in has ended."))
        elif now - seen > NOTE_EVERY and BY_ITSELF not in request.headers:
            session[SEEN] = now


def client_address(request) -> str:
    """The address a request came from; behind a trusted proxy the one the proxy itself saw.

    Only the last entry of X-Forwarded-For is written by our own proxy; everything before it is hearsay.
    """
    forwarded = request.META.get("HTTP_X_FORWARDED_FOR", "") if settings.TRUSTED_PROXY else ""
    return forwarded.rsplit(",", 1)[-1].strip() or request.META.get("REMOTE_ADDR", "")
