"""The contract of passwords, run by every adapter."""

import asyncio
import time

import pytest

from clubroom.errors import Unavailable
from clubroom.ports.identity import Passwords, builtin
from clubroom.ports.identity.builtin import Argon2Passwords

OWASP_KIB, OWASP_PASSES = 19_456, 2


@pytest.fixture(params=[Argon2Passwords])
def passwords(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Passwords:
    """At the product's cost: elsewhere tests hash more cheaply."""
    monkeypatch.setattr(builtin, "MEMORY_KIB", OWASP_KIB)
    monkeypatch.setattr(builtin, "PASSES", OWASP_PASSES)
    made: Argon2Passwords = request.param()
    request.addfinalizer(made.close)
    return made


async def test_a_password_matches_what_was_stored_of_it(passwords: Passwords) -> None:
    stored = await passwords.hashed("correct horse")
    assert "horse" not in stored
    assert stored != await passwords.hashed("correct horse")
    assert await passwords.matches("correct horse", stored)
    assert not await passwords.matches("correct house", stored)
    assert not await passwords.matches("", stored)


async def test_what_is_no_hash_matches_nothing(passwords: Passwords) -> None:
    for stored in ("", "plain", "$2b$12$abcdefghijklmnopqrstuv", "$argon2id$v=19$m=19456,t=2,p=1$x$y"):
        assert not await passwords.matches("plain", stored)


async def test_nobodys_password_takes_as_long_as_a_wrong_one(passwords: Passwords) -> None:
    """Of the processor's time, in turns: what else the machine does must not decide."""
    stored = await passwords.hashed("correct horse")

    async def seconds(of: str | None) -> float:
        start = time.process_time()
        assert not await passwords.matches("wrong", of)
        return time.process_time() - start

    tries = [(await seconds(None), await seconds(stored)) for _ in range(9)]
    nobody, somebody = map(min, zip(*tries, strict=True))
    assert nobody == pytest.approx(somebody, rel=0.5)


async def test_the_loop_stays_free_while_passwords_are_hashed(passwords: Passwords) -> None:
    hashing = asyncio.gather(*(passwords.hashed("correct horse") for _ in range(8)))
    turns = 0
    while not hashing.done():
        await asyncio.sleep(0.001)
        turns += 1
    assert turns > 10
    assert len(await hashing) == 8


async def test_when_too_many_wait_the_next_is_refused_and_later_served() -> None:
    passwords = Argon2Passwords(threads=1, waiting_max=2)
    first = [asyncio.create_task(passwords.hashed("correct horse")) for _ in range(2)]
    await asyncio.sleep(0)
    with pytest.raises(Unavailable) as refused:
        await passwords.hashed("correct horse")
    assert refused.value.retry_ms
    await asyncio.gather(*first)
    assert await passwords.hashed("correct horse")
    passwords.close()
