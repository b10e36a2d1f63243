"""Every figure is a link to its rows for everybody who sees it; the list behind it says the same number."""

import logging
import re
from urllib.parse import urljoin

import pytest
import time_machine
from django.db.models import Q
from django.test import Client
from lxml import html

from projects import progress
from reports import portfolio
from tests.browser.furnished import furnish
from tests.house import walking

pytestmark = pytest.mark.django_db

#: Who reads which first screens and summaries; the page of the one is not the page of the other.
STAFF = ("home", "leader", "overview", "chasing", "problems", "consequences", "months", "care-people")
OF_A_STUDIO = (
    "studio",
    "month",
    "plan",
    "studio-funds",
    "studio-attendance",
    "studio-structure",
    "studio-members",
    "studio-achievements",
    "studio-points",
)
READ = {
    "staff": (*STAFF, *OF_A_STUDIO, "absence", "gathering", "lesson", "member-review", "achievement"),
    "contact": (*STAFF, "gathering"),
    "admin": ("home", "grace-days"),
    "leader": ("home", "overview", "problems", "studio-funds", "studio-achievements"),
    "lead": ("home", *OF_A_STUDIO, "lesson", "member-review", "problems"),
    "member": ("home", "my-items", "person", "studio-points", "studio-structure"),
    "system": ("jobs",),
}
#: Figures that count nothing that stands in a list; they are links to where they are set or explained.
NOT_OF_ROWS = {"当前": "a setting", "台账年度经费（万元）": "a line of the register"}
#: Figures that open nothing, unless they are nothing.
WITHOUT_ROWS = {
    "期间的提醒": "what would be sent if nothing changes",
    "目前待办审批": "what waits on somebody else's desk",
    "照片和文件": "they stand at their reports",
    "汇报人数": "they stand at their reports",
}
NUMBER = re.compile(r"-?[\d,]*\d(?:\.\d+)?")
PERCENT = re.compile(r"(?:<1|\d+)%")


def of_class(box, *names):
    """The elements of some classes within another one."""
    said = " or ".join(f"contains(concat(' ', @class, ' '), ' {name} ')" for name in names)
    return box.xpath(f".//*[{said}]")


def number_in(text):
    """The first number of a text without its grouping; None where it says none."""
    found = NUMBER.search(text)
    return float(found[0].replace(",", "")) if found else None


def figures_of(page):
    """(label, value, what stands below it, address or None) of every figure of a page."""
    for box in of_class(page, "x-figure"):
        [label], [value] = of_class(box, "x-figure-label"), of_class(box, "x-figure-value")
        href = value.xpath("string(a/@href)")
        below = "".join(sub.text_content() for sub in of_class(box, "x-figure-sub"))
        yield label.text_content().strip(), value.text_content().strip(), below, href or None


def stated(page, anchor):
    """The numbers that a list says of itself: its length, and what its rows come to."""
    place = page.get_element_by_id(anchor or "main")
    said = [each.text_content() for each in of_class(place, "x-pager", "x-table-count")]
    said += [each.text_content() for each in place.xpath(".//*[@role='status']")]
    said += [each.text_content() for part in of_class(place, "x-totals-part") for each in part.iter("strong")]
    numbers = {number_in(text) for text in said}
    if of_class(place, "x-empty"):
        numbers.add(0.0)
    if anchor:
        rows = place.xpath(".//tbody/tr | .//article") + of_class(place, "x-row", "x-line", "x-moment")
        numbers.add(float(len(rows)))
    return numbers


def fault_of(value, below, page, anchor):
    """What is wrong with a figure and the page behind it; "" where they say the same.

    A percentage is said there too, or one of the numbers it is made of is the length of the list.
    """
    said = stated(page, anchor)
    if percent := PERCENT.search(value):
        made_of = {float(number.replace(",", "")) for number in NUMBER.findall(below)}
        explained = percent[0] in page.get_element_by_id(anchor or "main").text_content()
        return "" if explained or made_of & said else f"{percent[0]} is not explained"
    number = number_in(value)
    return "" if number is None or number in said else f"{number} is not among {sorted(said, key=str)}"


@pytest.fixture
def walker():
    """The furnished house on the day of the walk, added up, and everybody signed in."""
    logging.disable(logging.WARNING)
    with time_machine.travel(walking.NOW, tick=False):
        world = furnish()
        for studio in (world.cast.studio_one, world.cast.studio_two):
            progress.store(Q(studio=studio, year=2026))
        portfolio.refresh(2026)
        yield walking.Walker(world)
    logging.disable(logging.NOTSET)


def read_by(walker, who):
    """A door through which one reader opens pages, each once; None where he gets none."""
    client, known = Client(), {}
    client.cookies["sessionid"] = walker.sessions[who]

    def page_at(address):
        if address not in known:
            answer = client.get(address, follow=True)
            known[address] = html.fromstring(answer.content.decode()) if answer.status_code == 200 else None
        return known[address]

    return page_at


def test_every_figure_opens_its_rows_for_everybody_who_sees_it(walker):
    faults, opened = set(), 0
    for who, names in READ.items():
        page_at = read_by(walker, who)
        for name in names:
            here = walking.address_of(name, walker.world.own, walker.player(who))
            for label, value, below, href in figures_of(page_at(here)):
                address, _hash, anchor = urljoin(here, href or "").partition("#")
                behind = page_at(address)
                if href is None and label not in WITHOUT_ROWS and number_in(value) != 0:
                    faults.add(f"{name} for {who}: {label} {value} opens nothing")
                elif behind is None or (anchor and not behind.xpath(f"//*[@id='{anchor}']")):
                    faults.add(f"{name} for {who}: {label} {value} leads nowhere: {href}")
                elif href and label not in NOT_OF_ROWS and (fault := fault_of(value, below, behind, anchor)):
                    faults.add(f"{name} for {who}: {label} → {href}: {fault}")
                opened += href is not None

    assert not faults, "\n".join(sorted(faults))
    assert opened > 150
