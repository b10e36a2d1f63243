"""The vocabulary of the pages: names agree, contracts are stated, colours can be read, words are right."""

import re
from datetime import UTC, date, datetime
from itertools import product
from pathlib import Path

import pytest
from django.conf import settings
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import RequestFactory
from django.utils import translation

from core import shown
from core.templatetags import ui
from core.workdays import Workdays

ROOT = Path(settings.BASE_DIR)
TEMPLATES = {path.stem: path for path in (ROOT / "templates" / "components").glob("*.html")}
SHEETS = {path.stem for path in (ROOT / "static" / "css" / "components").glob("*.css")}
# No components: the one repeats a block of the page, the other asks whether its record was changed meanwhile.
OTHER_TAGS = {"block_again", "due", "watch"}


def draw(source, **context):
    """The text of a template, without tags and with single spaces, and its markup."""
    markup = Template(source).render(Context(context))
    return " ".join(re.sub(r"<[^>]+>", " ", markup).split()), markup


def test_a_component_is_a_tag_a_template_and_a_style_sheet_of_one_name():
    assert set(ui.register.tags) - OTHER_TAGS == set(TEMPLATES) == SHEETS


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_component_opens_with_its_contract(name):
    first_line = TEMPLATES[name].read_text().splitlines()[0]

    assert re.fullmatch(rf"\{{# {name}: .+ #\}}", first_line)


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_a_component_stands_in_the_documentation(name):
    assert f"`{name}`" in (ROOT / "docs" / "components.md").read_text()


@pytest.mark.parametrize("name", sorted(set(TEMPLATES) - {"field", "form_errors"}))
def test_a_component_is_shown_in_the_style_guide(name):
    assert f"{{% {name} " in (ROOT / "templates" / "core" / "styleguide.html").read_text().replace(
        "%}", " %}"
    )


def test_no_template_carries_a_style_or_a_handler_that_the_security_policy_refuses():
    forbidden = re.compile(r"""\s(style|on[a-z]+)=["']|<style|<script(?![^>]*\ssrc=)""")
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts]
    guilty = [str(path) for path in pages if forbidden.search(path.read_text())]

    assert guilty == []


def tokens(theme):
    text = (ROOT / "static" / "css" / "tokens.css").read_text()
    light, dark = text.split('[data-bs-theme="dark"]')
    block = {"light": light, "dark": dark.split("\n}")[0]}[theme]
    return dict(re.findall(r"--x-([\w-]+): (#[0-9a-f]{6});", block))


def luminance(colour):
    channels = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return sum(weight * c for weight, c in zip((0.2126, 0.7152, 0.0722), linear, strict=True))


