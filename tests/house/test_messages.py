"""The Chinese catalogues are complete, and the command that keeps them does what it says."""

import gettext
import re

import pytest
from django.conf import settings

from core.management.commands.messages import (
    HEADER,
    Scope,
    compile_catalogue,
    faults,
    scopes,
    stored,
    texts_of,
    translation,
    update,
)


def test_no_text_of_the_site_lacks_its_chinese():
    assert [fault for scope in scopes(settings.BASE_DIR) for fault in faults(scope)] == []


#: Such a mark beside a Chinese character, or beside the quotation mark or bracket that closes Chinese words.
HALF_WIDTH = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef”》」）][,;:?!]|[,;?!][\u4e00-\u9fff]")


def test_chinese_sentences_have_chinese_marks():
    narrow = [
        f"{scope.name}: {translation(message)}"
        for scope in scopes(settings.BASE_DIR)
        for message in stored(scope.po).values()
        if HALF_WIDTH.search(translation(message))
    ]
    assert narrow == []


def test_one_text_has_one_translation():
    """The catalogues are read as one: of two translations of a text, every page would show the same one."""
    said = {}
    for scope in scopes(settings.BASE_DIR):
        for key, message in stored(scope.po).items():
            said.setdefault(key, set()).add(translation(message))

    assert {key: words for key, words in said.items() if len(words - {""}) > 1} == {}


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('_("Plan")', [(None, "Plan")]),
        ('pgettext("month", "May")', [("month", "May")]),
        ('ngettext("%(n)d day", "%(n)d days", n)', [(None, ("%(n)d day", "%(n)d days"))]),
        ('print("Plan")', []),
    ],
)
def test_texts_are_found_in_python(source, texts):
    assert list(texts_of(source, template=False)) == texts


@pytest.mark.parametrize(
    ("source", "texts"),
    [
        ('<p>\n   {% translate "Plan" %}</p>', [(None, "Plan")]),
        ('{% card title=_("Topics") sub=_("all") %}it\'s{% endcard %}', [(None, "Topics"), (None, "all")]),
        ('{{ value|default:_("None") }}', [(None, "None")]),
        ("{% blocktranslate %}Hello {{ name }}{% endblocktranslate %}", [(None, "Hello %(name)s")]),
        (
            "{% blocktranslate count n=n trimmed %}\n one day{% plural %}{{ n }} days{% endblocktranslate %}",
            [(None, ("one day", "%(n)s days"))],
        ),
    ],
)
def test_texts_are_found_in_templates(source, texts):
    assert list(texts_of(source, template=True)) == texts


@pytest.fixture
def scope(tmp_path):
    """A small app with three texts, one of which counts."""
    python = tmp_path / "views.py"
    python.write_text('_("Plan")\n_("Hello %(name)s")\n')
    page = tmp_path / "page.html"
    page.write_text("{% blocktranslate count n=n %}one day{% plural %}{{ n }} days{% endblocktranslate %}")
    return Scope("small", tmp_path / "locale", (python,), (page,))


def translate(scope, msgid, chinese):
    po = scope.po.read_text("utf-8")
    empty = 'msgstr[0] ""' if msgid == "%(n)s days" else 'msgstr ""'
    before, after = po.split(f'"{msgid}"\n', 1)
    scope.po.write_text(
        before + f'"{msgid}"\n' + after.replace(empty, empty[:-2] + f'"{chinese}"', 1), "utf-8"
    )


def test_every_missing_text_is_named(scope):
    assert faults(scope) == [
        "small: missing: 'Hello %(name)s'",
        "small: missing: 'Plan'",
        "small: missing: 'one day'",
    ]


def test_an_update_adds_what_is_new_and_keeps_what_is_translated(scope):
    update(scope)
    translate(scope, "Plan", "计划")

    missing = update(scope)

    assert missing == 2
    assert faults(scope) == ["small: not translated: 'Hello %(name)s'", "small: not translated: 'one day'"]
    assert translation(stored(scope.po)[None, "Plan"]) == "计划"


def test_an_update_drops_what_nobody_says_any_more(scope):
    update(scope)
    translate(scope, "Plan", "计划")
    scope.python[0].write_text("")

    assert "small: no longer used: 'Plan'" in faults(scope)

    update(scope)

    assert list(stored(scope.po)) == [(None, "one day")]


def test_a_translation_that_loses_or_invents_a_placeholder_is_named(scope):
    update(scope)
    translate(scope, "Plan", "计划 %(x)s")
    translate(scope, "Hello %(name)s", "您好")
    translate(scope, "%(n)s days", "%(n)s 天")

    assert faults(scope) == [
        "small: other placeholders than in English: 'Hello %(name)s'",
        "small: other placeholders than in English: 'Plan'",
    ]


def test_the_compiled_catalogue_speaks_chinese(scope):
    update(scope)
    translate(scope, "Plan", "计划")
    translate(scope, "%(n)s days", "%(n)s 天")

    compile_catalogue(scope)

    with scope.po.with_suffix(".mo").open("rb") as file:
        chinese = gettext.GNUTranslations(file)
    assert chinese.gettext("Plan") == "计划"
    assert chinese.ngettext("one day", "%(n)s days", 1) == "%(n)s 天"


def test_the_file_does_not_change_when_the_texts_do_not(scope):
    update(scope)
    first = scope.po.read_text("utf-8")

    update(scope)

    assert scope.po.read_text("utf-8") == first
    assert first.startswith(HEADER)
