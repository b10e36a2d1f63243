"""Every page for everybody who may open it, read by a program that knows WCAG.

In light and dark, at the desk and on the phone. For another person a page is looked at again only if it shows
something that it did not show before.
"""

import logging

import pytest
from django.conf import settings as site
from django.test import Client

from tests.browser.examining import Examiner, Skeleton
from tests.house import walking

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

#: Who sees most, first: there is less to look at afterwards.
ORDER = [
    "admin",
    "staff",
    "contact",
    "lead",
    "liaison",
    "member",
    "leader",
    "system",
    "nobody",
    "anonymous",
]
#: Those the table cannot name: what is said where there is nothing, or nothing for this person.
DENIED = [("admin", "/nothing-here/"), ("member", "/users/"), ("anonymous", "/nothing-here/")]
#: What the browser itself says of an answer that is not 2xx.
REFUSED = "Failed to load resource"


#: The pages are looked at in so many parts, one beside the other.
PARTS = 2


def pages(world, walker, part):
    """(principal, name, address) of every page of a part that somebody may open."""
    table = walking.table()
    assert set(ORDER) == set(walking.PRINCIPALS)
    mine = sorted({name for name, _verb in table})[part::PARTS]
    for who in ORDER:
        for (name, verb), codes in table.items():
            if name in mine and verb == "GET" and (codes[who][0] == 200 or name == "styleguide"):
                yield who, name, walking.address_of(name, world.own, walker.player(who))


def signed_in(context, live_server, key):
    context.clear_cookies()
    if key:
        context.add_cookies([{"name": site.SESSION_COOKIE_NAME, "value": key, "url": live_server.url}])


@pytest.mark.parametrize("part", range(PARTS))
def test_every_page_can_be_read_by_everybody_stands_still_and_fits_the_phone(
    part, furnished, live_server, new_context, settings
):
    walker = walking.Walker(furnished)
    context = new_context(service_workers="block")
    examiner = Examiner(context.new_page())
    frames, contents, now = set(), {}, None
    for who, name, address in pages(furnished, walker, part):
        settings.DEBUG = name == "styleguide"  # a page too; elsewhere each question would be noted
        key = walker.sessions.get(who)
        if who != now:
            now, client = who, Client(raise_request_exception=False)
            signed_in(context, live_server, key)
            if key:
                client.cookies[site.SESSION_COOKIE_NAME] = key
        examiner.at(f"{name} for {who}")
        response = client.get(address)
        if response.status_code != 200:
            examiner.note(f"answers {response.status_code}")
        whole = response["Content-Type"].startswith("text/html") and not response.streaming
        if not whole or b"<html" not in response.content:
            response.close()
            continue
        skeleton, seen = Skeleton(response.content.decode()), contents.setdefault(name, set())
        if skeleton.frame <= frames and skeleton.content <= seen:
            continue
        frames |= skeleton.frame
        seen |= skeleton.content
        examiner.examine(live_server.url + address)

    assert len(contents) > 30
    assert not examiner.findings, "\n".join(examiner.findings)


def test_what_is_said_where_there_is_nothing_can_be_read_by_everybody(furnished, live_server, new_context):
    logging.disable(logging.WARNING)
    walker = walking.Walker(furnished)
    context = new_context(service_workers="block")
    examiner = Examiner(context.new_page())
    for who, address in DENIED:
        signed_in(context, live_server, walker.sessions.get(who))
        examiner.at(f"{address} for {who}", expected=[REFUSED])
        examiner.examine(live_server.url + address)
    logging.disable(logging.NOTSET)

    assert not examiner.findings, "\n".join(examiner.findings)
