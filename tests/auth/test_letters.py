"""Is this your address, and a new password by mail (abuse 24)."""

import statistics
import time

import httpx
import pytest

from abuse.rig import coming_from, new_address, refusal
from clubroom.app.settings import Settings
from house.authenticator import passkey_of
from house.mailbox import Folder, body, link_in, secret_in
from house.person import Person
from house.server import PASSWORD, House
from house.uuid7 import uuid7

NEW = "another long password"
ONE_ANSWER = (202, {"asked": True})


@pytest.fixture
def mail(settings: Settings) -> Folder:
    return Folder(settings.data / "mail")


async def with_address(house: House, name: str = "Ann") -> tuple[Person, str]:
    ann = await house.person(name, with_email=True)
    return ann, (await ann.me())["email"]


async def ask(http: httpx.AsyncClient, email: str, **headers: str) -> tuple[int, object]:
    answer = await http.post("/api/password-resets", json={"email": email}, headers=headers)
    return answer.status_code, answer.json()


async def choose(http: httpx.AsyncClient, secret: str, password: str = NEW) -> httpx.Response:
    return await http.post("/api/passwords", json={"link": secret, "password": password})


async def verify(http: httpx.AsyncClient, secret: str) -> httpx.Response:
    return await http.post("/api/email-verifications", json={"link": secret})


async def test_whoever_gives_an_address_is_asked_there_whether_it_is_theirs(
    house: House, mail: Folder
) -> None:
    ann, email = await with_address(house)
    assert (await ann.me())["email_verified"] is False
    letter = await mail.next_to(email)
    assert link_in(letter).startswith("/verify#")
    assert "“Ann”" in body(letter)
    for _ in range(2):  # opened twice it says the same twice
        answer = await verify(ann.http, secret_in(letter))
        assert (answer.status_code, answer.json()) == (200, {"email": email})
    assert (await ann.me())["email_verified"] is True
    assert [one["type"] for one in await ann.actions((await ann.groups())[0])].count("email_verified") == 1


async def test_a_link_to_verify_opens_nothing_else_and_a_made_up_one_nothing(
    house: House, mail: Folder
) -> None:
    ann, email = await with_address(house)
    letter = await mail.next_to(email)
    async with coming_from(house, new_address()) as http:
        for secret in ("", "x" * 43, "x" * 5_000, secret_in(letter) + "x"):
            assert refusal(await verify(http, secret)) == (401, "wrong_sign_in")
        assert refusal(await choose(http, secret_in(letter))) == (401, "wrong_sign_in")
        assert (await http.post("/api/sessions", json={"link": secret_in(letter)})).status_code == 401
    assert (await ann.me())["email_verified"] is False


async def test_with_a_new_address_the_link_to_the_old_one_is_worth_nothing(
    house: House, mail: Folder
) -> None:
    ann, old = await with_address(house)
    first, new = await mail.next_to(old), f"{uuid7()}@example.org"
    await ann.ok("PUT", "/api/me/sign-in", {"email": new, "password": PASSWORD, "current": PASSWORD})
    assert refusal(await verify(ann.http, secret_in(first))) == (401, "wrong_sign_in")
    told, asked = await mail.next_to(old, after=1), await mail.next_to(new)
    assert told["Subject"] == "Your address was changed"
    assert new not in body(told)
    assert (await verify(ann.http, secret_in(asked))).status_code == 200


async def test_the_question_is_asked_again_five_times_an_hour(house: House, mail: Folder) -> None:
    ann, email = await with_address(house)
    for _ in range(5):
        await ann.ok("POST", "/api/me/email-verification")
    assert await ann.refused("POST", "/api/me/email-verification") == (429, "rate_limited")
    assert (await verify(ann.http, secret_in(await mail.next_to(email, after=5)))).status_code == 200
    ben = await house.person("Ben")
    assert await ben.refused("POST", "/api/me/email-verification") == (404, "not_found")


async def test_whoever_forgot_their_password_chooses_another_by_a_link_in_their_mail(
    house: House, mail: Folder
) -> None:
    ann, email = await with_address(house)
    await mail.next_to(email)
    async with coming_from(house, new_address()) as http:
        assert await ask(http, email.upper()) == ONE_ANSWER
        letter = await mail.next_to(email, after=1)
        assert link_in(letter).startswith("/reset#")
        opened = await choose(http, secret_in(letter))
        assert opened.status_code == 201
        fresh = {"authorization": f"Bearer {opened.json()['access_token']}"}
        me = (await http.get("/api/me", headers=fresh)).json()
        assert (me["user"], me["email_verified"]) == (ann.user, True)  # the link came by mail
        assert (await ann.call("GET", "/api/me")).status_code == 401  # every other device is out, at once
        assert (await http.post("/api/tokens", json={"refresh_token": ann.refresh_token})).status_code == 401
        for password, status in ((PASSWORD, 401), (NEW, 201)):
            signed = await http.post("/api/sessions", json={"email": email, "password": password})
            assert signed.status_code == status
        assert refusal(await choose(http, secret_in(letter), "a third password")) == (401, "wrong_sign_in")
    told = await mail.next_to(email, after=2)
    assert told["Subject"] == "You have a new password"


