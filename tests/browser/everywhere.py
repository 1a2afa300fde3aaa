"""Every screen of the client: a club in which all of them have something to show, and a walk through them.

Names and words of these people are Greek, so that whatever Latin stands on the screen is the client's own.
"""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

from playwright.async_api import Page
from playwright.async_api import TimeoutError as Late

from browser.talk import say
from browser.viewer import Viewer
from house import bringing
from house.events import made, says
from house.person import Person
from house.server import House
from house.uuid7 import uuid7

CLIENT = Path(__file__).parents[2] / "web"
ROUTER = CLIENT / "src/state/router.svelte.ts"
CLUB = "Χορωδία"
LONG = "Αναστασία Βασιλική Παπαδοπούλου-Κωνσταντινίδου"

# Which screen of the router each address shows. `{club}`, `{room}`, `{talk}`, `{event}`: groups.
OUTSIDE = {
    "view doors": ["/app"],
    "view join": ["/join", "/join/{code}"],
    "view create": ["/create"],
    "view sign-in": ["/sign-in"],
    "view page": ["/privacy"],
    "view forgot": ["/forgot"],
    "view reset": ["/reset"],
    "view verify": ["/verify"],
    "view mail": ["/mail"],
    "view answer": ["/answer"],
    "view signed-in": ["/signed-in"],
}
INSIDE = {
    "view room": ["/c/{club}", "/c/{room}", "/c/{talk}", "/c/{event}", "/c/{notes}", "/c/999999"],
    "view clubs": ["/clubs"],
    "view join-or-create": ["/join-or-create"],
    "view welcome": ["/welcome"],
    "view waiting": ["/waiting"],
    "view activity": ["/activity"],
    "view upcoming": ["/upcoming"],
    "view host": ["/host"],
    "view settings": ["/settings"],
    **{
        f"own {part}": [f"/settings/{part}"]
        for part in (
            "profile", "quiet", "sign-in", "devices", "notifications", "letters", "calendar", "data",
            "delete",
        )
    },
    **{
        f"over {over}": [f"/c/{{club}}/{over}"]
        for over in (
            "labels", "emotes", "invite", "rooms", "new-room", "new-message", "pins", "codes", "requests",
            "reports", "blocks", "search", "bring", "reach", "settings", "audit", "leave", "delete",
            "statistics", "storage", "new-event",
        )
    },
    "over members": ["/c/{club}/members", "/c/{club}", "/c/{club}/members/{ben}"],
    "over about": ["/c/{club}/about", "/c/{room}/about", "/c/{talk}/about", "/c/{event}/about"],
    "over add": ["/c/{room}/add"],
    "over chat": ["/c/{event}/chat"],
    "over check-in": ["/c/{event}/check-in"],
    "over edit-event": ["/c/{event}/edit-event"],
    "over copy-event": ["/c/{event}", "/c/{event}/copy-event"],
    "over cancel-event": ["/c/{event}/cancel-event"],
}  # fmt: skip


def routes() -> set[str]:
    """What the router knows, as its source says it."""
    source = ROUTER.read_text()
    lists = {
        kind: set(re.findall(r'"([\w-]+)"', re.search(rf"{name} = \[(.*?)\]", source, re.DOTALL)[1]))  # type: ignore[index]
        for kind, name in (("over", "OVERS"), ("own", "OWN_PARTS"))
    }
    route = source[source.index("export type Route") : source.index("export function routeOf")]
    views = {
        view for union in re.findall(r"view: ([^;}]+)", route) for view in re.findall(r'"([\w-]+)"', union)
    }
    return {f"{kind} {name}" for kind, names in (lists | {"view": views}).items() for name in names}


@dataclass
class Furnished:
    """A club and who runs it."""

    ann: Person
    ben: Person
    places: dict[str, str]

    def at(self, address: str) -> str:
        return address.format(**self.places)


