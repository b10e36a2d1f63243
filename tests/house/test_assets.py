"""The asset build, and that every icon a page draws is in the sprite."""

import re
from pathlib import Path

import pytest

from assets.build import ROOT, sprite, without_source_map

FULL = (
    '<svg><defs><symbol id="tabler-bell"><path/></symbol>'
    '<symbol id="tabler-book">\n<path/></symbol><symbol id="tabler-x"><path/></symbol></defs></svg>'
)


def test_the_sprite_holds_the_named_icons_alone():
    assert sprite(FULL, ["bell", "x"]) == (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        '<symbol id="tabler-bell"><path/></symbol>\n<symbol id="tabler-x"><path/></symbol>\n</svg>\n'
    )


def test_an_unknown_icon_fails_the_build_by_name():
    with pytest.raises(ValueError, match="do not exist: bel, zzz"):
        sprite(FULL, ["bel", "book", "zzz"])


def test_the_list_of_icons_is_sorted_and_names_none_twice():
    with pytest.raises(ValueError, match="not sorted"):
        sprite(FULL, ["x", "bell"])
    with pytest.raises(ValueError, match="twice"):
        sprite(FULL, ["bell", "bell"])


def test_the_link_to_a_source_map_is_cut_off_and_nothing_else():
    assert without_source_map("a{b:c}\n/*# sourceMappingURL=a.css.map */\n") == "a{b:c}\n"
    assert without_source_map("f()\n//# sourceMappingURL=a.js.map") == "f()\n"
    assert without_source_map("g()") == "g()"


def test_every_icon_a_template_draws_is_in_the_list():
    listed = set((ROOT / "assets" / "icons.txt").read_text("utf-8").split())
    drawn = {
        (name, page.name)
        for page in Path(ROOT, "templates").rglob("*.html")
        for name in re.findall(r"""\bicon[ =]["']([a-z0-9-]+)["']""", page.read_text("utf-8"))
    }

    assert {(name, page) for name, page in drawn if name not in listed} == set()
