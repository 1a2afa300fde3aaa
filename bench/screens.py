"""How fast the client is in a real browser: from the address to the first screen, from one room to another,
and through a room with a long past; on this machine, and with a processor that is four times as slow, as in a
phone.
"""

import asyncio
import time
from pathlib import Path
from typing import Any

import httpx
from playwright.async_api import Browser, BrowserContext, CDPSession, Page

from bench.club import SUPERUSER, Club, Person, fill, queries
from bench.figure import Figure
from bench.first_load import SCRIPT_KB_MAX, first_load, languages_in
from bench.pictures import VIEWPORT, browser
from bench.stage import Stage
from clubroom.app.settings import DIST

TEXTS = Path(__file__).parents[1] / "web" / "src" / "texts"
LONG, SHORT = 10_000, 300
PHONE_TIMES = 4
"""A phone's processor is so many times as slow."""
WARM_BAR_MS, SWITCH_BAR_MS, TASK_BAR_MS, NODES_BAR = 1_000, 150, 50, 20_000
SWITCHES = 6
SCROLL_PX = 600
"""In each frame: faster than people read, as fast as they fling."""
SCROLL_S, SCROLL_WITHIN_MS = 200, 180_000
WITHIN_MS = 60_000

Found = dict[str, float]


async def measure(stage: Stage) -> list[Figure]:
    """Somebody in three clubs, of 16, 256 and 1,000; in the smallest there are 10,000 messages."""
    person = stage.town.circles[0].people[0]
    rooms = await _rooms(stage, person)
    size = first_load(DIST, languages_in(TEXTS)).script_kb
    figures = [Figure(what="first script, gzip", unit="kB", runs=[size], bar=SCRIPT_KB_MAX)]
    async with browser() as chromium:
        for times in (1, PHONE_TIMES):
            runs = []
            for run in range(1, stage.effort.runs + 1):
                stage.say(f"In a browser, processor ÷ {times}, run {run}")
                runs.append(await _run(chromium, stage, person, rooms, times))
            figures += _figures(runs, times)
    return figures


def _figures(runs: list[Found], times: int) -> list[Figure]:
    """A bar holds where the processor is not made slower; beside it one sees what a phone would need."""
    beside = "" if times == 1 else f", processor ÷ {times}"
    told = [
        ("first page, cold, to its door", "first", "ms", None),
        ("first load of the app, cold, to the doors", "cold", "ms", None),
        ("warm start to the last room's messages", "warm", "ms", WARM_BAR_MS),
        ("room switch from the local store", "switch", "ms", SWITCH_BAR_MS),
        (f"longest task while scrolling through {LONG:,} messages", "task", "ms", TASK_BAR_MS),
        (f"tasks over {TASK_BAR_MS} ms meanwhile", "tasks", "", None),
        ("frames that were dropped meanwhile", "dropped", "%", None),
        ("nodes in the page at the other end", "nodes", "", NODES_BAR),
        ("memory that the past takes, once read", "heap", "MB", None),
    ]
    return [
        Figure(what=what + beside, unit=unit, runs=[run[key] for run in runs], bar=None if beside else bar)
        for what, key, unit, bar in told
    ]


async def _rooms(stage: Stage, person: Person) -> tuple[Club, Club]:
    """Filled, and read."""
    long, short = stage.town.circles[0], stage.town.crowded
    async with stage.server.connection(SUPERUSER) as sql:
        await queries.become_writer(sql)
        for club, messages in ((long, LONG), (short, SHORT)):
            await fill(sql, club, messages)
        heads = {club.group: await queries.heads(sql, groups=[club.group]) for club in (long, short)}
    async with _speaking(stage, person, long, short) as http:
        for group, head in heads.items():
            (await http.put(f"/api/groups/{group}/read", json={"seq": head})).raise_for_status()
    return long, short


def _speaking(stage: Stage, person: Person, *clubs: Club) -> httpx.AsyncClient:
    token = stage.mint.token(person, *(club.group for club in clubs))
    headers = {"authorization": f"Bearer {token}"}
    return httpx.AsyncClient(base_url=_home(stage), headers=headers, timeout=30)


def _home(stage: Stage) -> str:
    return f"http://localhost:{stage.server.port}"


