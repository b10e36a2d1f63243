"""The rules of the house that a reader of one file cannot see, each with what it would catch."""

import ast
import re
from collections import Counter
from pathlib import Path

import pytest
from django.urls import get_resolver

ROOT = Path(__file__).resolve().parents[2]
APPS = ("reports", "achievements", "projects", "studios", "care", "notifications", "members", "core")
SOURCES = sorted(
    path for app in (*APPS, "config") for path in (ROOT / app).rglob("*.py") if "migrations" not in path.parts
)

#: Modules that may ask the clock although they are neither a view, nor a task, nor a command.
ASKS_THE_CLOCK = {
    "members/models/user.py": "rights are those of today",
    "reports/portfolio.py": "a stored figure says when it was computed",
    "core/shown.py": "a page says how long ago something was",
    "core/days.py": "a page on which somebody types what tomorrow is",
    "core/forms.py": "tomorrow is typed today",
    "core/models.py": "a form used up is forgotten after a day",
}


def offences(pattern, sources, allowed=()):
    """Where a pattern stands in the code, as file:line."""
    return [
        f"{path.relative_to(ROOT)}:{number}"
        for path in sources
        if str(path.relative_to(ROOT)) not in allowed
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(pattern, line)
    ]


def routes(entry):
    """Every address below a part of the site's map, as it is written there."""
    if not hasattr(entry, "url_patterns"):
        return [str(entry.pattern)]
    return [f"{entry.pattern}{below}" for part in entry.url_patterns for below in routes(part)]


def test_no_module_has_a_name_that_says_nothing_of_what_is_inside():
    empty_names = {"services", "utils", "helpers", "managers", "common", "misc"}

    assert [path for path in SOURCES if path.stem in empty_names or path.parent.name in empty_names] == []


def test_there_are_no_signals_of_our_own():
    assert offences(r"@receiver|\.connect\(|Signal\(\)", SOURCES) == []


def test_the_figures_of_items_and_plans_are_written_by_adding_up_alone():
    writes = r"(PlanItem|Plan)\.objects.*\.(bulk_update|update)\("

    # The demo closes its months in one act; that writes the state alone.
    allowed = ("projects/progress.py", "reports/ledger/applying.py", "reports/demo/closings.py")
    assert offences(writes, SOURCES, allowed=allowed) == []


def test_views_never_fetch_past_the_scope_of_the_user():
    views = [path for path in SOURCES if "views" in path.parts or path.stem == "views"]

    assert offences(r"\.objects\.(get|all)\(", views) == []


def test_templates_have_no_inline_script_or_style_and_never_switch_escaping_off():
    pages = [path for path in (ROOT / "templates").rglob("*.html") if "mail" not in path.parts]

    assert (
        offences(r"<script(?![^>]*\bsrc=)|<style|\sstyle=|\son[a-z]+=|\|safe\b|autoescape off", pages) == []
    )


def test_forms_name_their_fields():
    assert offences(r"fields\s*=\s*[\"']__all__|\bexclude\s*=", SOURCES) == []


def test_no_two_pages_have_the_same_address():
    said = Counter(re.sub(r"<[^>]+>", "<>", address) for address in routes(get_resolver()))

    assert [address for address, times in said.items() if times > 1] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(ROOT)))
def test_only_those_who_meet_the_clock_ask_it(path):
    meets_the_clock = {"views", "tasks", "commands", "context", "sessions", "jobs"}
    if meets_the_clock & {*path.parts, path.stem}:
        return
    asked = [
        node.lineno
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
        and isinstance(node.func, ast.Attribute)
        and node.func.attr in {"today", "localdate", "now"}
        and not node.args
    ]

    assert not asked or str(path.relative_to(ROOT)) in ASKS_THE_CLOCK
