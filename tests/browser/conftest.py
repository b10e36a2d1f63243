"""A real browser against the real site. Whatever the page complains about on its console fails the test."""

import os
import shutil
from urllib.parse import urlsplit

import pytest
import time_machine
from django.contrib.staticfiles.handlers import StaticFilesHandler
from playwright.sync_api import expect

from tests.browser.arriving import is_fault, listening

# Playwright's own loop runs in the thread of the test; Django would refuse the database beside it.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

# A slow machine is no fault: what is expected may take as long as what is done.
expect.set_options(timeout=30_000)

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), None
)
QUIET = (
    "--no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
    " --disable-component-update --disable-sync"
)


@pytest.fixture(scope="session")
def base_url():
    """In place of the plugin's own, which is declared in a way that pytest warns about."""
    return None


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not CHROMIUM:
        pytest.skip("there is no Chromium on this machine")
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": QUIET.split()}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args):
    """A desk; nothing fades in, so that what is looked at has arrived."""
    desk = {"width": 1366, "height": 768}
    return {**browser_context_args, "locale": "zh-CN", "viewport": desk, "reduced_motion": "reduce"}


#: What the browser itself says of a form that came back with its errors.
REFUSED = "status of 422"


@pytest.fixture
def watched():
    """Watch a page: no error, nothing refused by the security policy, no request to another machine."""
    complaints, pages = [], []

    def watch(page):
        pages.append(page)

        def listen(message):
            if is_fault(message) and REFUSED not in message.text:
                complaints.append(message.text)

        def follow(request):
            if urlsplit(request.url).hostname not in (None, "localhost", "127.0.0.1"):
                complaints.append(f"left this machine: {request.url}")

        page.on("console", listen)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("request", follow)
        return page

    yield watch
    for page in pages:
        listening(page)  # the last page has its say too
    assert complaints == []


@pytest.fixture
def page(page, watched):
    """A page that may not complain."""
    return watched(page)


@pytest.fixture
def second_page(new_context, watched):
    """A page of another browser, for another person at the same time."""
    return watched(new_context().new_page())


@pytest.fixture
def visit(live_server, page, client):
    """Open an address as one of the cast: ``visit(cast.chen, "/studios/")``, in the first page or another."""

    def as_user(user, address, page=page):
        client.cookies.clear()  # or signing in would end the session of whoever came before
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        value = client.cookies["sessionid"].value
        page.context.add_cookies([{"name": "sessionid", "value": value, "url": live_server.url}])
        page.goto(live_server.url + address)
        return page

    return as_user


@pytest.fixture
def furnished(transactional_db, monkeypatch):
    """The furnished house (see there) on the day of the walk; the browser keeps the files."""
    from tests.browser.furnished import furnish
    from tests.house import walking

    answer = StaticFilesHandler.serve

    def kept(handler, request):
        response = answer(handler, request)
        response.headers["Cache-Control"] = "max-age=600"
        return response

    monkeypatch.setattr(StaticFilesHandler, "serve", kept)
    with time_machine.travel(walking.NOW, tick=True):
        yield furnish()
