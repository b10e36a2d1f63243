"""Every page says where it stands: from the first screen down to its own title."""

import logging
import re

import pytest

from tests.house import walking
from tests.house.test_permissions import PUBLIC

TITLE = re.compile(r"<title>\s*(.*?)\s*· [^·<]*</title>", re.S)
LAST = re.compile(r'<li aria-current="page">\s*(.*?)\s*</li></ol>', re.S)
FIRST = re.compile(r'<nav class="x-crumbs[^>]*>\s*<ol><li><a href="/">首页</a></li>')


@pytest.fixture
def walker(cast, settings):
    settings.ROOT_URLCONF = "tests.house.quiet_urls"
    logging.disable(logging.WARNING)
    yield walking.Walker(walking.build(cast))
    logging.disable(logging.NOTSET)


def pages(walker):
    """(address, text) of every whole page that the staff, the administrator or the lead may open."""
    for (name, verb), codes in walking.table().items():
        who = next((one for one in ("admin", "lead", "system") if codes[one][0] == 200), None)
        if verb != "GET" or who is None or name in PUBLIC:
            continue
        text = walker.ask(who, verb, name)[0].text_sent
        if '<main id="main"' in text and name != "home":
            yield name, text


def test_every_page_has_a_way_up_from_the_first_screen_that_ends_in_its_title(walker):
    lost, seen = [], 0
    for name, text in pages(walker):
        seen += 1
        title, last = TITLE.search(text), LAST.search(text)
        if not FIRST.search(text) or not last or last[1] != title[1]:
            lost.append(name)

    assert not lost, "\n".join(lost)
    assert seen > 40