async def _run(
    chromium: Browser, stage: Stage, person: Person, rooms: tuple[Club, Club], times: int
) -> Found:
    """One visit after the other, in a profile of its own."""
    first = await _first(chromium, stage, times)
    context = await chromium.new_context(viewport=VIEWPORT, locale="en-GB")
    context.set_default_timeout(WITHIN_MS)
    try:
        long, short = (f"/c/{club.group}" for club in rooms)
        page, _ = await _page(context, times)
        found = {"cold": await _shown(page, _home(stage) + "/app", "main a[href='/join']")}
        await _sign_in(page, stage, person, rooms)
        for room in (short, long):  # both are in the store, and the last is the one to come back to
            await page.goto(_home(stage) + room)
            await page.locator("[role=log] article").first.wait_for()
        await page.evaluate(_KEPT)
        await page.close()
        page, devtools = await _page(context, times)
        found["warm"] = await _shown(page, _home(stage) + "/", "[role=log] article")
        switches = [await page.evaluate(_SWITCH, [short, long][i % 2]) for i in range(SWITCHES)]
        found["switch"] = sorted(switches)[SWITCHES // 2]
        return first | found | await _scrolled(page, devtools)
    finally:
        await context.close()


async def _first(chromium: Browser, stage: Stage, times: int) -> Found:
    """The page that is read without the app, by somebody who has nothing of it yet."""
    context = await chromium.new_context(viewport=VIEWPORT, locale="en-GB")
    context.set_default_timeout(WITHIN_MS)
    try:
        page, _ = await _page(context, times)
        return {"first": await _shown(page, _home(stage) + "/", "main a[href='/join']")}
    finally:
        await context.close()


async def _page(context: BrowserContext, times: int) -> tuple[Page, CDPSession]:
    page = await context.new_page()
    devtools = await context.new_cdp_session(page)
    await devtools.send("Emulation.setCPUThrottlingRate", {"rate": times})
    return page, devtools


async def _shown(page: Page, address: str, what: str) -> float:
    """Milliseconds from the beginning of the way there until it is drawn."""
    await page.add_init_script(_WATCH.replace("WHAT", what))
    await page.goto(address, wait_until="commit")
    return float(await page.evaluate("() => window.shown"))


async def _sign_in(page: Page, stage: Stage, person: Person, rooms: tuple[Club, Club]) -> None:
    async with _speaking(stage, person, *rooms) as http:
        link = (await http.post("/api/sign-in-links")).raise_for_status().json()["url"]
    await page.goto(_home(stage) + link[link.index("/sign-in") :])
    await page.get_by_role("button", name="Sign in on this device").click()
    await page.get_by_role("textbox", name="Message", exact=True).wait_for()


async def _scrolled(page: Page, devtools: CDPSession) -> Found:
    """From the newest message to the first, and what that cost."""
    before = await _memory(devtools)
    begun = time.monotonic()
    async with asyncio.timeout(SCROLL_S):
        found: Found = await page.evaluate(_SCROLL, [SCROLL_PX, SCROLL_WITHIN_MS])
    assert found["rows"] >= LONG, f"{found['rows']} messages came by in {time.monotonic() - begun:.0f} s"
    after = await _memory(devtools)
    return found | {"nodes": after["nodes"], "heap": (after["heap"] - before["heap"]) / 1e6}


async def _memory(devtools: CDPSession) -> Found:
    """After all is gone that nobody holds."""
    await devtools.send("HeapProfiler.enable")
    await devtools.send("HeapProfiler.collectGarbage")
    heap: dict[str, Any] = await devtools.send("Runtime.getHeapUsage")
    counters: dict[str, Any] = await devtools.send("Memory.getDOMCounters")
    return {"heap": float(heap["usedSize"]), "nodes": float(counters["nodes"])}


# The moment, counted from the beginning of the navigation, after the frame with it was drawn.
_WATCH = """
window.shown = new Promise((done) => {
  const look = () => {
    if (!document.querySelector(`WHAT`)) return requestAnimationFrame(look);
    requestAnimationFrame(() => done(performance.now()));
  };
  look();
});
"""

# The shell is kept, so that the next start comes from it.
_KEPT = """
async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
}
"""

_SWITCH = """
(to) => new Promise((done) => {
  const log = document.querySelector("[role=log]");
  const link = Object.assign(document.createElement("a"), { href: to }); // as those at the side
  document.body.append(link);
  const begun = performance.now();
  link.click();
  link.remove();
  const look = () => {
    const now = document.querySelector("[role=log]");
    if (!now || now === log || !now.querySelector("article")) return requestAnimationFrame(look);
    requestAnimationFrame(() => done(performance.now() - begun));
  };
  requestAnimationFrame(look);
})
"""

# A frame counts as dropped for each 1/60 s that it came late, of all that there should have been.
_SCROLL = """
([by, within]) => new Promise((done, failed) => {
  const log = document.querySelector("[role=log]");
  const scroller = log.closest(".scroller");
  const seen = new Set(), tasks = [];
  const watch = new PerformanceObserver((list) => tasks.push(...list.getEntries().map((e) => e.duration)));
  watch.observe({ type: "longtask" });
  const begun = performance.now();
  let last = begun, late = 0, frames = 0, still = 0;
  const step = (now) => {
    const missed = Math.max(0, Math.round((now - last) / (1000 / 60)) - 1);
    late += missed;
    frames += 1 + missed;
    last = now;
    for (const row of log.children) seen.add(row.dataset.key);
    const top = scroller.scrollTop;
    scroller.scrollBy({ top: -by, behavior: "instant" });
    still = top === 0 && scroller.scrollTop === 0 ? still + 1 : 0;
    if (still < 60 && now - begun < within) return requestAnimationFrame(step);
    watch.disconnect();
    done({
      rows: seen.size,
      task: Math.max(0, ...tasks),
      tasks: tasks.length,
      dropped: (100 * late) / frames,
    });
  };
  requestAnimationFrame(step);
})
"""
