"""Takes the pictures of the README from a running Clubroom: python docs/pictures/make.py LINK

LINK is a sign-in link (`make demo` shows one; in the app: Settings, "Sign in another device"). It is used up
by this. The pictures show a room of the first club of whoever it signs in, in light and on a phone.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser, Page, StorageState, sync_playwright

HERE = Path(__file__).parent
CHROMIUM = "/usr/bin/chromium-headless-shell"
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking"]
DESKTOP = {"viewport": {"width": 1280, "height": 800}, "device_scale_factor": 1}
ROOM = "Rehearsal notes"
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True}


def main(link: str) -> None:
    """Both pictures."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        club, signed_in = take(browser, link, DESKTOP, "chat.png", None)
        take(browser, club, PHONE, "chat-phone.png", signed_in)
        browser.close()


def take(
    browser: Browser, address: str, screen: dict[str, object], name: str, signed_in: StorageState | None
) -> tuple[str, StorageState]:
    """One picture; the address of the room that it shows, and what keeps this browser signed in."""
    context = browser.new_context(
        **screen,  # type: ignore[arg-type]
        storage_state=signed_in,
        color_scheme="light",
        reduced_motion="reduce",
        locale="en-GB",
    )
    page = context.new_page()
    page.goto(address)
    if signed_in is None:
        page.get_by_role("button", name="Sign in on this device").click()
        page.get_by_role("link", name=ROOM).click()
        page.get_by_role("heading", name=ROOM).wait_for()
    settle(page)
    page.mouse.move(0, 0)
    page.screenshot(path=HERE / name, animations="disabled")
    found = page.url, context.storage_state(indexed_db=True)
    context.close()
    return found


def settle(page: Page) -> None:
    """Messages are there, fonts too, and who is online has been told (that takes a breath of two seconds)."""
    page.get_by_role("log").get_by_role("article").first.wait_for()
    page.evaluate("document.fonts.ready")
    jump = page.get_by_role("button", name="Jump to latest")
    if jump.is_visible():
        jump.click()
    page.wait_for_timeout(3_000)


if __name__ == "__main__":
    main(*sys.argv[1:])
