"""The outbox is carried away: nothing is lost, a kill costs at most one double, no row opens a door (F13)."""

import asyncio
import json
import os
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import pytest

from clubroom.auth.account.letters import LinksInLetters
from clubroom.auth.keys import Keys
from clubroom.dba.embedded import EmbeddedPostgres
from clubroom.dba.migrate import migrate
from clubroom.dba.pool import Database
from clubroom.notification.courier import LEASE_S, WAITS_S, Courier
from clubroom.notification.letters import KINDS, LANGUAGES, shown
from clubroom.ports.mail import Mail, Mailer, NotDelivered
from clubroom.ports.mail.smtp import SmtpMailer, SmtpServer
from house.databases import another_database, connected, dsn
from house.mailbox import Receiver, body, link_in, receiving, until
from house.within import within

PLACE = "https://club.example"
ADDRESS = "ann@example.org"


class Office:
    """A database of its own, which no other server carries away from, and a clock that a test moves."""

    def __init__(self, db: Database, writer: asyncpg.Connection) -> None:
        self.db = db
        self.writer = writer
        self.keys = Keys(os.urandom(32))
        self.now = datetime.now(UTC)

    def courier(self, mailer: Mailer, keys: Keys | None = None) -> Courier:
        links = LinksInLetters(self.db, keys or self.keys)
        return Courier(self.db, mailer, links, PLACE, moment=lambda: self.now)

    async def write(
        self, template: str = "password_changed", *, to: str = ADDRESS, language: str = "en",
        params: dict[str, Any] | None = None, sealed: bytes | None = None,
    ) -> int | None:  # fmt: skip
        said = json.dumps(params or {"name": "Ann"})
        query = "select _send_mail($1, $2, $3, $4, $5, $6)"
        made: int | None = await self.writer.fetchval(query, to, template, language, said, sealed, self.now)
        return made

    async def row(self, letter: int | None) -> asyncpg.Record:
        return await self.writer.fetchrow("select * from outbox where id = $1", letter)

    def later(self, **by: float) -> None:
        self.now += timedelta(**by)


class Post:
    """A mailer of the test: it keeps what it takes, or says why not."""

    sends = True

    def __init__(self, *refusals: NotDelivered) -> None:
        self.refusals = list(refusals)
        self.mails: list[Mail] = []
        self.tries = 0

    async def send(self, mail: Mail) -> None:
        self.tries += 1
        if self.refusals:
            raise self.refusals.pop(0)
        self.mails.append(mail)


@pytest.fixture(scope="module")
async def office_database(postgres: EmbeddedPostgres) -> AsyncIterator[tuple[Database, str]]:
    async with another_database(postgres, "letters", "clubroom_owner") as owner:
        await migrate(owner)
        db = await Database.open(dsn(postgres, "clubroom_app", "letters"), role="clubroom_app")
        yield db, owner
        await db.close()


@pytest.fixture
async def office(office_database: tuple[Database, str]) -> AsyncIterator[Office]:
    db, owner = office_database
    async with connected(owner, role="clubroom_writer", search_path="clubroom") as writer:
        await writer.execute("delete from outbox")
        yield Office(db, writer)


async def test_a_letter_goes_out_once_and_then_says_nothing_more(office: Office) -> None:
    letter, post = await office.write(), Post()
    courier = office.courier(post)
    assert await courier()
    assert not await courier()
    [mail] = post.mails
    assert mail.to == ADDRESS
    assert "“Ann”" in mail.text
    assert "club.example" in mail.text
    row = await office.row(letter)
    assert (row["address"], row["params"], row["failed"]) == (None, "{}", None)
    assert await office.writer.fetchval("select _outbox_told($1)", letter) == "sent"


