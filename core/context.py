"""What every page knows: navigation, inbox, theme. Computed only when a template asks."""

from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.utils.functional import SimpleLazyObject

from core import navigation
from core.themes import chosen


def page(request):
    user = getattr(request, "user", None)
    return {
        "navigation": SimpleLazyObject(lambda: navigation.entries_for(user, request.path) if user else []),
        "pages": SimpleLazyObject(lambda: navigation.pages_for(user) if user else []),
        "own_menu": SimpleLazyObject(lambda: navigation.menu_for(user) if user else []),
        "inbox_count": SimpleLazyObject(lambda: navigation.inbox_count(user) if user else 0),
        "theme": chosen(request),
        "stylesheets": stylesheets(),
        "debug_tools": settings.DEBUG,
    }


def stylesheets():
    """Our style sheets in the order of the cascade: each file alone while developing, else the bundle."""
    return source_stylesheets() if settings.DEBUG or not is_bundled() else [BUNDLE]


BUNDLE = "vendor/xinhuo.css"  # made by assets/build.py


@cache
def is_bundled():
    return finders.find(BUNDLE) is not None


@cache
def source_stylesheets():
    folder = Path(settings.BASE_DIR) / "static" / "css"
    components = sorted(f"css/components/{path.name}" for path in (folder / "components").glob("*.css"))
    names = ("tokens", "base", "header", "entry", "keyboard", "outbox", "working")
    frame = [f"css/{name}.css" for name in names]
    return [*frame, *components, "css/print.css"]
