"""`make screens`: every view of `screens.views` on a phone and in a wide window, as small PNG files.

`--only NAME` takes some of them, `--to FOLDER` puts them elsewhere, `--locale de-DE` speaks German.
"""

import argparse
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from clubroom.dba.embedded import remove
from screens.paint import keep
from screens.server import NOW, ZONE, Club, club
from screens.views import DARK, VIEWS, View

ROOT = Path(__file__).parents[1]
FOLDER = ROOT / "docs" / "screens"
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--font-render-hinting=none"]
SIZES: dict[str, dict[str, object]] = {
    "phone": {
        "viewport": {"width": 390, "height": 844},
        "device_scale_factor": 2,
        "has_touch": True,
        "is_mobile": True,
    },
    "desktop": {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1},
}
PATIENCE_MS = 15_000
LOADED = "Promise.all([...document.images].map((one) => one.decode().catch(() => {})))"


def main() -> None:
    """All of them, or those that are asked for."""
    parser = argparse.ArgumentParser(prog="python -m screens", description=__doc__)
    parser.add_argument("--only", action="append", default=[], help="a view by its name")
    parser.add_argument("--to", type=Path, default=FOLDER, help="the folder of the pictures")
    parser.add_argument("--locale", default="en-GB")
    parser.add_argument("--data", type=Path, help="a folder for the club, which is kept for the next time")
    asked = parser.parse_args()
    with _folder(asked.data) as data:
        _take(asked, data)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept is not None:
        yield kept.resolve()
        return
    (ROOT / ".cache").mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="screens-", dir=ROOT / ".cache") as folder:
        Path(folder).chmod(0o711)  # the database of a root's club is somebody else's
        yield Path(folder) / "data"
        remove(Path(folder) / "data")


def _take(asked: argparse.Namespace, data: Path) -> None:
    views = [view for view in VIEWS if not asked.only or view.name in asked.only]
    sittings = [(size, scheme) for size in SIZES for scheme in ("light", "dark")]
    asked.to.mkdir(parents=True, exist_ok=True)
    with club(data, len(sittings)) as place, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        seats = {
            sitting: Seat(browser, place, secret, *sitting, asked.locale)
            for sitting, secret in zip(sittings, place.opened.secrets, strict=True)
        }
        for view in views:
            if view.last:
                place.stop()
            for (size, scheme), seat in seats.items():
                if scheme == "light" or (view.name, size) in DARK:
                    seat.take(view, asked.to / f"{view.name}-{size}{'-dark' * (scheme == 'dark')}.png")
        browser.close()


class Seat:
    """One browser of one size in one light, signed in, and beside it one that nobody has signed in with."""

    def __init__(
        self, browser: Browser, place: Club, secret: str, size: str, scheme: str, locale: str
    ) -> None:
        self.browser = browser
        self.place = place
        self.options = {**SIZES[size], "color_scheme": scheme, "locale": locale, "timezone_id": ZONE}
        self.page = self._context().new_page()
        self.page.goto(f"{place.opened.url}/sign-in#{secret}")
        self.page.locator("dialog button[type=submit], dialog .lamp").first.click()
        self.page.get_by_role("log").get_by_role("article").first.wait_for()

    def take(self, view: View, path: Path) -> None:
        """One picture."""
        page = self._context().new_page() if view.outside else self.page
        view.reach(page, self.place.opened)
        if not view.kept:
            return
        settle(page)
        keep(page.screenshot(animations="disabled"), path)
        print(f"  {path.name}  {path.stat().st_size // 1000} kB", flush=True)
        if view.outside:
            page.context.close()

    def _context(self) -> BrowserContext:
        context = self.browser.new_context(
            base_url=self.place.opened.url,
            reduced_motion="reduce",
            **self.options,  # type: ignore[arg-type]
        )
        context.set_default_timeout(PATIENCE_MS)
        context.clock.install(time=NOW)
        return context


def settle(page: Page) -> None:
    """Fonts and pictures are there, and the pointer is over nothing."""
    page.mouse.move(0, 0)
    page.evaluate("document.fonts.ready")
    page.evaluate(LOADED)


if __name__ == "__main__":
    main()