async def furnish(hall: House) -> Furnished:
    """With messages of every kind, rooms, an event that fills up, somebody who knocks, and a report."""
    ann = await hall.person("Άννα", with_email=True)
    club = await ann.create_club(CLUB)
    group, ben, cleo, dora = club["group"], *[await hall.person(name) for name in ("Βασίλης", LONG, "Δώρα")]
    for one in (ben, cleo):
        await one.join(club["code"])
    await bringing.images(hall, ann, group)
    await bringing.previews(hall, ann, group)
    await say(hall, ben, group, "Καλησπέρα", "- ένα\n- δύο\n\n> λόγια", "ω" * 200, f"<@{ann.user}> έλα")
    said = await cleo.post(group, "Ωραία συναυλία!")
    await ben.react(said["id"], "👍")
    await ann.react(said["id"], "👍")
    await ann.ok("PUT", f"/api/messages/{said['id']}/pin")
    await ben.ok("POST", f"/api/messages/{said['id']}/reports", {"reason": "λόγος", "club": group})
    label = str(uuid7())
    await ann.ok("PUT", f"/api/groups/{group}/labels/{label}", {"name": "Σοπράνο"})
    room, talk = await ann.channel(group, "Πρόβες"), await ann.dm(ben)
    await say(hall, ben, talk, "γεια")
    event, chat = await made(ann, group, name="Πρόβα", place="Πλατεία", places=20)
    for one in (ann, ben, cleo):
        await says(one, event, "going")
    asks = await ann.ok("POST", f"/api/groups/{group}/codes", {"key": str(uuid7()), "asks": True})
    await dora.ok("POST", "/api/clubs/join", {"code": asks["code"], "answer": "ναι"})
    notes = next(one["group"] for one in (await ann.me())["groups"] if one["kind"] == "self")
    places = {
        "club": group, "room": room, "talk": talk, "event": chat, "notes": notes, "ben": ben.user,
        "code": club["code"],
    }  # fmt: skip
    return Furnished(ann, ben, {name: str(value) for name, value in places.items()})


async def walk(viewer: Viewer, club: Furnished, screens: dict[str, list[str]]) -> AsyncIterator[str]:
    """Opens each of them, without loading the page again, and gives its address when all of it is there."""
    for addresses in screens.values():
        for address in addresses:
            await show(viewer.page, club.at(address))
            yield address


async def show(page: Page, path: str) -> None:
    """As by a link within the client; returns when the screen is there and stands still."""
    await page.evaluate(_GO, path)
    try:
        await page.wait_for_function(_IS_THERE)
    except Late as late:
        late.add_note(f"{path} shows {await page.evaluate('document.body.innerText')!r}")
        raise
    await page.evaluate(_AT_REST)


_GO = """
(path) => {
  for (const old of document.querySelectorAll("dialog")) old.dataset.old = "";
  document.querySelector("[popover]:popover-open")?.hidePopover();
  history.pushState({ depth: 1 }, "", path);
  dispatchEvent(new PopStateEvent("popstate", { state: { depth: 1 } }));
}
"""

# Whatever was open is gone, and nothing says any more that it is on its way.
_IS_THERE = r"""
() => {
  const shown = [...document.querySelectorAll("h1")].some((e) => e.checkVisibility());
  const waits = document.querySelector("[aria-busy=true]");
  const word = [...document.querySelectorAll("dialog p")].some((e) => /^.{5,40}…\W*$/.test(e.textContent));
  const flat = /^[/](app|clubs|upcoming)$|^[/]c[/]\d+([/]chat)?$/.test(location.pathname);
  if (!flat && !document.querySelector("dialog[open]")) return false; // it comes later
  return shown && !document.querySelector("dialog[data-old]") && !waits && !word;
}
"""

_AT_REST = """
async () => {
  await document.fonts.ready;
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
  await Promise.all(document.getAnimations()
    .filter((a) => a.effect.getComputedTiming().iterations !== Infinity)
    .map((a) => a.finished.catch(() => 0)));
}
"""
