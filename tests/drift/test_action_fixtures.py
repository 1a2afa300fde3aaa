"""F17 for both languages: what a state becomes by actions, as the real server shows it, kept in files.

The Python reducer of these tests and the client's `apply.ts` are held to the same files. Ids and times are
replaced by small stable ones. `make fixtures` writes the files anew.
"""

import json
import os
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import pytest

from clubroom.actions import AnyAction
from clubroom.app.settings import Settings
from clubroom.dba import identities, place, reminders
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.pool import Database
from house import events as event
from house.apply import apply, comparable, empty
from house.authenticator import passkey_of
from house.bringing import images, own_emotes, pictures, previews, ready
from house.mailbox import Folder, secret_in
from house.person import Json, Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

FOLDER = Path(__file__).parents[1] / "fixtures" / "actions"
KINDS = sorted(kind.__struct_config__.tag for kind in get_args(AnyAction))


def files() -> list[Path]:
    return sorted(FOLDER.glob("*.json"))


def test_every_kind_of_action_stands_in_a_fixture() -> None:
    seen = {action["type"] for file in files() for action in json.loads(file.read_text())["actions"]}
    assert sorted(seen) == KINDS


@pytest.mark.parametrize("file", files(), ids=lambda file: file.stem)
def test_the_state_after_the_actions_is_the_fresh_state(file: Path) -> None:
    case = json.loads(file.read_text())
    state = case["before"]
    for action in case["actions"]:
        state = apply(state, action)
    assert comparable(state, 0) == comparable(case["after"], 0)


async def test_the_fixtures_are_what_the_server_says_today(
    house: House, settings: Settings, postgres: EmbeddedPostgres, database: Database
) -> None:
    made = await scenario(house, postgres.owner_dsn)
    made |= await oneself(house, Folder(settings.data / "mail")) | await a_list(house)
    made |= await events(house, database)
    if os.environ.get("CLUBROOM_WRITE_FIXTURES"):
        for name, case in made.items():
            (FOLDER / f"{name}.json").write_text(json.dumps(case, indent=1, ensure_ascii=False) + "\n")
    kept = {file.stem: json.loads(file.read_text()) for file in files()}
    assert kept == made, "run: make fixtures"


async def scenario(house: House, owner_dsn: str) -> dict[str, Json]:
    """A club's first day, seen as states and actions, group by group."""
    ann = await house.person("Ann", with_email=True)
    ann_self = (await ann.groups())[0]
    before_ann = empty(await ann.snapshot(ann_self))
    made = await ann.create_club("Kammerchor Lindenhof")
    club = made["group"]
    admins = max(await ann.groups())
    before_club, before_admins = empty(await ann.snapshot(club)), empty(await ann.snapshot(admins))
    ben = await house.person("Ben")
    ben_self = (await ben.groups())[0]
    before_ben = await ben.snapshot(ben_self)
    await ben.join(made["code"])
    await ben.post(club, 'Good evening!\nIs it "seven" or half past?')
    await ann.post(club, "Seven. 🎶 مرحبا")
    await ben.remove(club, ben.user)
    await ben.ok("PUT", "/api/me/sign-in", {"email": f"{uuid7()}@example.org", "password": PASSWORD})
    await ben.join(made["code"])
    await ben.post(ben_self, "buy strings")
    await images(house, ann, club)
    await pictures(house, ann, ben, club)
    await previews(house, ann, club)
    await roles_and_labels(ann, ben, club)
    await own_emotes(house, ann, club)
    await ann.ok("PATCH", f"/api/groups/{club}", {"rooms_by_admins": True, "sign": "🎶", "colour": 3})
    await ann.ok("PATCH", f"/api/groups/{club}", {"name": "Kammerchor", "sign": None, "history": "month"})
    await ann.ok("PATCH", f"/api/groups/{club}", {"default_level": "mentions"})
    await door(ann, ben, club)
    before_public, before_private, before_dm = await rooms(ann, ben, club)
    await suspended_and_opened(house, club, owner_dsn)
    await ann.remove(club, ben.user)
    names = Names({ann.user: "ann", ben.user: "ben"})
    return {
        "a_public_room": await case(names, ann, before_public),
        "a_private_room": await case(names, ann, before_private),
        "two_who_talk": await case(names, ben, before_dm),
        "a_club": await case(names, ann, before_club),
        "its_admins": await case(names, ann, before_admins),
        "the_owner_alone": await case(names, ann, before_ann),
        "a_member_alone": await case(names, ben, before_ben),
        "a_club_that_ends": names.stable(await the_end(ann)),
    }