def contrast(one, other):
    lighter, darker = sorted([luminance(one), luminance(other)], reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def readable_pairs():
    surfaces = ["paper", "surface", "sunk"]
    yield from product(["ink", "ink-soft", "accent-deep"], surfaces)
    for tone in ["good", "warn", "bad", "info"]:
        yield from [(tone, "surface"), (tone, f"{tone}-wash"), ("ink", f"{tone}-wash")]
    yield from [("accent-deep", "accent-wash"), ("on-accent", "accent"), ("on-accent", "accent-deep")]


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_text_keeps_a_contrast_of_four_and_a_half(theme):
    colour = tokens(theme)
    weak = {pair: contrast(colour[pair[0]], colour[pair[1]]) for pair in readable_pairs()}

    assert {pair: round(value, 2) for pair, value in weak.items() if value < 4.5} == {}


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_edges_of_inputs_and_the_focus_keep_a_contrast_of_three(theme):
    colour = tokens(theme)
    pairs = product(["line-strong", "accent"], ["paper", "surface"])

    assert [pair for pair in pairs if contrast(colour[pair[0]], colour[pair[1]]) < 3] == []


def test_both_themes_name_the_same_colours():
    assert tokens("light").keys() == tokens("dark").keys()


@pytest.mark.parametrize(
    ("percent", "text", "width"),
    [
        (63, "63%", "63.0"),
        ("63", "63%", "63.0"),
        ("<1", "<1%", "1.0"),
        (0, "0%", "0.0"),
        (99.9, "99%", "99.9"),
    ],
)
def test_progress_says_what_its_bar_shows(percent, text, width):
    _text, markup = draw("{% progress percent %}", percent=percent)

    assert re.search(r'<span class="x-progress-text">(.*?)</span>', markup)[1] == text.replace("<", "&lt;")
    assert f'class="x-progress-fill" width="{width}"' in markup


def test_what_is_not_planned_has_no_bar():
    with translation.override("en"):
        text, markup = draw("{% progress None expected=40 %}")

    assert text == "not planned"
    assert "<svg" not in markup


def test_the_expected_progress_is_a_tick_and_words():
    with translation.override("en"):
        text, markup = draw("{% progress 30 expected=45 %}")

    assert text == "30% expected 45%"
    assert 'class="x-progress-tick" x="45.0"' in markup


def test_an_address_makes_a_link_and_its_absence_a_button_that_submits():
    assert "<a " in draw('{% button "Open" href="/there/" %}')[1]
    assert 'type="submit"' in draw('{% button "Save" %}')[1]


def test_an_address_that_does_not_exist_yet_draws_no_button():
    _text, markup = draw("{% url 'no-such-page' as to %}{% button 'Open' href=to %}")

    assert markup.strip() == ""


def test_text_of_people_is_escaped_also_inside_a_block():
    _text, markup = draw("{% card title=name %}{{ name }}{% endcard %}", name="<script>")

    assert "<script>" not in markup
    assert markup.count("&lt;script&gt;") == 2


def test_an_unlit_light_says_why():
    with translation.override("en"):
        text, _markup = draw("{% lights five %}", five=[("place", True, ""), ("funds", False, "No budget")])

    assert text == "place : yes funds : not yet No budget"


def test_pages_keep_the_filters_of_the_list():
    request = RequestFactory().get("/studios/", {"unit": ["1", "2"], "page": "2"})
    page = Paginator(range(60), 20).page(2)

    _text, markup = draw("{% pager page %}", request=request, page=page)

    assert 'href="?unit=1&amp;unit=2&amp;page=3" rel="next"' in markup


@pytest.mark.parametrize(("order", "link"), [("", "o=name"), ("name", "o=-name"), ("-name", "o=name")])
def test_a_column_sorts_up_then_down(order, link):
    request = RequestFactory().get("/studios/", {"q": "李", "o": order, "page": "4"})

    _text, markup = draw('{% column "Name" sort="name" %}', request=request)

    assert f'href="?q=%E6%9D%8E&amp;{link}"' in markup


def test_a_person_is_known_by_the_given_name():
    assert draw('{% person "李明华" %}')[0] == "明华 李明华"
    assert draw('{% person "Wang Fang" %}')[0] == "W Wang Fang"


@pytest.mark.parametrize(
    ("language", "day", "moment"),
    [
        ("zh-hans", "2026年10月9日（周五）", "2020年10月9日 15:04"),
        ("en", "Fri 9 Oct 2026", "9 Oct 2020, 15:04"),
    ],
)
def test_days_and_times_are_written_as_the_language_does(language, day, moment):
    at = datetime(2020, 10, 9, 7, 4, tzinfo=UTC)
    with translation.override(language):
        text, _markup = draw("{{ on|day }} | {{ at|moment_of }}", on=date(2026, 10, 9), at=at)

    assert text == f"{day} | {moment}"


def test_amounts_are_grouped_and_trimmed():
    values = ["1234.50", "3.5", "0", "10", "0.005", None, ""]

    assert [ui.shown.wan(value) for value in values] == ["1,234.5", "3.5", "0", "10", "0.01", "—", "—"]


def test_the_style_guide_is_for_developers_only(client, settings):
    settings.DEBUG = False
    assert client.get("/styleguide/").status_code == 404

    settings.DEBUG = True
    response = client.get("/styleguide/")

    assert "x-page-head" in response.content.decode()


@pytest.mark.parametrize(
    ("day", "said"),
    [
        (date(2026, 9, 18), "今天"),
        (date(2026, 9, 22), "3 个工作日后"),
        (date(2026, 9, 20), "1 个工作日后"),  # a Sunday that is worked
        (date(2026, 9, 15), "已过 3 个工作日"),
        (date(2027, 3, 1), ""),
        (None, ""),
    ],
)
def test_a_deadline_is_so_many_working_days_away(day, said):
    """2026-09-18 is a Friday; the Sunday after it makes up for a day of 国庆节."""
    assert shown.working_days_away(day, on=date(2026, 9, 18), calendar=Workdays()) == said


def test_a_short_moment_tells_the_exact_one_when_pointed_at():
    at = datetime(2026, 9, 18, 7, 4, 5, tzinfo=UTC)

    _text, markup = draw("{% row title='甲' when=at %}{% endrow %}", at=at)

    assert 'title="2026年9月18日（周五） 15:04:05"' in markup


def test_a_moment_written_anywhere_tells_the_exact_one():
    at = datetime(2026, 9, 18, 7, 4, 5, tzinfo=UTC)
    said = "{% blocktranslate with b=at|moment_of %}{{ b }}{% endblocktranslate %}"

    _text, markup = draw("{% load i18n %}{% fact 'A' at|moment_of %}" + said, at=at)

    exact = 'datetime="2026-09-18T07:04:05+00:00" title="2026年9月18日（周五） 15:04:05"'
    assert markup.count(f'<time class="nowrap" {exact}>') == 2


def test_whole_numbers_are_grouped_by_thousands_where_they_stand_alone():
    assert draw("{% figure 'A' 12345 %}")[0] == "A 12,345"
    assert draw("{% figure 'A' '2026' %}{% figure 'A' True %}")[0] == "A 2026 A True"
    assert draw("{{ 1234567|grouped }} {{ 3|grouped }}")[0] == "1,234,567 3"
