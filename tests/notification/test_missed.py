"""Mail for those whom no device tells anything: what they missed, once a day in their morning, and
announcements at once. Moments are told, nobody waits for them.
"""

import asyncio
import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from uuid import uuid4

import asyncpg
import msgspec
import pytest

from clubroom.app.settings import Settings
from clubroom.auth.account.letters import LinksInLetters
from clubroom.auth.keys import Keys
from clubroom.dba import missed
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.notification.courier import LEASE_S, Courier
from clubroom.notification.letters import PIECES
from clubroom.ports.mail import Mail, Mailer, NotDelivered, message
from house.databases import OWNER, another_database, connected, dsn
from house.person import Person
from house.server import PASSWORD, House, running
from house.uuid7 import uuid7
from notification.post_office import LONG_AGO

PLACE = "https://club.example"
LOOK_AT = "select look_at from mail_wishes where user_id = $1"
OUTCOMES = "select failed from outbox where done_at is not null and bulk order by id"
SIGN_OUT = "update sessions set ended_at = $2 where user_id = $1"
ONE_CLICK = "List-Unsubscribe=One-Click"
FORM = {"content-type": "application/x-www-form-urlencoded"}
PARTS = '--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'


class Post:
    """A mailer of the test: it keeps what it takes of letters with news, and the names of others in `order`.
    `refusal`: it takes no news; `cut`: it is killed when it has them.
    """

    sends = True

    def __init__(self) -> None:
        self.mails: list[Mail] = []
        self.order: list[str] = []
        self.refusal: NotDelivered | None = None
        self.cut = False

    async def send(self, mail: Mail) -> None:
        self.order.append(mail.subject)
        if mail.unsubscribe is None:
            return
        if self.refusal:
            raise self.refusal
        self.mails.append(mail)
        if self.cut:
            raise asyncio.CancelledError

    def headers(self) -> EmailMessage:
        return message(self.mails[-1], "club@example.org", "Clubroom")


class Office:
    """A place of its own, with people who come by its door, and a courier at whichever moment."""

    def __init__(self, house: House, db: Database, writer: asyncpg.Connection, keys: Keys) -> None:
        self.house = house
        self.keys = keys
        self.db = db
        self.writer = writer
        self.post = Post()

    async def confirmed(self, who: Person, *, zone: str | None = None) -> int:
        """Their address is right. The database's number of the person."""
        if (await who.me())["email"] is None:
            email = f"{uuid4().hex}@example.org"
            await who.ok("PUT", "/api/me/sign-in", {"email": email, "password": PASSWORD})
        if zone:
            await who.ok("PATCH", "/api/me", {"time_zone": zone})
        key: int = await self.writer.fetchval("select id from users where sub = $1", who.user)
        await self.writer.execute("update credentials set verified_at = now() where user_id = $1", key)
        return key

    async def morning(self, key: int, days: int = 1) -> datetime:
        """When this person is looked at, so many days after the first time."""
        planned: datetime = await self.writer.fetchval(
            "select look_at from mail_wishes where user_id = $1", key
        )
        return planned + timedelta(days=days)

    async def sweep(self, moment: datetime) -> None:
        while await missed.write_letters(self.db, moment=moment):
            pass

    def courier(self, moment: datetime, mailer: Mailer | None = None) -> Courier:
        links = LinksInLetters(self.db, self.keys)
        return Courier(self.db, mailer or self.post, links, PLACE, moment=lambda: moment)

    async def deliver(self, moment: datetime) -> list[Mail]:
        """What goes out at this moment."""
        before, courier = len(self.post.mails), self.courier(moment)
        while await courier():
            pass
        return self.post.mails[before:]

    async def letters(self, moment: datetime) -> list[Mail]:
        """Written and delivered at this moment."""
        await self.sweep(moment)
        return await self.deliver(moment)

    async def announced(self, group: int, seq: int, people: list[int], moment: datetime) -> list[int]:
        query = "select _mail_announcement($1, $2, $3, $4)"
        told: list[int] = await self.writer.fetchval(query, group, seq, people, moment)
        return told

    async def said_at(self, message: str, moment: datetime) -> None:
        await self.writer.execute("update messages set sent_at = $2 where id = $1", message, moment)

    async def outcomes(self) -> list[str | None]:
        rows = await self.writer.fetch(
            "select failed from outbox where done_at is not null and bulk order by id"
        )
        return [row["failed"] for row in rows]


@pytest.fixture(scope="module")
async def place(
    postgres: EmbeddedPostgres, settings: Settings, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[tuple[House, Database, str]]:
    async with another_database(postgres, "missed", OWNER) as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "missed"), role="clubroom_app")
        here = msgspec.structs.replace(settings, data=tmp_path_factory.mktemp("missed"))
        async with running(db, here) as house:
            house.process.decision.moment = lambda: LONG_AGO  # the tests say whom an announcement reaches
            yield house, db, owner
        await db.close()


