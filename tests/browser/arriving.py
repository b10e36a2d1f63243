"""When a page is there for a person: its address and its texts are, before its scripts listen."""

import re

from playwright.sync_api import expect

#: htmx reports as errors what it gave up itself: a newer question took the place, or the person went on.
GIVEN_UP = ("htmx:afterRequest", "htmx:sendAbort")


def is_fault(message):
    """Whether what stands on the console is a fault of the page."""
    return message.type == "error" and not message.text.startswith(GIVEN_UP)


def listening(page):
    """Wait until a page that begins to show hears keys and clicks with all its scripts."""
    page.wait_for_load_state()
    return page


def arrived(page, address):
    """Wait for a page by a part of its address (a pattern), until it listens."""
    expect(page).to_have_url(re.compile(address))
    return listening(page)