async def test_a_letter_is_in_the_language_that_its_reader_has_chosen_or_asked_in(
    house: House, mail: Folder
) -> None:
    ann, email = await with_address(house)
    await mail.next_to(email)
    async with coming_from(house, new_address()) as http:
        await ask(http, email, **{"accept-language": "fr, de-AT;q=0.9, en;q=0.8"})
        assert "Hallo „Ann“" in body(await mail.next_to(email, after=1))
        await ann.ok("PATCH", "/api/me", {"language": "en"})
        await ask(http, email, **{"accept-language": "de"})
        assert "Hello “Ann”" in body(await mail.next_to(email, after=2))


async def test_a_stranger_who_took_my_address_first_keeps_no_way_in_when_i_take_it_back(
    house: House, mail: Folder
) -> None:
    """Whoever signs up with somebody else's address could otherwise wait inside with a passkey."""
    mallory, email = await with_address(house, "Mallory")
    await mail.next_to(email)
    await passkey_of(mallory)
    async with coming_from(house, new_address()) as http:
        await ask(http, email)
        opened = await choose(http, secret_in(await mail.next_to(email, after=2)))
        headers = {"authorization": f"Bearer {opened.json()['access_token']}"}
        assert (await http.get("/api/me", headers=headers)).json()["passkeys"] == 0


async def test_asking_for_an_address_that_nobody_has_is_answered_alike_and_sends_nothing(
    house: House, mail: Folder
) -> None:
    """Abuse 24: status and body."""
    _, known = await with_address(house)
    await mail.next_to(known)
    unknown = f"{uuid7()}@example.org"
    async with coming_from(house, new_address()) as http:
        assert await ask(http, known) == await ask(http, unknown) == ONE_ANSWER
        assert (await http.post("/api/password-resets", json={"email": "nonsense"})).status_code == 400
        await mail.next_to(known, after=1)
    assert mail.to(unknown) == []


async def test_known_and_unknown_addresses_take_as_long(house: House, mail: Folder) -> None:
    """Abuse 24: time, of a reset and of signing in; tried in turns, so that a busy moment falls on both."""
    _, known = await with_address(house)
    await mail.next_to(known)
    took: dict[tuple[str, bool], list[float]] = {}
    for turn in range(8):
        async with coming_from(house, new_address()) as http:
            for email in (known, f"{uuid7()}@example.org")[:: 1 if turn % 2 else -1]:
                for path, body_of in (
                    ("/api/password-resets", {"email": email}),
                    ("/api/sessions", {"email": email, "password": "wrong " + PASSWORD}),
                ):
                    begun = time.perf_counter()
                    await http.post(path, json=body_of)
                    took.setdefault((path, email == known), []).append(time.perf_counter() - begun)
    for path in ("/api/password-resets", "/api/sessions"):
        ours, others = (statistics.median(took[path, known]) for known in (True, False))
        assert ours == pytest.approx(others, rel=0.6, abs=0.01), path


async def test_a_mailbox_gets_five_such_letters_an_hour_from_one_address_known_or_not(
    house: House, mail: Folder
) -> None:
    _, known = await with_address(house)
    for email in (known, f"{uuid7()}@example.org"):
        address = new_address()
        async with coming_from(house, address) as http:
            assert [(await ask(http, email))[0] for _ in range(6)] == [202] * 5 + [429]
            assert (await ask(http, f"{uuid7()}@example.org"))[0] == 202  # somebody else's is another matter
    await mail.next_to(known, after=5)


async def test_one_address_asks_for_twenty_letters_an_hour(house: House) -> None:
    async with coming_from(house, new_address()) as http:
        answers = [(await ask(http, f"{uuid7()}@example.org"))[0] for _ in range(21)]
    assert answers == [202] * 20 + [429]


async def test_from_everywhere_together_one_person_is_offered_ten_new_passwords_a_day(
    house: House, mail: Folder
) -> None:
    _, known = await with_address(house)
    await mail.next_to(known)
    other = (await with_address(house, "Ben"))[1]
    for _ in range(4):
        async with coming_from(house, new_address()) as http:
            for _ in range(3):
                assert await ask(http, known) == ONE_ANSWER
    async with coming_from(house, new_address()) as http:
        await ask(http, other)
    await mail.next_to(other, after=1)  # by then whatever was asked for before has gone out
    await mail.next_to(known, after=10)
    assert len(mail.to(known)) == 11


async def test_a_get_uses_no_link_up(house: House, mail: Folder) -> None:
    """Mail programs look at links by themselves."""
    ann, email = await with_address(house)
    letter = await mail.next_to(email)
    for path in (link_in(letter), "/api/email-verifications", "/api/passwords"):
        await ann.http.get(path)
    assert (await verify(ann.http, secret_in(letter))).status_code == 200


async def test_nobody_has_us_write_to_one_stranger_after_the_other(house: House, mail: Folder) -> None:
    ben, strangers = await house.person("Ben"), [f"{uuid7().hex}@example.org" for _ in range(6)]
    said = {"password": PASSWORD, "current": PASSWORD}
    for stranger in strangers[:5]:
        await ben.ok("PUT", "/api/me/sign-in", said | {"email": stranger})
    assert await ben.refused("PUT", "/api/me/sign-in", said | {"email": strangers[5]}) == (
        429,
        "rate_limited",
    )
    await ben.ok("PUT", "/api/me/sign-in", {"email": strangers[4], "password": NEW, "current": PASSWORD})
    await mail.next_to(strangers[4])
    assert mail.to(strangers[5]) == []
