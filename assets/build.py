"""Copies what the pages use out of node_modules into var/assets/vendor: `python3 assets/build.py`.

An allow-list instead of node_modules as such, so that nothing is served that nobody chose, and one sprite of
the icons named in icons.txt instead of five thousand.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FILES = {
    "tabler.min.css": "@tabler/core/dist/css/tabler.min.css",
    "htmx.min.js": "htmx.org/dist/htmx.min.js",
    # The smallest ready build that draws SVG; only pages with a chart load it.
    "echarts.common.min.js": "echarts/dist/echarts.common.min.js",
}
SPRITE = "@tabler/icons-sprite/dist/tabler-sprite.svg"

# The maps themselves are not copied, and a manifest of static files refuses a link that leads nowhere.
SOURCE_MAP = re.compile(r"\s*(/\*#\s*sourceMappingURL=[^*]*\*/|//#\s*sourceMappingURL=\S+)\s*$")
SYMBOL = re.compile(r'<symbol id="tabler-([^"]+)".*?</symbol>', re.DOTALL)


def without_source_map(text: str) -> str:
    """The text of a style sheet or script without the comment at its end that names its map."""
    return SOURCE_MAP.sub("\n", text)


def sprite(every: str, names: list[str]) -> str:
    """One SVG with a symbol `tabler-<name>` for each of the names, in their order.

    Raises ValueError naming those that the full sprite does not have, or that are not sorted and unique.
    """
    if names != sorted(set(names)):
        raise ValueError("assets/icons.txt is not sorted, or names an icon twice.")
    symbols = {match[1]: match[0] for match in SYMBOL.finditer(every)}
    if unknown := [name for name in names if name not in symbols]:
        raise ValueError(f"assets/icons.txt names icons that do not exist: {', '.join(unknown)}.")
    return (
        '<svg xmlns="http://www.w3.org/2000/svg">\n'
        + "\n".join(symbols[name] for name in names)
        + "\n</svg>\n"
    )


def own_sheets() -> list[Path]:
    """Our own style sheets in the order of the cascade; DEBUG links each alone (core/context.py)."""
    css = ROOT / "static" / "css"
    names = ("tokens", "base", "header", "entry", "keyboard", "outbox", "working")
    frame = [css / f"{name}.css" for name in names]
    return [*frame, *sorted((css / "components").glob("*.css")), css / "print.css"]


def build(packages: Path, target: Path) -> int:
    """Fill the folder `target` anew from the folder of npm packages; return the bytes written."""
    texts = {
        name: without_source_map((packages / source).read_text("utf-8")) for name, source in FILES.items()
    }
    texts["xinhuo.css"] = "".join(sheet.read_text("utf-8") for sheet in own_sheets())
    names = (ROOT / "assets" / "icons.txt").read_text("utf-8").split()
    texts["icons.svg"] = sprite((packages / SPRITE).read_text("utf-8"), names)
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    return sum((target / name).write_text(text, "utf-8") for name, text in texts.items())


if __name__ == "__main__":
    try:
        written = build(ROOT / "node_modules", ROOT / "var" / "assets" / "vendor")
    except (OSError, ValueError) as error:
        sys.exit(f"assets: {error}")
    print(f"assets: {written // 1024} KiB")
