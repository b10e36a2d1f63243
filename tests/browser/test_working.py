"""What takes longer than a second shows that it is being done; what is quick shows nothing."""

import pytest
from django.urls import reverse
from playwright.sync_api import expect

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]

SAID = "正在处理，请稍候。"
#: How often the bar was shown since the page is there.
COUNT = """() => {
  window.shown = 0;
  const bar = document.getElementById("working");
  new MutationObserver(() => (window.shown += !bar.hidden)).observe(bar, { attributes: true });
}"""
#: By how much the heading moves when the bar is shown, for the page that comes after this one.
KEEP = """() => {
  const bar = document.getElementById("working");
  const top = () => document.querySelector("h1").getBoundingClientRect().top;
  const before = top();
  new MutationObserver(() => bar.hidden || sessionStorage.setItem("moved", top() - before))
    .observe(bar, { attributes: true });
}"""


@pytest.fixture
def register(cast, visit):
    page = visit(cast.li, reverse("studios"))
    page.wait_for_function("window.htmx")
    return page


def held(page, address):
    """What is asked of an address from now on waits in this list until it is let go."""
    waiting = []
    page.route(address, lambda route: waiting.append(route))
    return waiting


def test_a_list_that_comes_late_shows_a_bar_until_it_is_there(register):
    waiting = held(register, "**/studios/?q=*")

    register.evaluate("htmx.ajax('GET', '/studios/?q=x', { target: '#results', swap: 'outerHTML' }) && 0")

    expect(register.locator("#working")).to_be_visible()
    expect(register.locator("#announcer")).to_have_text(SAID)
    waiting[0].continue_()
    expect(register.locator("#working")).to_be_hidden()
    expect(register.locator("#announcer")).to_have_text("")


def test_a_form_that_is_sent_shows_the_bar_until_the_next_page_is_there(register):
    waiting = held(register, "**/language/")
    register.evaluate(KEEP)

    register.evaluate("document.querySelector('form[action$=\"/language/\"]').requestSubmit()")
    register.wait_for_timeout(2000)
    waiting[0].continue_()
    register.wait_for_url("**/studios/**")

    expect(register.locator("#working")).to_be_hidden()
    assert register.evaluate("sessionStorage.getItem('moved')") == "0"


def test_what_is_quick_shows_nothing(register):
    register.evaluate(COUNT)
    # However long the answer takes on this machine: for the page it is no time at all.
    register.clock.install()

    register.evaluate("htmx.ajax('GET', '/studios/?q=x', { target: '#results', swap: 'outerHTML' })")
    register.clock.run_for(5000)

    assert register.evaluate("window.shown") == 0