async def roles_and_labels(ann: Person, ben: Person, club: int) -> None:
    """Ben helps to run the club for a while, and is called by what he sings."""
    tenor, bass = sorted((uuid7(), uuid7()))
    for person, role in ((ann, "admin"), (ann, "owner"), (ben, "admin"), (ben, "member")):
        await person.ok("PUT", f"/api/groups/{club}/members/{ben.user}/role", {"role": role})
    for label, name in ((tenor, "Tenor"), (bass, "Bas"), (bass, "Bass")):
        await ann.ok("PUT", f"/api/groups/{club}/labels/{label}", {"name": name})
    carried = f"/api/groups/{club}/members/{ben.user}/labels"
    await ann.ok("PUT", carried, {"labels": [str(bass), str(tenor)]})
    await ann.ok("PUT", carried, {"labels": []})
    await ann.ok("PUT", carried, {"labels": [str(bass)]})
    await ann.ok("POST", f"/api/groups/{club}/labels/{tenor}/members", {"add": [ann.user, ben.user]})
    await ann.ok("DELETE", f"/api/groups/{club}/labels/{bass}")


async def door(ann: Person, ben: Person, club: int) -> None:
    """A code that asks; somebody is let in by it after they were not, and somebody tells on somebody."""
    new = {"key": str(uuid7()), "asks": True}
    code = await ann.ok("POST", f"/api/groups/{club}/codes", new)
    await ann.ok("PATCH", f"/api/groups/{club}/codes/{code['id']}", {"note": "Autumn fair"})
    await ben.remove(club, ben.user)
    for accept in (False, True):
        await ben.ok("POST", "/api/clubs/join", {"code": code["code"]})
        await ann.ok("POST", f"/api/groups/{club}/requests/{ben.user}", {"accept": accept})
    await ann.ok("DELETE", f"/api/groups/{club}/codes/{code['id']}")
    await ann.ok("POST", f"/api/groups/{club}/reports", {"user": ben.user, "reason": "snores"})
    [report] = (await ann.ok("GET", f"/api/groups/{club}/reports"))["reports"]
    await ann.ok("DELETE", f"/api/groups/{club}/reports/{report['report']}")


async def suspended_and_opened(house: House, club: int, owner_dsn: str) -> None:
    """By somebody who runs the place."""
    hilda = await house.person("Hilda")
    await place.add_host(owner_dsn, hilda.user)
    for on in (True, False):
        await hilda.ok("PATCH", f"/api/host/clubs/{club}", {"suspended": on})


async def the_end(ann: Person) -> Json:
    """Nobody is shown a fresh state after it: what was there stays, one action further."""
    club = (await ann.create_club("Short-lived"))["group"]
    before = await ann.snapshot(club)
    device = await ann.device()
    await ann.ok("DELETE", f"/api/groups/{club}", {"name": "Short-lived"})
    await device.until(lambda: device.actions(club))
    return {"before": before, "actions": device.actions(club), "after": before | {"seq": before["seq"] + 1}}


async def vouched_for(house: House, who: Person) -> None:
    """An issuer has said that it is they."""
    key = house.process.tokens.verify(who.token).key
    issuer, sub = "https://issuer.example", f"auth0|{uuid7()}"
    await identities.connect(house.process.db, key, issuer=issuer, sub=sub)


async def oneself(house: House, mail: Folder) -> dict[str, Json]:
    """What one does with one's own account, to the end."""
    ann = await house.person("Ann", with_email=True)
    made = await ann.create_club("Schachclub")
    club, dan = made["group"], await house.person("Dan")
    alone = (await dan.groups())[0]
    before_alone, before_club = empty(await dan.snapshot(alone)), empty(await ann.snapshot(club))
    await dan.join(made["code"])
    await dan.post(club, "What I said stays.")
    await ann.ok("POST", f"/api/groups/{club}/members/{dan.user}/sign-in-link")
    email = f"{uuid7()}@example.org"
    await dan.ok("PUT", "/api/me/sign-in", {"email": email, "password": PASSWORD})
    secret = secret_in(await mail.next_to(email))
    await dan.ok("POST", "/api/email-verifications", {"link": secret})
    await passkey_of(dan)
    await vouched_for(house, dan)
    await dan.ok("PATCH", "/api/me", {"name": "Daniel", "time_zone": "Europe/Berlin", "language": "de"})
    every_night = {"days": [0, 1, 2, 3, 4, 5, 6], "from": "22:00", "to": "07:00"}
    for spans in ([every_night], []):
        await dan.ok("PUT", "/api/me/quiet", {"spans": spans})
    await dan.ok("PATCH", "/api/me", {"invisible": True})
    await dan.ok("PUT", "/api/me/mail", {"missed": "never", "announcements": True})
    names = Names({ann.user: "ann", dan.user: "dan"})
    changed = await case(names, dan, before_alone)
    said = {"password": PASSWORD}
    assert (await dan.http.post("/api/me/deletion", json=said, headers=dan.headers)).status_code == 204
    return {"oneself": changed, "somebody_leaves_for_good": await case(names, ann, before_club)}


