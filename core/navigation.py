"""The pages one can go to: each app registers its own when it is ready, the site shows those one may open."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True, order=True)
class Entry:
    order: int
    label: str
    url_name: str
    icon: str
    permission: Callable | None = None
    count: Callable | None = None
    shortcut: str = ""
    in_bar: bool = True
    in_menu: bool = False


@dataclass(frozen=True)
class Shown:
    """An entry as one person sees it on one page."""

    label: str
    url: str
    icon: str
    active: bool
    count: int | None
    shortcut: str = ""


_entries: dict[str, Entry] = {}
_inbox: list[Callable] = []


def register(
    order,
    label,
    url_name,
    icon,
    *,
    permission=None,
    count=None,
    shortcut="",
    in_bar=True,
    in_menu=False,
):
    """Offer a page in the main navigation, in the search palette and by its shortcut.

    Entries stand by `order` (tens leave room). `permission` is a callable `user -> bool`; None shows
    the entry to everybody signed in. `count` is a callable `user -> int`, shown when above 0. `shortcut` is
    a key or two with a space between ("g s"). With `in_bar` False it is not in the main navigation itself,
    with `in_menu` it stands in the person's own menu instead: what is needed now and then.
    Registering a `url_name` again replaces the entry.
    """
    _entries[url_name] = Entry(
        order, label, url_name, icon, permission, count, shortcut, in_bar and not in_menu, in_menu
    )


def register_inbox(count):
    """Tell the bell how to count: `count(user) -> int`. The page itself is the URL named `inbox`."""
    _inbox[:] = [count]


def inbox_count(user):
    """The number at the bell."""
    return _inbox[0](user) if _inbox and user.is_authenticated else 0


def entries_for(user, path):
    """The entries this person may open, in order; the one whose address begins `path` longest is active."""
    offered = [(entry, url) for entry, url in _offered_to(user) if entry.in_bar]
    here = max((url for _entry, url in offered if _contains(url, path)), key=len, default=None)
    return [
        Shown(entry.label, url, entry.icon, url == here, entry.count(user) if entry.count else None)
        for entry, url in offered
    ]


def pages_for(user):
    """Every page this person may go to, those outside of the main navigation too, in order and uncounted."""
    return [
        Shown(entry.label, url, entry.icon, False, None, entry.shortcut) for entry, url in _offered_to(user)
    ]


def menu_for(user):
    """The pages that stand in this person's own menu."""
    return [
        Shown(entry.label, url, entry.icon, False, None) for entry, url in _offered_to(user) if entry.in_menu
    ]


def _offered_to(user):
    if not user.is_authenticated:
        return
    for entry in sorted(_entries.values(), key=lambda entry: entry.order):
        try:
            url = reverse(entry.url_name)
        except NoReverseMatch:
            continue
        if entry.permission is None or entry.permission(user):
            yield entry, url


def _contains(url, path):
    return path == url or (url != "/" and path.startswith(url.rstrip("/") + "/"))