async def test_whoever_was_killed_between_the_call_and_the_mark_sends_it_once_more_and_no_letter_is_lost(
    office: Office,
) -> None:
    receiver = Receiver()
    receiver.answer = asyncio.Event()
    for n in range(3):
        await office.write(to=f"ann{n}@example.org")
    async with receiving(receiver) as port:
        mailer = SmtpMailer(SmtpServer(host="127.0.0.1", port=port, security="none", sender="c@example.org"))
        killed = asyncio.create_task(office.courier(mailer)())
        async with within(10, "the server had the letter and had not said so"):
            await until(lambda: receiver.mails)
        killed.cancel()
        await asyncio.gather(killed, return_exceptions=True)
        receiver.answer.set()
        another = office.courier(mailer)
        while await another():
            pass
        assert len(receiver.mails) == 3  # what the killed one holds is its own, as long as the lease lasts
        office.later(seconds=LEASE_S + 1)
        while await another():
            pass
    names = [mail["Message-ID"] for mail in receiver.mails]
    assert sorted(receiver.recipients) == ["ann0@example.org"] * 2 + ["ann1@example.org", "ann2@example.org"]
    assert len(set(names)) == 3  # the double is the same letter
    assert await office.writer.fetchval("select count(*) from outbox where done_at is null") == 0


async def test_several_servers_send_each_letter_once(office: Office) -> None:
    for n in range(12):
        await office.write(to=f"ann{n}@example.org")
    post = Post()

    async def carry(courier: Courier) -> None:
        while await courier():
            pass

    await asyncio.gather(*(carry(office.courier(post)) for _ in range(4)))
    assert len(post.mails) == len({mail.to for mail in post.mails}) == 12


async def test_what_is_not_taken_is_tried_again_less_and_less_often_and_given_up_after_three_days(
    office: Office,
) -> None:
    letter, post = await office.write(), Post(*(NotDelivered("unreachable") for _ in range(100)))
    courier, begun = office.courier(post), office.now
    for wait_s in WAITS_S:
        assert await courier()
        office.later(seconds=wait_s - 1)
        assert not await courier()
        office.later(seconds=1)
    while (await office.row(letter))["done_at"] is None:
        await courier()
        office.later(seconds=WAITS_S[-1])
    assert timedelta(days=2.5) < office.now - begun < timedelta(days=3.2)
    assert post.tries < 40
    assert await office.writer.fetchval("select _outbox_told($1)", letter) == "unreachable"


async def test_a_letter_that_is_refused_for_good_is_given_up_at_once(office: Office) -> None:
    letter, post = await office.write(), Post(NotDelivered("address", permanent=True))
    assert await office.courier(post)()
    row = await office.row(letter)
    assert (row["failed"], row["address"]) == ("address", None)


async def test_what_was_done_a_week_ago_is_forgotten(office: Office) -> None:
    letter, post = await office.write(), Post()
    await office.courier(post)()
    office.later(days=6)
    await office.courier(post)()
    assert await office.row(letter)
    office.later(days=1, seconds=1)
    await office.courier(post)()
    assert await office.row(letter) is None


async def test_no_more_letters_wait_for_one_mailbox_than_somebody_would_read(office: Office) -> None:
    made = [await office.write() for _ in range(25)]
    assert sum(one is not None for one in made) == 20
    assert await office.write(to="ben@example.org") is not None


async def test_no_more_letters_wait_in_all_than_a_disk_forgets(office: Office) -> None:
    await office.writer.execute(
        "insert into outbox(kind, address, template, language, params, created_at, due_at)"
        " select 'mail', n || '@example.org', 'verify', 'en', '{}', now(), now()"
        " from generate_series(1, 10000) n"
    )
    assert await office.write() is None