async def a_list(house: House) -> dict[str, Json]:
    """Somebody is brought in who has no device yet, called otherwise, and comes."""
    ann = await house.person("Ann", with_email=True)
    club = (await ann.create_club("Ruderverein"))["group"]
    admins = max(await ann.groups())
    before_club, before_admins = empty(await ann.snapshot(club)), empty(await ann.snapshot(admins))
    board = str(uuid7())
    await ann.ok("PUT", f"/api/groups/{club}/labels/{board}", {"name": "Board"})
    new = {"key": str(uuid7()), "people": [{"name": "Eva", "labels": [board]}], "as_members": True}
    made = await ann.ok("POST", f"/api/groups/{club}/invitations", new)
    invitation = made["rows"][0]["invitation"]
    eva = next(m["user"] for m in (await ann.snapshot(club))["members"] if m["user"] != ann.user)
    await ann.ok("PUT", f"/api/groups/{club}/managed/{eva}", {"name": "Eve"})
    link = await ann.ok("POST", f"/api/groups/{club}/invitations/{invitation}/link")
    secret = str(link["url"]).partition("#")[2]
    assert (await ann.http.post("/api/invitations/accept", json={"secret": secret})).status_code == 200
    names = Names({ann.user: "ann", eva: "eva"})
    return {
        "somebody_from_a_list": await case(names, ann, before_club),
        "those_who_brought_them": await case(names, ann, before_admins),
    }


async def events(house: House, database: Database) -> dict[str, Json]:
    """One that everybody sees who comes to, and one of which only admins do."""
    ann = await house.person("Ann", with_email=True)
    made = await ann.create_club("Kammerchor")
    club, ben = made["group"], await house.person("Ben")
    alone, admins = (await ben.groups())[0], max(await ann.groups())
    await ben.join(made["code"])
    before_alone, before_admins = await ben.snapshot(alone), await ann.snapshot(admins)
    series = {"start": "2036-11-25T19:00", "end": "2036-11-25T21:00", "rule": "FREQ=WEEKLY;COUNT=2"}
    rehearsal, group = await event.made(ann, club, places=2, guests=1, **series)
    before = empty(await ann.snapshot(group))
    key, other = "2036-11-25T19:00", "2036-12-02T19:00"
    await event.says(ann, rehearsal, "going", key, guests=1)
    await event.says(ben, rehearsal, "going", key, note="by bike")
    await event.says(ann, rehearsal, "no", key)
    await event.says(ben, rehearsal, "going", key)
    await event.planned(ann, club, rehearsal, place="Town hall", guests=1, **series)
    for _ in range(2):
        await ann.ok("DELETE", f"/api/events/{rehearsal}/cover")
        cover = await ready(house, ann, group, 1536, 512, purpose="cover")
        await ann.ok("PUT", f"/api/events/{rehearsal}/cover", {"file": cover})
    await ann.ok("DELETE", f"/api/events/{rehearsal}/occurrences/{other}")
    await ann.ok("DELETE", f"/api/events/{rehearsal}")
    soon = {"start": "2031-11-28T18:30", "end": None, "list_shown": "admins"}
    board, quiet = await event.made(ann, club, **soon)
    before_quiet = empty(await ann.snapshot(quiet))
    await event.says(ben, board, "maybe")
    await reminders.remind(database, moment=datetime(2031, 11, 27, 17, 30, tzinfo=UTC))
    tick = {"user": ben.user, "came": True, "at": "2026-01-01T20:00:00Z"}
    await ann.ok("PUT", f"/api/events/{board}/door", {"key": "once", "ticks": [tick]})
    names = Names({ann.user: "ann", ben.user: "ben"})
    return {
        "a_rehearsal": await case(names, ann, before),
        "who_comes_is_for_admins": await case(names, ann, before_quiet),
        "admins_hear_who_comes": await case(names, ann, before_admins),
        "one_hears_of_oneself": await case(names, ben, before_alone),
    }


