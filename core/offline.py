"""Which pages a device may keep to be read without a network, and what is shown of the site then."""

import json
from functools import wraps
from pathlib import Path

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpResponse
from django.shortcuts import render
from django.templatetags.static import static
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

#: What the service worker (static/js/sw.js) reads: whose page it is, and which of his kept ones it replaces.
KEEP = "X-Keep-Offline"


def keep_offline(kind: str):
    """Let the device keep the last visited page of this kind, for the person who is signed in alone."""

    def decorate(view):
        @wraps(view)
        def kept(request, *args, **kwargs):
            request.keeps_offline = True
            response = view(request, *args, **kwargs)
            if request.method == "GET" and response.status_code == 200 and not request.htmx:
                response[KEEP] = f"{request.user.pk}:{kind}"
            return response

        return kept

    return decorate


@login_not_required
@require_safe
def offline(request):
    """What is shown when there is no network and the page asked for was not kept. Needs no database."""
    return render(request, "offline.html")


@login_not_required
@require_safe
def service_worker(request):
    """The service worker; from the root, because it may only serve what lies below it."""
    script = Path(settings.BASE_DIR, "static", "js", "sw.js").read_text("utf-8")
    headers = {"Service-Worker-Allowed": "/", "Cache-Control": "no-cache"}
    return HttpResponse(script, content_type="text/javascript; charset=utf-8", headers=headers)


@login_not_required
@require_safe
def manifest(request):
    """What a phone needs to put the site beside its other apps."""

    def icon(name, size, purpose):
        return {
            "src": static(f"img/{name}.png"),
            "sizes": f"{size}x{size}",
            "type": "image/png",
            "purpose": purpose,
        }

    told = {
        "id": "/",
        "name": _("Xinhuo · innovation studios"),
        "short_name": _("Xinhuo"),
        "lang": request.LANGUAGE_CODE,
        "start_url": "/",
        "scope": "/",
        "display": "standalone",
        "theme_color": "#bf3a22",
        "background_color": "#f7f3ec",
        "icons": [
            icon("icon-192", 192, "any"),
            icon("icon-512", 512, "any"),
            icon("icon-maskable-512", 512, "maskable"),
        ],
    }
    body = json.dumps(told, ensure_ascii=False)
    return HttpResponse(body, content_type="application/manifest+json; charset=utf-8")
