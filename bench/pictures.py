"""How long a photo is on its way: from the click that picks it to the other person, who sees it. Two real
browser pages; making it smaller, bringing it, the check, the message and fetching it are all in that time.
"""

import asyncio
import io
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from uuid import uuid4

import httpx
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, ViewportSize, async_playwright

from bench.figure import Figure
from bench.server import Server
from bench.stage import Stage

CHROMIUM = Path("/usr/bin/chromium-headless-shell")
ARGUMENTS = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update"]
VIEWPORT: ViewportSize = {"width": 1280, "height": 800}
WIDTH, HEIGHT = 4_000, 3_000
GRAIN = 160, 120
QUALITY = 90
SEEN_WITHIN_MS = 60_000
BAR_S = 3.0


async def measure(stage: Stage) -> list[Figure]:
    """Another photo each time: nothing is known of it before."""
    took = []
    async with browser() as chromium, two_pages(chromium, stage.server) as (sender, reader):
        await _sent(sender, reader, 0)  # the first one finds nothing warm, and is not told
        for run in range(1, stage.effort.runs + 1):
            stage.say(f"A photo from one browser to another, run {run}")
            took.append(await _sent(sender, reader, run))
    what = "12 MP photo, from click to visible for another person"
    return [Figure(what=what, unit="s", runs=took, bar=BAR_S)]


@asynccontextmanager
async def browser() -> AsyncIterator[Browser]:
    """A real one."""
    async with async_playwright() as playwright:
        chromium = await playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        try:
            yield chromium
        finally:
            await chromium.close()


@asynccontextmanager
async def two_pages(chromium: Browser, server: Server) -> AsyncIterator[tuple[Page, Page]]:
    """Of two people in a club of their own, each before an open room."""
    home = f"http://localhost:{server.port}"
    async with httpx.AsyncClient(base_url=home, timeout=30) as http:
        owner = await _account(http, email=f"{uuid4()}@example.org", password=secrets.token_hex(16))
        club = await _told(http, owner, "/api/clubs", {"key": str(uuid4()), "name": "Bench"})
        other = await _account(http)
        await _told(http, other, "/api/clubs/join", {"code": club["code"]})
        links = [await _told(http, token, "/api/sign-in-links", None) for token in (owner, other)]
    pages = []
    for link in links:
        context = await chromium.new_context(viewport=VIEWPORT, locale="en-GB")
        page = await context.new_page()
        await page.goto(home + link["url"][link["url"].index("/sign-in") :])
        await page.get_by_role("button", name="Sign in on this device").click()
        await page.get_by_role("textbox", name="Message", exact=True).wait_for()
        pages.append(page)
    yield pages[0], pages[1]


async def _account(http: httpx.AsyncClient, **sign_in: str) -> str:
    answer = await http.post("/api/accounts", json={"name": "Bench", **sign_in})
    answer.raise_for_status()
    return str(answer.json()["access_token"])


async def _told(http: httpx.AsyncClient, token: str, path: str, said: object) -> dict[str, str]:
    body = {} if said is None else {"json": said}
    answer = await http.post(path, headers={"authorization": f"Bearer {token}"}, **body)  # type: ignore[arg-type]
    answer.raise_for_status()
    found: dict[str, str] = answer.json()
    return found


async def _sent(sender: Page, reader: Page, run: int) -> float:
    """Seconds."""
    text = f"photo {run}"
    picked: FilePayload = {"name": f"{run}.jpg", "mimeType": "image/jpeg", "buffer": photo()}
    seeing = asyncio.create_task(reader.evaluate(_SEEN, [text, SEEN_WITHIN_MS]))
    await sender.get_by_role("textbox", name="Message", exact=True).fill(text)
    begun = time.perf_counter()
    await sender.locator("input[type=file]").set_input_files([picked])
    await sender.get_by_role("button", name="Send").click()
    await seeing
    return time.perf_counter() - begun


def photo() -> bytes:
    """As large as a phone makes them, and about as fine: some megabytes."""
    soft = Image.frombytes("RGB", GRAIN, os.urandom(3 * GRAIN[0] * GRAIN[1]))
    picture = soft.resize((WIDTH, HEIGHT), Image.Resampling.BICUBIC)
    grain = Image.effect_noise((WIDTH, HEIGHT), 16).convert("RGB")
    made = io.BytesIO()
    Image.blend(picture, grain, 0.3).save(made, "JPEG", quality=QUALITY)
    return made.getvalue()


# When the server's picture stands in that message, whole, and has been drawn.
_SEEN = """
([text, within]) => new Promise((done, failed) => {
  const clock = setTimeout(() => failed(new Error("nobody saw it")), within);
  const look = () => {
    const row = [...document.querySelectorAll("[role=log] article")].find((a) => a.innerText.includes(text));
    const picture = row?.querySelector("img:not(.under)");
    if (!picture?.src.startsWith("http") || !picture.complete || !picture.naturalWidth) {
      return requestAnimationFrame(look);
    }
    clearTimeout(clock);
    requestAnimationFrame(() => done(true));
  };
  look();
})
"""
