"""Makes static/img/icon-maskable-512.png out of icon-512.png: `.venv/bin/python assets/maskable.py`.

Phones cut such an icon to a circle or a drop of their own, and promise to leave only the middle 80 % alone.
So the mark stands there, and its ground goes on to the edge.
"""

from pathlib import Path

from PIL import Image

IMAGES = Path(__file__).resolve().parent.parent / "static" / "img"
SIDE = 512
SAFE = int(SIDE * 0.8)


def maskable(mark: Image.Image) -> Image.Image:
    """The square mark in the safe middle of a square of its own ground."""
    mark = mark.convert("RGB").resize((SAFE, SAFE), Image.Resampling.LANCZOS)
    whole = Image.new("RGB", (SIDE, SIDE), mark.getpixel((0, 0)))
    corner = (SIDE - SAFE) // 2
    whole.paste(mark, (corner, corner))
    return whole


if __name__ == "__main__":
    maskable(Image.open(IMAGES / "icon-512.png")).save(IMAGES / "icon-maskable-512.png", optimize=True)
