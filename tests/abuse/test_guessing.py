"""Guessing codes is soon over, for a person and for an address, and locks nobody else out."""

import httpx

from abuse.rig import coming_from, new_address, nothing_changes, refusal
from clubroom.dba.embedded import EmbeddedPostgres
from house.server import House

WRONG = "0000-0000-0000"


async def sign_up(http: httpx.AsyncClient) -> dict[str, str]:
    account = (await http.post("/api/accounts", json={"name": "Mallory"})).json()
    return {"authorization": f"Bearer {account['access_token']}"}


async def join(http: httpx.AsyncClient, who: dict[str, str], code: str) -> httpx.Response:
    return await http.post("/api/clubs/join", json={"code": code}, headers=who)


async def test_after_five_wrong_codes_a_person_waits_even_with_the_right_one(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 12: nor does another address help; somebody else joins at once with the same code."""
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    async with coming_from(house, new_address()) as http, coming_from(house, new_address()) as elsewhere:
        mallory, ben = await sign_up(http), await sign_up(http)
        async with nothing_changes(postgres):
            for _ in range(5):
                assert refusal(await join(http, mallory, WRONG)) == (404, "invalid_code")
            for client in (http, elsewhere):
                limited = await join(client, mallory, code)
                assert refusal(limited) == (429, "rate_limited")
                assert 0 < int(limited.headers["retry-after"]) <= 3_600
        assert (await join(http, ben, code)).status_code == 200


async def test_after_twenty_wrong_codes_an_address_is_told_nothing_more_but_let_in(house: House) -> None:
    """Abuse 12: nobody locks others out; what a client says of its address is not believed."""
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    address = new_address()
    async with coming_from(house, address) as http:
        people = [await sign_up(http) for _ in range(5)]
        for person in people[:4]:
            for _ in range(5):
                assert refusal(await join(http, person, WRONG)) == (404, "invalid_code")
        pretending = people[4] | {"x-forwarded-for": "10.0.0.9", "forwarded": "for=10.0.0.9"}
        for person in (people[4], pretending):
            assert refusal(await join(http, person, WRONG)) == (429, "rate_limited")
        preview = await http.post("/api/clubs/preview", json={"code": WRONG})
        assert refusal(preview) == (429, "rate_limited")
        assert (await http.post("/api/clubs/preview", json={"code": code})).status_code == 200
        assert (await join(http, people[4], code)).status_code == 200


async def test_a_preview_guesses_no_better_than_a_try_to_join(house: House) -> None:
    """Abuse 12."""
    async with coming_from(house, new_address()) as http:
        answers = [refusal(await http.post("/api/clubs/preview", json={"code": WRONG})) for _ in range(21)]
    assert answers == [(404, "invalid_code")] * 20 + [(429, "rate_limited")]


async def test_what_cannot_be_a_code_gets_the_same_answer_and_locks_nobody_out(
    house: House, postgres: EmbeddedPostgres
) -> None:
    """Abuse 12: blanks, letters without meaning, and a text of sixty kilobytes."""
    club, [ann] = await house.club("Ann")
    code = (await ann.ok("GET", f"/api/groups/{club}/code"))["code"]
    async with coming_from(house, new_address()) as http:
        mallory = await sign_up(http)
        async with nothing_changes(postgres):
            for bad in ("", "x", "????", "0" * 60_000, "🎶" * 12) * 5:
                assert refusal(await join(http, mallory, bad)) == (404, "invalid_code")
                preview = await http.post("/api/clubs/preview", json={"code": bad})
                assert refusal(preview) == (404, "invalid_code")
        assert (await join(http, mallory, code)).status_code == 200
