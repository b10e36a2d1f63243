"""The only place that knows whether htmx asked."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render, resolve_url
from django.template.loader import render_to_string
from django.utils.http import url_has_allowed_host_and_scheme

from core.errors import NotAllowedNow


def respond(request, template, context, otherwise):
    """Answer a successful act: the changed fragment to htmx, a redirect (PRG) to everybody else.

    `template` is a fragment ("plans/plan.html#plan"), `otherwise` an object with
    `get_absolute_url`, a URL name or an address. Messages travel with the fragment.
    """
    if not getattr(request, "htmx", False):
        return redirect(otherwise)
    response = render(request, template, context)
    response.write(toasts(request))
    return response


def toasts(request):
    """The waiting messages as an out-of-band addition to the live region of the page; "" if none wait."""
    waiting = list(messages.get_messages(request))
    return render_to_string("toasts.html", {"waiting": waiting}) if waiting else ""


class NotAllowedNowMiddleware:
    """Turns `NotAllowedNow` into a message on the page the person came from, freshly read."""

    def __init__(self, get_response):
        self.get_response = get_response

    def __call__(self, request):
        return self.get_response(request)

    def process_exception(self, request, exception):
        if not isinstance(exception, NotAllowedNow):
            return None
        messages.error(request, str(exception))
        if getattr(request, "htmx", False):
            return HttpResponse(headers={"HX-Refresh": "true"})
        response = redirect(came_from(request))
        response.status_code = 303
        return response


def came_from(request, default="/"):
    """The path of the page the request came from, if it is ours; never the same address again on GET."""
    referer = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(referer, {request.get_host()}, require_https=request.is_secure()):
        return resolve_url(default)
    parts = urlsplit(referer)
    # One slash: two would begin the name of another host.
    address = "/" + parts.path.lstrip("/\\") + (f"?{parts.query}" if parts.query else "")
    looping = request.method == "GET" and address == request.get_full_path()
    return resolve_url(default) if looping else address
