"""Draws every icon in web/public/icons from web/icons/mark.svg: python web/icons/make.py

With `--check FOLDER` it draws into that folder instead, for the test that they are in step. Each icon is drawn by
the browser that the tests use, so that what is seen there is what is kept.
"""

import argparse
import re
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

HERE = Path(__file__).parent
ICONS = HERE.parent / "public" / "icons"
CHROMIUM = "/usr/bin/chromium-headless-shell"
WALL, INK, LAMP, EDGE = "#eeefe6", "#14261f", "#f5b52e", "#14261f"
SIZE = 512
SAFE = 0.8
"""Of a maskable icon, the middle that every mask leaves."""
MARK = 60.0
"""How high the mark is in its own units, and almost as wide."""
SMALL = '<path d="M1 16V8a7 7 0 0 1 14 0v8z" fill="#2a7a62"/><path d="M8 16V3.5A4.5 4.5 0 0 1 12.5 8v8z" fill="{lamp}"/>'
"""At 16 pixels: a door and the light, nothing else."""
UNREAD = f'<circle cx="12" cy="4" r="3.5" fill="{LAMP}" stroke="{EDGE}"/>'


def mark() -> str:
    """The mark's shapes alone."""
    text = (HERE / "mark.svg").read_text()
    return re.sub(r"\n\s*", "", text[text.index(">") + 1 : text.rindex("</svg>")])


def placed(size: int, part: float, ground: str) -> str:
    """The mark in the middle of a square, `part` of it high."""
    scale = size * part / MARK
    left, top = size / 2 - 32 * scale, size / 2 - 33 * scale
    shapes = f'<g transform="translate({left:.2f} {top:.2f}) scale({scale:.4f})">{mark()}</g>'
    return f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {size} {size}">{ground}{shapes}</svg>\n'


def drawn() -> dict[str, str]:
    """Every icon as SVG, by the name of its file."""
    small = SMALL.format(lamp=LAMP)
    head = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 16 16">'
    rounded = f'<rect width="{SIZE}" height="{SIZE}" rx="112" fill="{WALL}"/>'
    whole = f'<rect width="{SIZE}" height="{SIZE}" fill="{WALL}"/>'
    # A badge is seen by its shape alone: a door in white, and the light cut out of it.
    badge = '<path fill="#fff" fill-rule="evenodd" d="M2 15V8a6 6 0 0 1 12 0v7zM8.5 15V4.3A3.7 3.7 0 0 1 11.7 8v7z"/>'
    icon = placed(SIZE, 0.6, rounded)
    return {
        "favicon.svg": f"{head}{small}</svg>\n",
        "favicon-unread.svg": f"{head}{small.replace(LAMP, '#dfe4d6')}{UNREAD}</svg>\n",
        "icon.svg": icon,
        "icon-192.png": icon,
        "icon-512.png": icon,
        "icon-180.png": placed(SIZE, 0.62, whole),
        "icon-maskable-512.png": placed(SIZE, SAFE * 0.68, whole),
        "badge-96.png": f"{head}{badge}</svg>",
    }


def keep(folder: Path) -> None:
    """All of them."""
    folder.mkdir(parents=True, exist_ok=True)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
        for name, svg in drawn().items():
            if name.endswith(".svg"):
                (folder / name).write_text(svg)
            else:
                _paint(browser, svg, int(re.findall(r"\d+", name)[-1]), folder / name)
        browser.close()


def _paint(browser: Browser, svg: str, size: int, path: Path) -> None:
    page = browser.new_page(viewport={"width": size, "height": size})
    page.set_content(f"<style>body{{margin:0}}svg{{display:block;width:{size}px}}</style>{svg}")
    page.screenshot(path=path, omit_background=True)
    page.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", type=Path, default=ICONS, help="another folder than the client's")
    keep(parser.parse_args().check)
