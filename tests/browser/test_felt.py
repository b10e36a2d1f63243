"""That the bench can still measure how the month page feels: it finds the form, types, saves."""

import pytest

from reports import felt
from tests.browser.sheets import team_of

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_the_month_page_is_weighed_and_a_report_on_it_is_timed(cast, browser, client, live_server):
    team = team_of(cast)
    client.force_login(team.chen, backend="django.contrib.auth.backends.ModelBackend")
    cookie = {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": live_server.url}

    found = felt.month_page(browser, live_server.url + team.month, cookie, rounds=1)

    assert list(found.bytes) == ["HTML", "CSS", "JS"]
    assert all(found.bytes.values())
    assert found.painted > 0
    assert list(found.acts) == ["open the form", "type a number", "save"]
    team.own.refresh_from_db()
    assert team.own.percent == 45