async def test_a_link_that_waits_is_sealed_and_opens_only_for_the_address_it_is_meant_for(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(KINDS, "invited", type(KINDS["reset"])("/invited#"))
    monkeypatch.setitem(LANGUAGES["en"], "invited", ("Come", "{link}\n"))
    sealed = office.keys.seal_link("a secret", ADDRESS)
    assert b"secret" not in sealed
    mine = await office.write("invited", sealed=sealed)
    eves = await office.write("invited", to="eve@example.org", sealed=sealed)  # copied to another row
    post = Post()
    courier = office.courier(post)
    while await courier():
        pass
    assert [(mail.to, mail.text) for mail in post.mails] == [(ADDRESS, f"{PLACE}/invited#a secret\n")]
    assert (await office.row(mine))["sealed"] is None
    assert (await office.row(eves))["failed"] == "unreadable"


async def test_what_another_server_has_sealed_is_left_to_it(office: Office) -> None:
    theirs = Keys(os.urandom(32))
    letter = await office.write(sealed=theirs.seal_link("a secret", ADDRESS))
    post = Post()
    assert not await office.courier(post)()
    assert await office.courier(post, theirs)()
    assert (await office.row(letter))["done_at"]


async def test_a_letter_that_this_version_does_not_know_is_given_up(office: Office) -> None:
    letter = await office.write("of_the_future")
    assert await office.courier(Post())()
    assert (await office.row(letter))["failed"] == "unreadable"


async def test_nothing_of_a_letter_is_logged(office: Office, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    await office.write(params={"name": "Ann the first"})
    courier = office.courier(Post(NotDelivered("unreachable"), NotDelivered("address", permanent=True)))
    await courier()
    office.later(days=1)
    await courier()
    ours = "\n".join(
        f"{one.getMessage()} {vars(one)}" for one in caplog.records if one.name.startswith("clubroom")
    )
    assert "given up" in ours
    assert "example.org" not in ours
    assert "Ann the first" not in ours


async def test_a_link_to_a_new_password_is_in_no_row(office: Office) -> None:
    """Its secret is made when the letter is sent, and only its HMAC is kept."""
    await office.writer.execute(
        "with who as (insert into users(sub, name) values ('u_ann', 'Ann') returning id)"
        " insert into credentials(user_id, email, password_hash, changed_at)"
        " select id, $1, 'x', now() from who",
        ADDRESS,
    )
    receiver = Receiver()
    await office.write("reset", params={})
    await office.write("reset", to="nobody-has-it@example.org", params={})
    async with receiving(receiver) as port:
        server = SmtpServer(host="127.0.0.1", port=port, security="none", sender="c@example.org")
        courier = office.courier(SmtpMailer(server))
        while await courier():
            pass
    [mail] = receiver.mails
    secret = link_in(mail).partition("#")[2]
    assert len(secret) == 43
    tables = await office.writer.fetch("select tablename from pg_tables where schemaname = 'clubroom'")
    for (table,) in tables:
        rows = await office.writer.fetch(f"select t::text from {table} t")  # noqa: S608
        assert not any(secret in row["t"] for row in rows)
    macs = await office.writer.fetch("select mac from mail_links")
    assert [row["mac"] for row in macs] == [office.keys.link_macs(secret)[0]]
    assert "“Ann”" in body(mail)


def test_every_letter_has_words_in_every_language() -> None:
    for language, letters in LANGUAGES.items():
        assert letters.keys() == KINDS.keys(), language
        for name, (subject, text) in letters.items():
            assert "\n" not in subject
            assert ("\n{link}\n" in text) == bool(KINDS[name].path), (language, name)


@pytest.mark.parametrize(
    ("name", "as_shown"),
    [
        ("Ann", "Ann"),
        ("Click https://evil.example/now", "Click https: / / evil. example/ now"),
        ("www.evil.example", "www. evil. example"),
        ("eve@evil.example", "eve@ evil. example"),
        ("St. Mary’s Choir", "St. Mary’s Choir"),
        ("Ann\nBcc: eve", "Ann Bcc: eve"),
        ("a\u202eb", "a b"),
        ("x" * 500, "x" * 120),
    ],
)
def test_a_name_in_a_letter_is_one_line_and_no_link(name: str, as_shown: str) -> None:
    assert shown(name) == as_shown