@pytest.fixture
async def office(place: tuple[House, Database, str], settings: Settings) -> AsyncIterator[Office]:
    house, db, owner = place
    async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
        await writer.execute("delete from outbox; delete from mail_wishes; delete from push_targets")
        yield Office(house, db, writer, Keys(settings.secret))
    await house.everyone_leaves()


async def pair(office: Office, **ben: str) -> tuple[int, Person, Person, int]:
    """A club, Ann who owns it, and Ben, whose address is confirmed."""
    club, [ann, who] = await office.house.club("Ann", "Ben")
    return club, ann, who, await office.confirmed(who, **ben)


async def test_whoever_has_no_device_reads_in_the_morning_what_they_missed_and_no_more_than_once_a_day(
    office: Office,
) -> None:
    club, ann, ben, key = await pair(office)
    room, talk = await ann.channel(club, "Openings", landing=True), await ann.dm(ben)
    mine = await ben.post(club, "who comes on Friday?")
    quiet, closed = await ann.channel(club, "Quiet", landing=True), await ann.channel(club, "Elsewhere")
    await ben.ok("PUT", f"/api/groups/{quiet}/mute", {"for_s": None})
    for group in (quiet, closed):
        await ann.post(group, "not for letters")
    for n in range(3):
        await ann.post(room, f"move {n}")
    await ann.post(club, f"<@{ben.user}> bring www.evil.example at 19:30, {'x' * 200}")
    answer = {"group": club, "text": "I do", "reply_to": mine["id"]}
    reply = (await ann.ok("PUT", f"/api/messages/{uuid7()}", answer))["id"]
    await ann.post(talk, "only for you")
    morning = await office.morning(key)
    written = await asyncio.gather(*(missed.write_letters(office.db, moment=morning) for _ in range(3)))
    assert written == [False] * 3
    [mail] = await office.deliver(morning)
    assert mail.to == (await ben.me())["email"]
    assert mail.subject == "What you missed at club.example"
    assert "  “Chess club”: 2\n" in mail.text
    assert "  “Chess club”, “Openings”: 3\n" in mail.text
    assert "  you and “Ann”: 1\n" in mail.text
    assert "“Ann” in “Chess club”:\n  @Ben bring www. evil. example at 19:30, xx" in mail.text
    assert f"  I do\n  {PLACE}/c/{club}/m/{reply}\n" in mail.text
    assert "  only for you\n" in mail.text
    assert "Quiet" not in mail.text
    assert "Elsewhere" not in mail.text
    assert "move 1" not in mail.text
    assert max(map(len, mail.text.splitlines())) < 170
    tomorrow = morning + timedelta(hours=24)
    one_more = await ann.post(club, "and one more")
    assert await office.letters(tomorrow) == []  # nothing since that letter
    await office.said_at(one_more["id"], morning + timedelta(hours=1))
    await office.writer.execute("update mail_wishes set look_at = $2 where user_id = $1", key, morning)
    assert await office.letters(morning + timedelta(hours=3)) == []
    [second] = await office.letters(tomorrow)
    assert "  “Chess club”: 1\n" in second.text


async def test_who_can_be_told_who_was_here_and_who_wants_none_gets_no_letter(office: Office) -> None:
    club, ann, _, key = await pair(office)
    cleo, dan, eve = [await office.house.person(name) for name in ("Cleo", "Dan", "Eve")]
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    for one in (cleo, dan, eve):
        await one.join(code)
    keys = {one.user: await office.confirmed(one) for one in (cleo, dan)}
    email = f"{uuid4().hex}@example.org"
    await eve.ok("PUT", "/api/me/sign-in", {"email": email, "password": PASSWORD})  # never confirmed
    await cleo.ok("PUT", "/api/me/mail", {"missed": "never", "announcements": True})
    await office.writer.execute(
        "insert into push_targets(session, user_id, kind, address, p256dh, auth, made_at)"
        " select id, user_id, 'fcm', id::text, '', '', now() from sessions where user_id = $1",
        keys[dan.user],
    )
    await ann.post(club, "hello")
    morning = await office.morning(key)
    recently = "update sessions set used_at = $2 where user_id = $1"
    await office.writer.execute(recently, key, morning - timedelta(hours=7))
    assert await office.letters(morning) == []
    address = (await dan.me())["email"]
    await office.writer.execute(
        "update sessions set ended_at = $2 where user_id = $1", keys[dan.user], morning
    )
    tomorrow = morning + timedelta(days=1)
    mails = await office.letters(tomorrow + timedelta(hours=1))
    assert [mail.to for mail in mails] == [address]  # that device is signed out


