"""A person at a real browser, doing what people do: looking at words, pressing buttons, writing."""

import re
from typing import Any, ClassVar

from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from browser.cable import Cable
from house.person import Person
from house.server import PASSWORD
from house.uuid7 import uuid7

CODE = re.compile(r"^\s*[0-9A-HJKMNP-TV-Z]{4}([ -][0-9A-HJKMNP-TV-Z]{4}){2}\s*$")
PHONE = {"width": 390, "height": 844}
DESKTOP = {"width": 1280, "height": 800}
PATIENCE_MS = 10_000
expect.set_options(timeout=PATIENCE_MS)

DOORSTEP = "/manifest.webmanifest"
"""Of the house, and nearly nothing to load."""
_SIGN_IN = """async (link) => {
  const headers = { "content-type": "application/json" };
  const body = JSON.stringify({ link, keep: "cookie" });
  const answer = await fetch("/api/sessions", { method: "POST", headers, body });
  localStorage.setItem("clubroom.user", (await answer.json()).user);
  return answer.status;
}"""
_TOP = "(body) => body.getBoundingClientRect().top"
_SCROLL = "(log, by) => log.closest('.scroller').scrollBy({ top: by, behavior: 'instant' })"


class Viewer:
    """One browser profile with one window, on a line of its own."""

    seats: ClassVar[list[tuple[dict[str, int], bool]]] = []
    """Of whoever has sat down since the test began: how large the screen is, and whether it is touched."""

    def __init__(self, url: str, context: BrowserContext, page: Page, cable: Cable) -> None:
        self.url = url
        self.context = context
        self.page = page
        self.cable = cable
        self.troubles: list[str] = []
        self.loads = 0
        page.on("pageerror", lambda error: self.troubles.append(str(error)))
        page.on("console", self._heard)
        page.on("load", self._loaded)
        page.on("dialog", lambda dialog: self.troubles.append(f"a dialog: {dialog.message}"))

    @classmethod
    async def sit_down(cls, browser: Browser, url: str, size: dict[str, int], **options: Any) -> "Viewer":
        """Opens a fresh profile; nothing is loaded yet. Without `service_workers="allow"` none is taken: it
        is a process of its own and fetches everything once more, a quarter of what a test costs.
        """
        cable = Cable()
        proxy = {"server": await cable.lay(), "bypass": "<-loopback>"}
        usual: dict[str, Any] = {
            "viewport": size,
            "proxy": proxy,
            "has_touch": size == PHONE,
            "locale": "en-GB",
            "timezone_id": "Europe/Berlin",
            "service_workers": "block",
        }
        options = usual | options
        context = await browser.new_context(**options)
        cls.seats.append((size, options["has_touch"]))
        context.set_default_timeout(PATIENCE_MS)
        return cls(url, context, await context.new_page(), cable)

    async def go(self, path: str) -> None:
        """Types an address."""
        await self.page.goto(self.url + path)

    def button(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("button", name=name, exact=isinstance(name, str))

    def link(self, name: str | re.Pattern[str]) -> Locator:
        return self.page.get_by_role("link", name=name, exact=isinstance(name, str))

    def field(self, name: str) -> Locator:
        return self.page.get_by_role("textbox", name=name)

    @property
    def composer(self) -> Locator:
        return self.page.get_by_role("textbox", name="Message", exact=True)

    @property
    def log(self) -> Locator:
        return self.page.get_by_role("log")

    @property
    def messages(self) -> Locator:
        return self.log.get_by_role("article")

    async def texts(self) -> list[str]:
        """What stands in the stream, message by message; quotes are not counted."""
        return await self.log.locator("article [data-body] .text:not(.quote .text)").all_inner_texts()

    async def create_club(self, club: str, name: str) -> str:
        """Through the second door to the invite sheet; the club's code."""
        await self.go("/")
        await self.page.get_by_text("Create a club", exact=True).click()
        await self.field("Club name").fill(club)
        await self.field("Your name").fill(name)
        await self.field("E-mail").fill(f"{uuid7()}@example.org")
        await self.page.get_by_label("Password").fill(PASSWORD)
        await self.button("Create the club").click()
        await expect(self.page.get_by_text("The door is open.")).to_be_visible()
        shown = self.page.get_by_role("dialog").get_by_text(CODE).first
        return re.sub("[ -]", "", (await shown.text_content() or "").strip())

    async def join_by_link(self, code: str, name: str) -> None:
        """Through the first door, with the code in the address."""
        await self.go(f"/join/{code}")
        await self.field("Your name").fill(name)
        await self.button(re.compile("^Join")).click()
        await expect(self.composer).to_be_visible()

    async def enter(self, person: Person, path: str = "") -> None:
        """Is signed in as somebody, by a link that works once, and opens the app. The screens of the way in
        are looked at elsewhere: here the browser makes their call on a page that is nearly nothing.
        """
        link = (await person.ok("POST", "/api/sign-in-links"))["url"]
        await self.go(DOORSTEP)
        assert await self.page.evaluate(_SIGN_IN, link.partition("#")[2]) == 201
        await self.go(path or "/app")
        if not path:
            await expect(self.composer).to_be_visible()

    async def write(self, text: str) -> None:
        """Writes and presses Enter (on touch: the button)."""
        await expect(self.page.get_by_role("dialog")).to_have_count(0)  # nobody types through a sheet
        await self.composer.fill(text)
        await self.button("Send").click()

    async def sees(self, text: str) -> None:
        """Waits until a message stands in the stream."""
        await expect(self.messages.filter(has_text=text).first).to_be_visible()

    def message(self, text: str) -> Locator:
        """The one message that says exactly this."""
        return self.messages.filter(has=self.page.get_by_text(text, exact=True))

    def in_side(self, name: str | re.Pattern[str]) -> Locator:
        """A room in the list at the side."""
        named = self.page.get_by_title(name, exact=isinstance(name, str))
        return (
            self.page.get_by_role("navigation", name="Rooms and clubs").get_by_role("link").filter(has=named)
        )

    async def side_shows(
        self, name: str, count: int = 0, *, unread: bool = True, muted: bool = False
    ) -> None:
        """How a room stands in the list: bold while something is unread, with a number for what calls."""
        marks = [("muted", muted), (str(count), count), ("unread", unread)]
        words = [re.escape(name), *(word for word, so in marks if so)]
        await expect(self.in_side(name)).to_have_text(re.compile(r"^\s*" + r"\s*".join(words) + r"\s*$"))

    def tools(self, text: str) -> Locator:
        """The toolbar of the one message that says exactly this."""
        said = self.page.get_by_text(text, exact=True)
        return self.log.locator("[data-key]", has=said).get_by_role("toolbar")

    async def act(self, text: str, what: str) -> None:
        """Chooses from a message's menu, with the pointer."""
        await self.message(text).hover()
        await self.tools(text).get_by_role("button", name="More").click()
        await self.page.get_by_role("menuitem", name=what, exact=True).click()

    async def top_of(self, text: str) -> float:
        """How far under the upper edge of the window a message stands, in pixels."""
        return float(await self.message(text).locator("[data-body]").evaluate(_TOP))

    async def scroll_by(self, pixels: int) -> None:
        """As a wheel over the stream does it."""
        await self.log.evaluate(_SCROLL, pixels)

    async def all_sent(self) -> None:
        """Waits until nothing of one's own is on its way any more."""
        await expect(self.log.locator('article:not([data-state="sent"])')).to_have_count(0)

    async def lose_the_line(self) -> None:
        """What is open is cut for real, nothing new gets through, and the system says there is no network."""
        self.cable.pull()
        await self.context.set_offline(True)

    async def find_the_line(self) -> None:
        """The network is back, and the system says so."""
        self.cable.mend()
        await self.context.set_offline(False)

    async def leave(self) -> None:
        """Closes everything; nothing must have gone wrong on the way."""
        await self.context.close()
        await self.cable.close()
        assert self.troubles == []

    def _heard(self, message: Any) -> None:
        # a cut line is told by the browser itself; everything else is ours
        # (and a refused call by its status); what the content policy refuses is ours as well
        told = re.search("net::ERR_|Failed to load resource|WebSocket", message.text)
        if message.type == "error" and (told is None or "Content Security Policy" in message.text):
            self.troubles.append(message.text)

    def _loaded(self, _: Any) -> None:
        self.loads += not self.page.url.endswith(DOORSTEP)
