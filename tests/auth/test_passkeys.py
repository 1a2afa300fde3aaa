"""Passkeys: made, signed in with, removed; nothing that is not exactly right opens anything."""

import json
from typing import Any

import httpx
import pytest
from webauthn.helpers import bytes_to_base64url

from abuse.rig import coming_from, new_address, refusal
from house.authenticator import Authenticator, passkey_of
from house.server import PASSWORD, House

WRONG = (401, "wrong_sign_in")


async def asked(http: httpx.AsyncClient) -> str:
    return str((await http.post("/api/passkey-options")).json()["options"])


async def sign_in(http: httpx.AsyncClient, credential: str) -> httpx.Response:
    return await http.post("/api/sessions", json={"passkey": credential})


async def test_whoever_made_a_passkey_signs_in_with_nothing_else(house: House) -> None:
    ann = await house.person("Ann")
    key = await passkey_of(ann)
    async with house.http() as http:
        for _ in range(2):
            opened = await sign_in(http, key.sign(await asked(http)))
            assert opened.status_code == 201
            assert opened.json()["user"] == ann.user
    me = await ann.me()
    assert (me["passkeys"], me["email"]) == (1, None)
    log = await ann.actions((await ann.groups())[0])
    assert log[-1]["type"] == "passkeys_changed"


async def test_whoever_has_a_passkey_is_known_and_makes_no_second_one_on_the_same_device(
    house: House,
) -> None:
    ann = await house.person("Ann")
    key = await passkey_of(ann)
    options = json.loads((await ann.ok("POST", "/api/me/passkeys/options"))["options"])
    assert [one["id"] for one in options["excludeCredentials"]] == [bytes_to_base64url(key.id)]
    assert options["authenticatorSelection"]["residentKey"] == "required"
    assert options["rp"]["id"] == "localhost"
    assert ann.user not in json.dumps(options)  # what an authenticator keeps says nothing by itself
    again = key.make(json.dumps(options))
    assert await ann.refused("POST", "/api/me/passkeys", {"credential": again}) == (409, "id_conflict")


async def test_passkeys_have_names_and_are_removed_one_by_one(house: House) -> None:
    ann = await house.person("Ann", with_email=True)
    phone, stick = await passkey_of(ann), Authenticator(house.url)
    options = (await ann.ok("POST", "/api/me/passkeys/options"))["options"]
    new = {"credential": stick.make(options), "name": "The stick"}
    listed = (await ann.ok("POST", "/api/me/passkeys", new))["passkeys"]
    assert [one["name"] for one in listed] == ["Passkey", "The stick"]
    await ann.ok("DELETE", f"/api/me/passkeys/{bytes_to_base64url(phone.id)}")
    assert [one["name"] for one in (await ann.ok("GET", "/api/me/passkeys"))["passkeys"]] == ["The stick"]
    async with house.http() as http:
        assert refusal(await sign_in(http, phone.sign(await asked(http)))) == WRONG
        assert (await sign_in(http, stick.sign(await asked(http)))).status_code == 201


async def test_nobody_removes_a_passkey_of_somebody_else(house: House) -> None:
    ann, eve = await house.person("Ann"), await house.person("Eve")
    key = await passkey_of(ann)
    for name in (bytes_to_base64url(key.id), "x", "é", "x" * 5_000):
        assert await eve.refused("DELETE", f"/api/me/passkeys/{name}") == (404, "not_found")
    assert (await ann.me())["passkeys"] == 1


async def test_whoever_runs_a_club_keeps_a_way_back_in(house: House) -> None:
    ann = await house.person("Ann", with_email=True)
    await ann.create_club()
    key = await passkey_of(ann)
    await ann.ok("DELETE", f"/api/me/passkeys/{bytes_to_base64url(key.id)}")  # there is still the password