async def test_what_a_letter_says_is_judged_again_when_it_is_sent(office: Office) -> None:
    club, ann, ben, key = await pair(office)
    other = (await ann.create_club("Choir"))["group"]
    code = (await ann.ok("GET", f"/api/groups/{other}/code"))["code"]
    await ben.join(code)
    secret = await ann.post(other, f"<@{ben.user}> the secret of the choir")
    wrong = await ann.post(club, f"<@{ben.user}> what I should not have said")
    await ann.post(club, f"<@{ben.user}> what stays")
    morning = await office.morning(key)
    await office.sweep(morning)
    row = await office.writer.fetchrow("select * from outbox where bulk")
    assert not any(
        word in str(dict(row)) for word in ("secret", "stays", secret["id"])
    )  # nothing of it waits
    await ann.remove(other, ben.user)
    await ann.ok("DELETE", f"/api/messages/{wrong['id']}")
    [mail] = await office.deliver(morning)
    assert "what stays" in mail.text
    assert not any(word in mail.text for word in ("secret", "Choir", "should not"))
    last = await ann.post(club, "read before it leaves")
    await office.said_at(last["id"], morning + timedelta(hours=1))
    tomorrow = morning + timedelta(days=1)
    await office.sweep(tomorrow)
    await ben.ok("PUT", f"/api/groups/{club}/read", {"seq": last["seq"]})
    assert await office.deliver(tomorrow) == []
    assert await office.outcomes() == [None, "moot"]


async def test_whoever_was_killed_before_the_mark_sends_it_once_more_under_the_same_name(
    office: Office,
) -> None:
    club, ann, _, key = await pair(office)
    await ann.post(club, "hello")
    morning = await office.morning(key)
    await office.sweep(morning)
    office.post.cut = True
    with pytest.raises(asyncio.CancelledError):
        await office.deliver(morning)
    office.post.cut = False
    assert await office.deliver(morning) == []
    assert len(await office.deliver(morning + timedelta(seconds=LEASE_S + 1))) == 1
    assert len({mail.id for mail in office.post.mails}) == 1
    assert await office.letters(morning + timedelta(minutes=5)) == []


async def test_a_letter_comes_in_the_morning_of_ones_own_zone_and_never_at_night(office: Office) -> None:
    club, ann, _, key = await pair(office, zone="Asia/Kolkata")
    await office.writer.execute("update mail_wishes set look_at = _next_morning(user_id, now())")
    wall = "select ($1::timestamptz at time zone 'Asia/Kolkata')::time between '7:30' and '8:30'"
    assert await office.writer.fetchval(wall, await office.morning(key))
    await ann.post(club, "hello")
    night = (await office.morning(key)).astimezone(UTC) - timedelta(hours=3)
    assert await office.letters(night) == []  # put off while nobody was there to look
    planned = "select _next_morning($1, $2::timestamptz) - $2::timestamptz"
    for zone, before, hours in (
        ("Europe/Berlin", "2026-03-28T12:00:00Z", 17.5),
        ("Nowhere", "2026-03-28T12:00:00Z", 19.5),
    ):
        await office.writer.execute("update users set time_zone = $2 where id = $1", key, zone)
        later = await office.writer.fetchval(planned, key, datetime.fromisoformat(before))
        assert timedelta(0) <= later - timedelta(hours=hours) <= timedelta(hours=1), zone
    await office.writer.execute("update users set time_zone = null where id = $1", key)


async def test_words_of_people_whom_one_blocks_stand_in_no_letter(office: Office) -> None:
    club, ann, ben, key = await pair(office)
    await ben.ok("PUT", f"/api/me/blocks/{ann.user}")
    await ann.post(club, f"<@{ben.user}> hello")
    assert await office.letters(await office.morning(key)) == []


async def test_an_announcement_goes_out_at_once_in_the_language_of_its_reader(office: Office) -> None:
    club, ann, ben, key = await pair(office)
    await ben.ok("PATCH", "/api/me", {"language": "de"})
    news = await ann.channel(club, "News", announce=True)
    now = datetime.now(UTC) + timedelta(hours=1)  # the courier of the place itself is not as far
    others = [await office.confirmed(ann), key]
    said = [await ann.post(news, f"**Heute** 19:30, <@{ben.user}>\n\nNummer {n} {{x}}") for n in range(12)]
    assert await office.announced(club, 1, others, now) == []  # a room for all is no announcement
    told = [await office.announced(news, one["seq"], [key], now) for one in said]
    assert told == [[key]] * 10 + [[]] * 2  # ten a day
    assert await office.announced(news, said[-1]["seq"], [key], now + timedelta(days=1)) == [key]
    await ann.ok("DELETE", f"/api/messages/{said[1]['id']}")
    await ben.ok("PUT", f"/api/groups/{news}/read", {"seq": said[8]["seq"]})
    mails = await office.deliver(now + timedelta(seconds=1))
    assert len(mails) == 1
    assert mails[0].subject == "Eine Ankündigung in „Chess club“"
    assert (
        "„Ann“ kündigt an („Chess club“, „News“):\n\n  **Heute** 19:30, @Ben\n\n  Nummer 9 {x}\n"
        in mails[0].text
    )
    assert (await office.outcomes()).count("moot") == 9
    await ben.ok("PUT", "/api/me/mail", {"missed": "daily", "announcements": False})
    assert await office.announced(news, said[-1]["seq"], [key], now + timedelta(days=3)) == []