async def rooms(ann: Person, ben: Person, club: int) -> tuple[Json, Json, Json]:
    """A public room, a private one and a conversation, and how each was before its first action."""
    public = await ann.channel(club, "Noten", description="Where the scores lie", landing=True)
    before_public = empty(await ann.snapshot(public))
    first, second, third = uuid7(), uuid7(), uuid7()
    await ann.post(public, "The scores are in the cupboard.", first)
    await ben.ok(
        "PUT", f"/api/messages/{second}", {"group": public, "text": "Which?", "reply_to": str(first)}
    )
    await ann.post(public, "to be forgotten", third)
    await ben.react(first, "👍")
    await ann.react(first, "👍")
    await ann.react(first, "❤")
    await ben.react(first, "👍", on=False)
    await ann.ok("PATCH", f"/api/messages/{first}", {"text": "The scores are in the *left* cupboard."})
    await ann.ok("PUT", f"/api/messages/{first}/pin")
    await ann.ok("PUT", f"/api/messages/{third}/pin")
    await ann.ok("DELETE", f"/api/messages/{third}/pin")
    await ann.ok("PATCH", f"/api/messages/{third}", {"text": "to be forgotten soon"})
    await ann.react(third, "🎉")
    await ann.ok("DELETE", f"/api/messages/{third}")
    await ann.ok("PATCH", f"/api/groups/{public}", {"name": "Notenschrank", "announce": True})
    await ben.ok("PUT", f"/api/groups/{public}/follow", {"on": False})
    for for_s in (None, 0):
        await ben.ok("PUT", f"/api/groups/{public}/mute", {"for_s": for_s})
    for level in ("mentions", None):
        await ben.ok("PUT", f"/api/groups/{public}/level", {"level": level})
    await ben.ok("PUT", "/api/activity/seen", {"at": "2999-01-01T00:00:00Z"})
    private = await ann.channel(club, "Board", private=True)
    before_private = empty(await ann.snapshot(private))
    await ann.ok("POST", f"/api/groups/{private}/members", {"users": [ben.user]})
    await ann.remove(private, ann.user)
    await ben.ok("POST", f"/api/groups/{private}/members", {"users": [ann.user]})
    await ben.ok("PATCH", f"/api/groups/{private}", {"archived": True})
    dm = await ben.dm(ann)
    before_dm = empty(await ben.snapshot(dm))
    await ben.post(dm, "just us")
    for method in ("PUT", "DELETE"):
        await ben.ok(method, f"/api/me/blocks/{ann.user}")
    return before_public, before_private, before_dm


async def case(names: "Names", person: Person, before: Json) -> Json:
    """From `before` to now."""
    actions = await person.actions(before["group"], before["seq"])
    after = await person.snapshot(before["group"])
    after["window"] = before["window"]
    edited = {action["at"]: stable_time(action["seq"]) for action in actions}
    for message in after["messages"]:
        if "edited_at" in message:
            message["edited_at"] = edited[message["edited_at"]]
    made: Json = names.stable({"before": before, "actions": actions, "after": after})
    for state in (made["before"], made["after"]):
        state["members"].sort(key=lambda member: str(member["user"]))
    return made


def stable_time(seq: int) -> str:
    return f"2026-01-01T20:00:00.{seq:06}Z"


class Names:
    """Small stable names for what differs from run to run, in the order of appearance."""

    def __init__(self, known: dict[str, str]) -> None:
        self.known = known
        self.counts: dict[str, int] = {}

    def stable(self, found: Any, key: str = "") -> Any:
        """The same with stable values."""
        if isinstance(found, dict):
            # two actions may happen in one microsecond: their place in the log tells them apart
            timed = found | {name: stable_time(found["seq"]) for name in ("at", "sent_at") if name in found}
            return {name: self.stable(value, name) for name, value in timed.items()}
        if isinstance(found, list):
            return [self.stable(value, key) for value in found]
        if key in ("group", "parent") and found is not None:
            return int(self._name("group", str(found), "{}"))
        if key == "event" and isinstance(found, int):
            return self.stable(found, "group")
        if key in ("upto", "until"):
            return stable_time(0)
        if key in ("code", "report") and isinstance(found, int):
            return int(self._name(key, f"{key} {found}", "{}"))
        shapes = {
            "id": "01900000-0000-7000-8000-{:012}",
            "event": "01900000-0000-7000-a000-{:012}",
            "label": "01900000-0000-7000-9000-{:012}",
            "file": "01900000-0000-7000-b000-{:012}",
            "epoch": "epoch-{}",
            "email": "{}@example.org",
        }
        key = {"labels": "label", "avatar": "id", "picture": "id"}.get(key, key)
        if key in shapes and found is not None:
            return self._name(key, found, shapes[key])
        return self.known.get(found, found) if isinstance(found, str) else found

    def _name(self, kind: str, found: str, shape: str) -> str:
        if found not in self.known:
            self.counts[kind] = self.counts.get(kind, 0) + 1
            self.known[found] = shape.format(self.counts[kind])
        return self.known[found]
