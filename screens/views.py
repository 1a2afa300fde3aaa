"""The views that are looked at: what each is called, and how one gets there."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, Route

from screens.club import Opened

CODE = "K7QF42HNM3WD"
SHOWN = "K7QF-42HN-M3WD"
SEND = re.compile("^(Send|Senden)$")
Reach = Callable[[Page, Opened], None]
DARK = {
    ("doors", "phone"),
    ("room", "phone"),
    ("room", "desktop"),
    ("event", "desktop"),
    ("filling", "phone"),
}


@dataclass(frozen=True)
class View:
    """`outside` = nobody is signed in; `last` = the server is gone by then; not `kept` = no picture of it."""

    name: str
    reach: Reach
    outside: bool = False
    last: bool = False
    kept: bool = True


def doors(page: Page, _: Opened) -> None:
    """Before one is in."""
    page.goto("/")
    page.get_by_role("main").wait_for()


def join(page: Page, opened: Opened) -> None:
    """By a link: the code is filled in."""
    _same_code(page, opened)
    page.goto(f"/join/{CODE}")
    page.get_by_role("dialog").get_by_role("button").nth(1).wait_for()
    page.get_by_role("dialog").locator("input").last.fill("Ada Winter")


def invite(page: Page, opened: Opened) -> None:
    """What one shows and sends round."""
    _same_code(page, opened)
    page.goto(f"/c/{opened.choir}/invite")
    page.get_by_text(SHOWN).first.wait_for()


def room(page: Page, opened: Opened) -> None:
    """With a reply, a mention and what is new."""
    page.goto(f"/c/{opened.rooms['notes']}")
    _stream(page)


def event(page: Page, opened: Opened) -> None:
    """Its page."""
    filling(page, opened)
    page.get_by_role("link", name="Carols by lamplight").last.click()
    page.get_by_role("heading", level=1).wait_for()


def filling(page: Page, opened: Opened) -> None:
    """An event that is filling up in the chat."""
    page.goto(f"/c/{opened.choir}")
    _stream(page)
    _to_the_end(page)


def upcoming(page: Page, _: Opened) -> None:
    """What comes up in all clubs."""
    page.goto("/upcoming")
    page.get_by_role("main").get_by_role("link").first.wait_for()


def rooms(page: Page, _: Opened) -> None:
    """The list of rooms; in a wide window it stands beside a room."""
    page.goto("/clubs")
    page.get_by_role("navigation").first.wait_for()


def members(page: Page, opened: Opened) -> None:
    """Of the club."""
    page.goto(f"/c/{opened.choir}/members")
    page.get_by_role("dialog").get_by_role("listitem").nth(8).wait_for()


def search(page: Page, opened: Opened) -> None:
    """For a word that many wrote."""
    page.goto(f"/c/{opened.choir}/search")
    page.get_by_role("dialog").locator("input").first.fill("pencil")
    page.keyboard.press("Enter")
    page.get_by_role("dialog").get_by_role("listitem").first.wait_for()


def settings(page: Page, _: Opened) -> None:
    """One's own."""
    page.goto("/settings")
    page.get_by_role("dialog").get_by_role("link").first.wait_for()


def switcher(page: Page, opened: Opened) -> None:
    """By Ctrl+K."""
    page.goto(f"/c/{opened.choir}")
    _stream(page)
    page.keyboard.press("Control+k")
    page.get_by_role("dialog").get_by_role("option").first.wait_for()


def picture(page: Page, opened: Opened) -> None:
    """Opened large."""
    page.goto(f"/c/{opened.talks['amelie']}")
    _stream(page)
    page.get_by_role("log").locator("button:has(img)").last.click()
    page.get_by_role("dialog").locator("img").first.wait_for()


def empty(page: Page, opened: Opened) -> None:
    """A room that was just made."""
    page.goto(f"/c/{opened.choir}/new-room")
    page.get_by_role("dialog").locator("input").first.fill("Trip to Bruges")
    page.get_by_role("dialog").locator(".lamp").click()
    page.get_by_role("main").get_by_role("heading", name="Trip to Bruges").nth(1).wait_for()


def host(page: Page, _: Opened) -> None:
    """For whoever runs the place."""
    page.goto("/host")
    page.get_by_role("dialog").get_by_role("listitem").first.wait_for()


def lifts(page: Page, opened: Opened) -> None:
    """The room that is open when the line is cut."""
    page.goto(f"/c/{opened.rooms['lifts']}")
    _stream(page)


def offline(page: Page, opened: Opened) -> None:
    """On the page that stands open: what is new would have to be fetched."""
    page.context.set_offline(True)
    page.get_by_role("textbox").last.fill("Running late, start without me.")
    page.get_by_role("button", name=SEND).click()
    page.locator(".banner").wait_for()
    _to_the_end(page)


VIEWS = [
    View("doors", doors, outside=True),
    View("join", join, outside=True),
    View("invite", invite),
    View("room", room),
    View("filling", filling),
    View("event", event),
    View("rooms", rooms),
    View("upcoming", upcoming),
    View("members", members),
    View("search", search),
    View("settings", settings),
    View("switcher", switcher),
    View("picture", picture),
    View("empty", empty),
    View("host", host),
    View("lifts", lifts, kept=False),
    View("offline", offline, last=True),
]


def _stream(page: Page) -> None:
    page.get_by_role("log").get_by_role("article").first.wait_for()


def _to_the_end(page: Page) -> None:
    page.locator(".scroller").last.evaluate("(one) => one.scrollTo({ top: one.scrollHeight })")


def _same_code(page: Page, opened: Opened) -> None:
    """Each club has a code of its own, made by chance: the pictures show one that is always the same."""

    def invitation(route: Route) -> None:
        said = {"code": SHOWN, "url": f"https://club.example/join/{CODE}", "only_here": False}
        route.fulfill(json=said)

    def preview(route: Route) -> None:
        route.continue_(post_data=(route.request.post_data or "").replace(CODE, opened.code))

    page.route("**/api/groups/*/code", invitation)
    page.route("**/api/clubs/preview", preview)
