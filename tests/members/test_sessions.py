"""How long a sign-in lasts, asked through the door that is open to everybody."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine

from members.models import User
from members.sessions import client_address

MORNING = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)


@pytest.fixture
def click(client, db, settings):
    """Signs in at half past eight; then `click(minutes)` loads a page that much later: still signed in?"""
    settings.SESSION_IDLE_MINUTES, settings.SESSION_MAX_HOURS = 30, 12
    with time_machine.travel(MORNING, tick=False):
        client.force_login(
            User.objects.create_user("chen"), backend="django.contrib.auth.backends.ModelBackend"
        )
        client.get("/healthz")

    def click(minutes):
        with time_machine.travel(MORNING + timedelta(minutes=minutes), tick=False):
            return client.get("/healthz").wsgi_request.user.is_authenticated

    return click


def test_after_half_an_hour_without_a_click_the_sign_in_ends(click):
    assert click(30)
    assert not click(61)


def test_who_goes_on_clicking_stays_signed_in_for_twelve_hours_and_no_longer(click):
    assert all(click(minutes) for minutes in range(20, 12 * 60 + 1, 20))
    assert not click(12 * 60 + 1)


def test_clicks_within_a_minute_write_nothing(click, django_assert_num_queries):
    with django_assert_num_queries(3):  # the session, the user, the page
        click(0.5)

    with django_assert_num_queries(6):  # and the session written, in a transaction
        click(1.5)


def test_behind_a_trusted_proxy_the_address_is_the_one_the_proxy_saw(rf, settings):
    request = rf.get("/", REMOTE_ADDR="10.0.0.1", HTTP_X_FORWARDED_FOR="1.2.3.4, 192.168.7.8")

    settings.TRUSTED_PROXY = True
    assert client_address(request) == "192.168.7.8"

    settings.TRUSTED_PROXY = False
    assert client_address(request) == "10.0.0.1"


def test_what_is_read_while_signed_in_is_not_kept_by_the_browser(cast, sign_in):
    for address in ("/care/", f"/people/{cast.chen.person.pk}/"):
        assert sign_in(cast.chen).get(address)["Cache-Control"] == "private, no-store"
    assert "Cache-Control" not in sign_in(cast.chen).post("/sign-out/")
