"""The main navigation shows what one may open, and where one is."""

from types import SimpleNamespace

import pytest
from django.http import HttpResponse
from django.urls import path

from core import navigation

urlpatterns = [
    path("", lambda request: HttpResponse(), name="first"),
    path("studios/", lambda request: HttpResponse(), name="list"),
    path("studios/new/", lambda request: HttpResponse(), name="new"),
]
pytestmark = pytest.mark.urls(__name__)
SOMEBODY = SimpleNamespace(is_authenticated=True)
NOBODY = SimpleNamespace(is_authenticated=False)


@pytest.fixture(autouse=True)
def _empty(monkeypatch):
    monkeypatch.setattr(navigation, "_entries", {})
    monkeypatch.setattr(navigation, "_inbox", [])
    navigation.register(20, "Studios", "list", "building", count=lambda user: 7)
    navigation.register(10, "Home", "first", "home")
    navigation.register(30, "New", "new", "plus", permission=lambda user: user is not SOMEBODY)
    navigation.register(40, "Later", "no-such-page", "clock")


def test_entries_stand_in_order_and_only_where_one_may_go():
    shown = navigation.entries_for(SOMEBODY, "/")

    assert [(entry.label, entry.url, entry.count) for entry in shown] == [
        ("Home", "/", None),
        ("Studios", "/studios/", 7),
    ]


@pytest.mark.parametrize(
    ("path", "active"),
    [("/", ["Home"]), ("/studios/", ["Studios"]), ("/studios/12/", ["Studios"]), ("/other/", [])],
)
def test_one_entry_says_where_one_is(path, active):
    shown = navigation.entries_for(SOMEBODY, path)

    assert [entry.label for entry in shown if entry.active] == active


def test_the_nearest_entry_is_active():
    other = SimpleNamespace(is_authenticated=True)

    shown = navigation.entries_for(other, "/studios/new/")

    assert [entry.label for entry in shown if entry.active] == ["New"]


def test_signed_out_there_is_nothing_to_choose_and_nothing_unread():
    navigation.register_inbox(lambda user: 5)

    assert navigation.entries_for(NOBODY, "/") == []
    assert navigation.inbox_count(NOBODY) == 0
    assert navigation.inbox_count(SOMEBODY) == 5


def test_a_page_outside_of_the_bar_is_still_offered_by_search_and_shortcut():
    navigation.register(15, "Account", "new", "user", shortcut="g a", in_bar=False)

    assert [entry.label for entry in navigation.entries_for(SOMEBODY, "/")] == ["Home", "Studios"]
    assert [(page.label, page.shortcut, page.count) for page in navigation.pages_for(SOMEBODY)] == [
        ("Home", "", None),
        ("Account", "g a", None),
        ("Studios", "", None),
    ]
    assert navigation.pages_for(NOBODY) == []


def test_what_is_needed_now_and_then_stands_in_the_person_s_own_menu():
    navigation.register(15, "Calendar", "new", "calendar", in_menu=True)
    navigation.register(16, "Machine room", "list", "gauge", permission=lambda user: False, in_menu=True)

    assert [entry.label for entry in navigation.entries_for(SOMEBODY, "/")] == ["Home"]
    assert [(page.label, page.url) for page in navigation.menu_for(SOMEBODY)] == [
        ("Calendar", "/studios/new/")
    ]
    assert navigation.menu_for(NOBODY) == []