async def test_of_one_person_there_are_at_most_twenty(house: House) -> None:
    ann = await house.person("Ann")
    for _ in range(20):
        await passkey_of(ann)
    options = (await ann.ok("POST", "/api/me/passkeys/options"))["options"]
    one_more = {"credential": Authenticator(house.url).make(options)}
    assert await ann.refused("POST", "/api/me/passkeys", one_more) == (409, "full")


async def test_what_was_signed_once_opens_nothing_twice(house: House) -> None:
    ann = await house.person("Ann")
    key = await passkey_of(ann)
    async with coming_from(house, new_address()) as http:
        signed = key.sign(await asked(http))
        assert (await sign_in(http, signed)).status_code == 201
        assert refusal(await sign_in(http, signed)) == WRONG
    options = (await ann.ok("POST", "/api/me/passkeys/options"))["options"]
    for status in (201, 401):
        made = await ann.call(
            "POST", "/api/me/passkeys", {"credential": Authenticator(house.url).make(options)}
        )
        assert made.status_code == status


async def changed(credential: str, **response: Any) -> str:
    said = json.loads(credential)
    return json.dumps(said | {"response": said["response"] | response})


async def test_a_signature_for_another_site_of_another_key_or_to_another_question_opens_nothing(
    house: House,
) -> None:
    ann, eve = await house.person("Ann"), await house.person("Eve")
    key, eves = await passkey_of(ann), await passkey_of(eve)
    async with coming_from(house, new_address()) as http:
        options = await asked(http)
        made_up = json.dumps(json.loads(options) | {"challenge": "AAAA"})
        to_make = (await ann.ok("POST", "/api/me/passkeys/options"))["options"]
        to_leave = (await ann.ok("POST", "/api/me/deletion/passkey-options"))["options"]
        stolen = json.loads(eves.sign(options)) | {"id": bytes_to_base64url(key.id)}
        tries = [
            key.sign(options, origin="https://club.evil.example"),
            key.sign(options, type="webauthn.create"),
            key.sign(made_up),
            key.sign(to_make),
            key.sign(to_leave),
            Authenticator(house.url).sign(options),
            json.dumps(stolen | {"rawId": bytes_to_base64url(key.id)}),
            await changed(key.sign(options), signature="AAAA"),
            await changed(key.sign(options), clientDataJSON="AAAA"),
            await changed(key.sign(options), authenticatorData=7),
            "",
            "null",
            "[" * 1_000,
            "x" * 30_000,
        ]
        for one in tries:
            assert refusal(await sign_in(http, one)) == WRONG
        assert (await sign_in(http, key.sign(options))).status_code == 201


async def test_a_copied_passkey_that_is_behind_opens_nothing(house: House) -> None:
    ann = await house.person("Ann")
    key = await passkey_of(ann)
    async with coming_from(house, new_address()) as http:
        key.count = 9
        assert (await sign_in(http, key.sign(await asked(http)))).status_code == 201
        key.count = 4
        assert refusal(await sign_in(http, key.sign(await asked(http)))) == WRONG


async def test_guessing_at_passkeys_is_over_after_a_hundred_tries(house: House) -> None:
    async with coming_from(house, new_address()) as http:
        answers = [(await sign_in(http, "{}")).status_code for _ in range(101)]
    assert answers == [401] * 100 + [429]


@pytest.mark.parametrize("more", [{"password": PASSWORD}, {"link": "x"}, {"email": "a@example.org"}])
async def test_a_passkey_is_a_way_of_its_own(client: httpx.AsyncClient, more: dict[str, str]) -> None:
    answer = await client.post("/api/sessions", json={"passkey": "{}"} | more)
    assert refusal(answer) == (400, "invalid_field")


async def test_somebody_else_cannot_answer_what_ann_was_asked(house: House) -> None:
    ann, eve = await house.person("Ann"), await house.person("Eve")
    options = (await ann.ok("POST", "/api/me/passkeys/options"))["options"]
    made = Authenticator(house.url).make(options)
    assert await eve.refused("POST", "/api/me/passkeys", {"credential": made}) == WRONG