async def test_one_click_in_a_mail_program_ends_such_letters_and_nothing_else(office: Office) -> None:
    club, ann, ben, key = await pair(office)
    await ann.post(club, "hello")
    await office.letters(await office.morning(key))
    headers = office.post.headers()
    assert headers["List-Unsubscribe-Post"] == ONE_CLICK
    url = re.fullmatch(rf"<({PLACE}(/api/mail/unsubscribe/\S+))>", headers["List-Unsubscribe"])
    assert url
    assert f"\r\nList-Unsubscribe: <{url[1]}>\r\n".encode() in headers.as_bytes()
    path, token = url[2], url[2].rpartition("/")[2]
    assert f"\n{PLACE}/mail#{token}\n" in office.post.mails[-1].text
    async with office.house.http() as http:
        looked = await http.get(path)
        assert (looked.status_code, looked.headers["location"]) == (303, f"/mail#{token}")
        assert (await http.post(path, content="x=y", headers=FORM)).status_code == 400
        assert (await ben.me())["letters"]["missed"] == "daily"  # looking changes nothing
        parts = {"content-type": "multipart/form-data; boundary=x"}
        for content, kind in ((ONE_CLICK, FORM), (ONE_CLICK, FORM), (PARTS, parts)):
            assert (await http.post(path, content=content, headers=kind)).status_code == 204
        forged = [f"a{token[1:]}", f"{token[:-1]}{'A' if token[-1] != 'A' else 'B'}", f"m{key}.", "x", "m1.é"]
        for wrong in forged:
            answer = await http.post(f"/api/mail/unsubscribe/{wrong}", content=ONE_CLICK, headers=FORM)
            assert answer.status_code == 404, wrong
        assert (await http.post("/api/sessions", json={"link": token})).status_code == 401
    assert (await ben.me())["letters"] == {"missed": "never", "announcements": True, "refused": False}
    own = next(one["group"] for one in (await ben.me())["groups"] if one["kind"] == "self")
    told = [one for one in await ben.actions(own) if one["type"] == "letters_changed"]
    assert [(one["missed"], one["announcements"]) for one in told] == [("never", True)]
    assert await office.writer.fetchval("select look_at from mail_wishes where user_id = $1", key) is None


async def test_a_mailbox_that_refuses_gets_no_more_and_the_host_sees_how_many_came_back(
    office: Office,
) -> None:
    club, ann, ben, key = await pair(office)
    await office.writer.execute(
        "insert into hosts(user_id) select id from users where sub = $1 on conflict do nothing", ann.user
    )
    await ann.post(club, "hello")
    morning = await office.morning(key)
    office.post.refusal = NotDelivered("address", permanent=True)
    assert await office.letters(morning) == []
    [given_up] = (await ann.ok("GET", "/api/host/place"))["undelivered"]
    assert (given_up["kind"], given_up["why"], given_up["n"]) == ("missed", "address", 1)
    assert (await ben.me())["letters"]["refused"]
    office.post.refusal = None
    assert await office.letters(morning + timedelta(days=1)) == []
    await ben.ok("PUT", "/api/me/mail", {"missed": "daily", "announcements": True})
    await office.said_at((await ann.post(club, "hello again"))["id"], morning + timedelta(hours=1))
    assert len(await office.letters(await office.morning(key, days=2))) == 1


async def test_what_somebody_asked_for_goes_before_what_goes_to_many(office: Office) -> None:
    club, ann, _, key = await pair(office)
    await ann.post(club, "hello")
    morning = await office.morning(key)
    await office.sweep(morning)
    later = morning + timedelta(seconds=1)
    query = "select _send_mail('ann@example.org', 'password_changed', 'en', '{\"name\": \"Ann\"}', null, $1)"
    await office.writer.execute(query, later)
    await office.deliver(later)
    told = ["Your password was changed", "What you missed at club.example"]
    assert [subject for subject in office.post.order if subject in told] == told


def test_the_pieces_of_letters_are_there_in_every_language() -> None:
    assert {frozenset(pieces) for pieces in PIECES.values()} == {frozenset(PIECES["en"])}
