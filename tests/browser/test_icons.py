"""The icons are one drawing: all of them come from the mark, and those that are kept are those that it gives."""

import subprocess
import sys
from pathlib import Path

from PIL import Image, ImageChops

TOP = Path(__file__).parents[2]
SCRIPT = TOP / "web" / "icons" / "make.py"
KEPT = TOP / "web" / "public" / "icons"
SHADES_MAX = 24
"""How far a pixel at an edge may be off, where another browser smooths in another way."""


def apart(one: Path, other: Path) -> int:
    """The largest difference of two pictures of one size, in shades."""
    with Image.open(one) as first, Image.open(other) as second:
        assert first.size == second.size
        bands = ImageChops.difference(first.convert("RGBA"), second.convert("RGBA")).getextrema()
    return max(int(high) for _, high in bands)  # type: ignore[misc]


def test_every_icon_is_what_the_mark_gives(tmp_path: Path) -> None:
    subprocess.run([sys.executable, SCRIPT, "--check", tmp_path], check=True, timeout=60)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == sorted(path.name for path in KEPT.iterdir())
    for name in names:
        if name.endswith(".svg"):
            assert (tmp_path / name).read_text() == (KEPT / name).read_text(), name
        else:
            assert apart(tmp_path / name, KEPT / name) <= SHADES_MAX, name


def test_no_mask_cuts_the_mark_of_a_maskable_icon() -> None:
    """Whatever is not wall lies in the circle of four fifths that every mask leaves."""
    with Image.open(KEPT / "icon-maskable-512.png") as icon:
        wall = icon.convert("RGB").getpixel((0, 0))
        box = ImageChops.difference(icon.convert("RGB"), Image.new("RGB", icon.size, wall)).getbbox()
    assert box is not None
    corners = [(x, y) for x in (box[0], box[2]) for y in (box[1], box[3])]
    assert all(((x - 256) ** 2 + (y - 256) ** 2) ** 0.5 <= 0.4 * 512 for x, y in corners)


def test_the_app_draws_the_same_mark() -> None:
    """The one that follows the theme has the same paths."""
    shapes = (TOP / "web" / "src" / "parts" / "Mark.svelte").read_text()
    drawn = (TOP / "web" / "icons" / "mark.svg").read_text()
    paths = [part.split('"')[0] for part in drawn.split(' d="')[1:]]
    assert len(paths) == 3
    assert all(f'd="{path}"' in shapes for path in paths)
